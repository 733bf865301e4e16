//! Requests as a client writes them, guided by the shape of the operation's input.

use base64::Engine as _;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{EncodeError, json, xml};
use crate::model::{Kind, Location, Member, Operation, Protocol, Service, Structure};

/// What stays as it is in a label or a parameter: RFC 3986's unreserved characters.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Service {
    /// Writes the request of `operation` with this input, by the model's names. It has neither host nor signature; its
    /// URI is path and query. Members that the input's shape does not have are left out.
    ///
    /// # Errors
    /// A member of the wrong type, or a label of the path that is missing.
    pub fn encode_request(
        &self,
        operation: &Operation,
        input: &Map<String, Value>,
    ) -> Result<Request<Bytes>, EncodeError> {
        let failed = |what: String| EncodeError { operation: operation.name.to_owned(), what };
        let none = Structure::default();
        let described = operation.input.as_ref();
        let structure = described.and_then(|input| self.shape(input.shape).structure()).unwrap_or(&none);
        let uri = target(operation, structure, input).map_err(failed)?;
        let mut request = Request::builder().method(operation.method.clone()).uri(uri);
        for member in structure.members.iter().filter(|member| member.location == Location::Header) {
            if let Some(text) = input.get(member.name).and_then(text) {
                let name = HeaderName::from_bytes(member.wire_name.as_bytes());
                let name = name.map_err(|error| failed(error.to_string()))?;
                let value = HeaderValue::from_str(&text).map_err(|error| failed(error.to_string()))?;
                request = request.header(name, value);
            }
        }
        let root = described.and_then(|input| input.root);
        let body = self.request_body(root, structure, input).map_err(failed)?;
        if let Some((content_type, _)) = &body {
            request = request.header(header::CONTENT_TYPE, *content_type);
        }
        let body = body.map(|(_, body)| body).unwrap_or_default();
        request.body(Bytes::from(body)).map_err(|error| failed(error.to_string()))
    }

    /// The body with its content type; nothing where the operation has none.
    fn request_body(
        &self,
        root: Option<&'static str>,
        structure: &Structure,
        input: &Map<String, Value>,
    ) -> Result<Option<(&'static str, Vec<u8>)>, String> {
        let xml = xml::Values { service: self, parts: &[] };
        if let Some(payload) = structure.payload() {
            let Some(value) = input.get(payload.name) else { return Ok(None) };
            if matches!(self.shape(payload.shape).kind, Kind::Blob) {
                let text = value.as_str().ok_or("a blob is base64 text")?;
                let bytes = base64::engine::general_purpose::STANDARD.decode(text);
                return Ok(Some(("application/octet-stream", bytes.map_err(|error| error.to_string())?)));
            }
            return Ok(Some(match self.protocol {
                Protocol::RestXml => {
                    ("application/xml", xml.document(payload.wire_name, payload.shape, value)?)
                }
                Protocol::RestJson => (
                    "application/json",
                    json::document(json::Shaped { service: self, shape: payload.shape, held: value })?,
                ),
            }));
        }
        if structure.body_members().next().is_none() {
            return Ok(None);
        }
        Ok(Some(match self.protocol {
            Protocol::RestXml => ("application/xml", xml.rooted(root.unwrap_or_default(), structure, input)?),
            Protocol::RestJson => {
                ("application/json", json::document(json::Members { service: self, structure, held: input })?)
            }
        }))
    }
}

/// Path and query: the labels in their places, and the parameters behind what tells siblings apart.
fn target(
    operation: &Operation,
    structure: &Structure,
    input: &Map<String, Value>,
) -> Result<String, String> {
    let at = |location| structure.members.iter().filter(move |member| member.location == location);
    let mut uri = operation.uri.to_owned();
    for member in at(Location::Uri) {
        let label = input.get(member.name).and_then(text).filter(|label| !label.is_empty());
        let label = label.ok_or_else(|| format!("{} is missing", member.name))?;
        uri = uri.replace(&format!("{{{}}}", member.wire_name), &escaped(&label));
    }
    let parameter = |member: &Member| {
        let value = text(input.get(member.name)?)?;
        Some(format!("{}={}", escaped(member.wire_name), escaped(&value)))
    };
    let query: Vec<String> = at(Location::Query).filter_map(parameter).collect();
    if !query.is_empty() {
        uri.push(if uri.contains('?') { '&' } else { '?' });
        uri.push_str(&query.join("&"));
    }
    Ok(uri)
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// A scalar as it travels outside of a body.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each request is read back by the server's own router and decoder.
    #[test]
    fn what_a_client_writes_is_what_a_server_reads() {
        let service = Service::cloudfront().unwrap();
        let config = json!({ "Name": "a<b", "Comment": "", "Items": ["K1", "K2"] });
        let tags = json!({ "Items": [{ "Key": "k", "Value": "v" }] });
        for (name, input) in [
            ("GetKeyGroup", json!({ "Id": "a/b c" })),
            ("CreateKeyGroup", json!({ "KeyGroupConfig": config })),
            ("UpdateKeyGroup", json!({ "KeyGroupConfig": config, "Id": "i", "IfMatch": "E1" })),
            ("DescribeFunction", json!({ "Name": "f", "Stage": "LIVE" })),
            ("TagResource", json!({ "Resource": "arn:aws:cloudfront::1:distribution/E", "Tags": tags })),
            ("CreateKeyValueStore", json!({ "Name": "s", "Comment": "ü&\r\n", "Tags": tags })),
            ("ListKeyGroups", json!({ "MaxItems": "7" })),
        ] {
            let operation = service.operations().iter().find(|operation| operation.name == name).unwrap();
            let request = service.encode_request(operation, input.as_object().unwrap()).unwrap();
            let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
            let crate::Route::Operation(found, labels) = service.route(request.method(), path, query) else {
                panic!("{name} leads nowhere: {}", request.uri());
            };
            assert_eq!(found.name, name);
            let incoming =
                crate::Incoming { labels: &labels, query, headers: request.headers(), body: request.body() };
            assert_eq!(Value::Object(service.decode(found, &incoming).unwrap()), input, "{name}");
        }
    }

    #[test]
    fn a_label_that_is_missing_is_an_error() {
        let service = Service::cloudfront().unwrap();
        let operation = service.operations().iter().find(|o| o.name == "GetKeyGroup").unwrap();
        for input in [json!({}), json!({ "Id": "" })] {
            let error = service.encode_request(operation, input.as_object().unwrap()).unwrap_err();
            assert!(error.to_string().contains("Id is missing"), "{error}");
        }
    }
}
