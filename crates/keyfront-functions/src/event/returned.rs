//! The request or response that a function returned, in normal form, and its JSON for TestFunction.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::OriginDecision;
use super::fields::Fields;
use super::types::{Body, Encoding};

/// What a function returned, in its normal form: members that mean nothing are gone, and what was left out is empty.
#[derive(Clone, PartialEq, Debug, BorshSerialize, BorshDeserialize)]
pub struct Returned {
    /// The request or the response.
    pub outgoing: Outgoing,
    /// What the function decided about the origin while it ran. The returned object does not contain it.
    pub origin: Option<OriginDecision>,
}

/// The request or the response that a function returned.
#[derive(Clone, PartialEq, Debug, BorshSerialize, BorshDeserialize)]
pub enum Outgoing {
    /// A request, which goes on to the cache.
    Request(ReturnedRequest),
    /// A response: generated, for a viewer-request function; changed, for a viewer-response function.
    Response(ReturnedResponse),
}

/// A returned request.
#[derive(Clone, PartialEq, Debug, BorshSerialize, BorshDeserialize)]
pub struct ReturnedRequest {
    /// The event's own method: a function cannot return another.
    pub method: String,
    /// The path.
    pub uri: String,
    /// The query string.
    pub querystring: QueryString,
    /// The headers.
    pub headers: Fields,
    /// The cookies.
    pub cookies: Fields,
}

/// A returned query string.
#[derive(Clone, PartialEq, Debug, BorshSerialize, BorshDeserialize)]
pub enum QueryString {
    /// As an object of parameters.
    Parameters(Fields),
    /// As text, which is a way to set the order of the parameters.
    Text(String),
}

/// A returned response.
#[derive(Clone, PartialEq, Debug, BorshSerialize, BorshDeserialize)]
pub struct ReturnedResponse {
    /// The status, 200 to 599.
    pub status_code: u16,
    /// The words after the status.
    pub status_description: Option<String>,
    /// The headers.
    pub headers: Fields,
    /// The cookies to set.
    pub cookies: Fields,
    /// The body; none if the function set none, which leaves the one that is there.
    pub body: Option<Body>,
}

impl Returned {
    /// TestFunction's `FunctionOutput`: an object with the one member `request` or `response`.
    ///
    /// An entry with a list has both `value` and `multiValue`. A query string that was returned as text is text, and
    /// a body is always an object with `encoding` and `data`. No capture of the service's own output is known for
    /// these three.
    pub fn to_json(&self) -> String {
        // Names are strings and nothing else can fail, so there is always a text.
        serde_json::to_string(&self.outgoing).unwrap_or_default()
    }
}

impl Serialize for Outgoing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Outgoing::Request(request) => map.serialize_entry("request", request)?,
            Outgoing::Response(response) => map.serialize_entry("response", response)?,
        }
        map.end()
    }
}

impl Serialize for ReturnedRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("method", &self.method)?;
        map.serialize_entry("uri", &self.uri)?;
        match &self.querystring {
            QueryString::Parameters(parameters) => map.serialize_entry("querystring", parameters)?,
            QueryString::Text(text) => map.serialize_entry("querystring", text)?,
        }
        map.serialize_entry("headers", &self.headers)?;
        map.serialize_entry("cookies", &self.cookies)?;
        map.end()
    }
}

impl Serialize for ReturnedResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("headers", &self.headers)?;
        if let Some(description) = &self.status_description {
            map.serialize_entry("statusDescription", description)?;
        }
        map.serialize_entry("cookies", &self.cookies)?;
        map.serialize_entry("statusCode", &self.status_code)?;
        if let Some(body) = &self.body {
            map.serialize_entry("body", body)?;
        }
        map.end()
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        match self.encoding {
            Encoding::Text => {
                map.serialize_entry("encoding", "text")?;
                map.serialize_entry("data", &String::from_utf8_lossy(&self.data))?;
            }
            Encoding::Base64 => {
                map.serialize_entry("encoding", "base64")?;
                map.serialize_entry("data", &STANDARD.encode(&self.data))?;
            }
        }
        map.end()
    }
}
