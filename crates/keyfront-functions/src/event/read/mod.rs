//! Reads the JavaScript value that a handler returned.
//!
//! The engine's own objects are read, not a copy in JSON: that is several times as fast, and a member whose value
//! JSON would drop or change is seen as it is. Reading may run code, because a member may be a getter; whatever stops
//! the code stops the reading. How much is read is bounded, because one long string can stand in many places.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rquickjs::{Object, Value};

use super::returned::{Outgoing, QueryString, Returned, ReturnedRequest, ReturnedResponse};
use super::types::{Body, Encoding, Event, EventType};
use crate::Failure;

mod reader;

use reader::{FieldKind, FieldsSpec, Reader};

/// The statuses that a response can have.
const STATUSES: std::ops::RangeInclusive<u16> = 200..=599;

/// Base64 with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Why a returned value cannot be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// A getter threw, or the invocation used up its memory or its steps. The exception waits in the engine.
    Engine(rquickjs::Error),
    /// The value is not a request and not a response.
    Invalid(Failure),
}

impl From<rquickjs::Error> for Unreadable {
    fn from(error: rquickjs::Error) -> Unreadable {
        Unreadable::Engine(error)
    }
}

impl From<Failure> for Unreadable {
    fn from(failure: Failure) -> Unreadable {
        Unreadable::Invalid(failure)
    }
}

type Read<T> = Result<T, Unreadable>;

impl Returned {
    /// Reads what the handler of an event returned; of an async handler, what its promise gave.
    ///
    /// A viewer-request function may return a response, which is known by its `statusCode`, its `statusDescription`
    /// or its `body`. The header rules are not applied: they are [`super::validate`]'s.
    pub(crate) fn from_js(event: &Event, value: &Value<'_>) -> Read<Returned> {
        let no_shape = |what| Failure::invalid("the handler", what);
        let Some(object) = plain_object(value) else {
            return Err(no_shape("must return a request or a response").into());
        };
        let has_any = |names: &[&str]| -> Read<bool> {
            for name in names {
                if !object.get::<_, Value<'_>>(*name)?.is_undefined() {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        let is_response = has_any(&["statusCode", "statusDescription", "body"])?;
        let is_request = !is_response && has_any(&["uri", "method", "querystring", "headers", "cookies"])?;
        let mut reader = Reader::new(object.ctx())?;
        let outgoing = match (event.context.event_type, is_response, is_request) {
            (EventType::ViewerRequest, false, true) => Outgoing::Request(reader.request(event, object)?),
            (EventType::ViewerRequest | EventType::ViewerResponse, true, _) => {
                Outgoing::Response(reader.response(event, object)?)
            }
            (EventType::ViewerRequest, false, false) => {
                return Err(no_shape("must return a request or a response").into());
            }
            (EventType::ViewerResponse, false, _) => {
                return Err(no_shape("must return a response with a statusCode").into());
            }
        };
        Ok(Returned { outgoing, origin: None })
    }
}

/// An object that is neither an array nor a function.
fn plain_object<'v, 'js>(value: &'v Value<'js>) -> Option<&'v Object<'js>> {
    value.as_object().filter(|_| !value.is_array() && !value.is_function())
}

impl<'js> Reader<'js> {
    fn request(&mut self, event: &Event, object: &Object<'js>) -> Read<ReturnedRequest> {
        let before = &event.request;
        let method = self.optional_text(&object.get("method")?, || "request.method".to_owned())?;
        if method.is_some_and(|method| method != before.method) {
            return Err(Failure::invalid("request.method", "is read-only").into());
        }
        let uri = self.text(&object.get("uri")?, || "request.uri".to_owned())?;
        let spec = |path, member, original, kind| FieldsSpec { path, member, original: Some(original), kind };
        let querystring: Value<'js> = object.get("querystring")?;
        let querystring = if querystring.is_string() {
            QueryString::Text(self.text(&querystring, || "request.querystring".to_owned())?)
        } else {
            let spec = spec("request.querystring", "querystring", &before.querystring, FieldKind::Pair);
            QueryString::Parameters(self.fields(&querystring, &spec)?)
        };
        let headers = spec("request.headers", "headers", &before.headers, FieldKind::Header);
        let cookies = spec("request.cookies", "cookies", &before.cookies, FieldKind::Pair);
        Ok(ReturnedRequest {
            method: before.method.clone(),
            uri,
            querystring,
            headers: self.fields(&object.get(headers.member)?, &headers)?,
            cookies: self.fields(&object.get(cookies.member)?, &cookies)?,
        })
    }

    fn response(&mut self, event: &Event, object: &Object<'js>) -> Read<ReturnedResponse> {
        let before =
            event.response.as_ref().filter(|_| event.context.event_type == EventType::ViewerResponse);
        let headers = FieldsSpec {
            path: "response.headers",
            member: "headers",
            original: before.map(|response| &response.headers),
            kind: FieldKind::Header,
        };
        let cookies = FieldsSpec {
            path: "response.cookies",
            member: "cookies",
            original: before.map(|response| &response.cookies),
            kind: FieldKind::SetCookie,
        };
        let description = || "response.statusDescription".to_owned();
        Ok(ReturnedResponse {
            status_code: status(&object.get("statusCode")?)?,
            status_description: self.optional_text(&object.get("statusDescription")?, description)?,
            headers: self.fields(&object.get(headers.member)?, &headers)?,
            cookies: self.fields(&object.get(cookies.member)?, &cookies)?,
            body: self.body(&object.get("body")?)?,
        })
    }

    /// A body; none if it is not set.
    fn body(&mut self, value: &Value<'js>) -> Read<Option<Body>> {
        if value.is_undefined() {
            return Ok(None);
        }
        if value.is_string() {
            let data = self.text(value, || "response.body".to_owned())?.into_bytes();
            return Ok(Some(Body { encoding: Encoding::Text, data }));
        }
        let Some(object) = plain_object(value) else {
            let expected = "must be a string, or an object with encoding and data";
            return Err(Failure::invalid("response.body", expected).into());
        };
        let encoding =
            self.optional_text(&object.get("encoding")?, || "response.body.encoding".to_owned())?;
        let data = self.text(&object.get("data")?, || "response.body.data".to_owned())?;
        match encoding.as_deref() {
            None | Some("text") => Ok(Some(Body { encoding: Encoding::Text, data: data.into_bytes() })),
            Some("base64") => match BASE64.decode(&data) {
                Ok(data) => Ok(Some(Body { encoding: Encoding::Base64, data })),
                Err(_) => Err(Failure::invalid("response.body.data", "must be valid base64").into()),
            },
            Some(_) => {
                Err(Failure::invalid("response.body.encoding", "must be \"text\" or \"base64\"").into())
            }
        }
    }
}

fn status(value: &Value<'_>) -> Read<u16> {
    let number = value.as_number();
    STATUSES
        .into_iter()
        .find(|status| number == Some(f64::from(*status)))
        .ok_or_else(|| Failure::invalid("response.statusCode", "must be an integer from 200 to 599").into())
}

#[cfg(test)]
mod tests;
