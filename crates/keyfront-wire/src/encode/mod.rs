//! Turns the output of an operation into an HTTP response, guided by its shape; and, for clients, an input into a request.
//!
//! An output is a JSON object with the model's member names. Timestamps in it are milliseconds since the
//! epoch and blobs are base64, whatever the protocol makes of them on the wire.

mod document;
mod json;
mod part;
mod request;
mod xml;

use base64::Engine as _;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};
use serde_json::{Map, Value};

use crate::error::response;
use crate::model::{Kind, Location, Operation, Protocol, Service, Structure};
use crate::quirks;
pub(crate) use document::{XmlDocument, is_xml_character};
pub use part::{Output, Part};

/// An output, or an input that a client writes, does not fit its shape: a mistake of the code that made it.
#[derive(Debug, thiserror::Error)]
#[error("the document of {operation} does not fit its shape: {what}")]
pub struct EncodeError {
    operation: String,
    what: String,
}

impl Service {
    /// Writes the answer of a successful operation.
    ///
    /// # Errors
    /// When `output` has a member of the wrong type.
    pub fn encode(
        &self,
        operation: &Operation,
        output: &Map<String, Value>,
    ) -> Result<Response<Bytes>, EncodeError> {
        self.encode_output(operation, Output { members: output, parts: &[] })
    }

    /// Writes the answer of a successful operation whose output has parts.
    ///
    /// # Errors
    /// When the output has a member of the wrong type, or refers to a part that is not there.
    pub fn encode_output(
        &self,
        operation: &Operation,
        output: Output<'_>,
    ) -> Result<Response<Bytes>, EncodeError> {
        let failed = |what: String| EncodeError { operation: operation.name.to_owned(), what };
        let structure = operation.output.and_then(|id| self.shape(id).structure());
        let Some(structure) = structure else {
            return Ok(empty(operation.status));
        };
        let mut answer = self.encode_body(operation, structure, output).map_err(&failed)?;
        for member in structure.members.iter().filter(|m| m.location == Location::Header) {
            let text = match output.members.get(member.name) {
                None | Some(Value::Null) => continue,
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            let name =
                HeaderName::from_bytes(member.wire_name.as_bytes()).map_err(|e| failed(e.to_string()))?;
            let value = HeaderValue::from_str(&text).map_err(|e| failed(e.to_string()))?;
            answer.headers_mut().insert(name, value.clone());
            if let Some(other) = quirks::also_sent_as(member.wire_name) {
                answer.headers_mut().insert(other, value);
            }
        }
        Ok(answer)
    }

    fn encode_body(
        &self,
        operation: &Operation,
        structure: &Structure,
        Output { members, parts }: Output<'_>,
    ) -> Result<Response<Bytes>, String> {
        let xml = xml::Values { service: self, parts };
        if let Some(payload) = structure.payload() {
            let value = members.get(payload.name).unwrap_or(&Value::Null);
            if matches!(self.shape(payload.shape).kind, Kind::Blob) {
                let text = value.as_str().ok_or("a blob is base64 text")?;
                let bytes =
                    base64::engine::general_purpose::STANDARD.decode(text).map_err(|e| e.to_string())?;
                return Ok(response(operation.status, "application/octet-stream", bytes));
            }
            let body = match self.protocol {
                Protocol::RestXml => xml.document(payload.wire_name, payload.shape, value)?,
                Protocol::RestJson => {
                    json::document(json::Shaped { service: self, shape: payload.shape, held: value })?
                }
            };
            return Ok(response(operation.status, self.content_type(), body));
        }
        if structure.body_members().next().is_none() && self.protocol == Protocol::RestXml {
            return Ok(empty(operation.status));
        }
        let body = match self.protocol {
            Protocol::RestXml => xml.members_document(operation, structure, members)?,
            Protocol::RestJson => json::document(json::Members { service: self, structure, held: members })?,
        };
        Ok(response(operation.status, self.content_type(), body))
    }

    fn content_type(&self) -> &'static str {
        match self.protocol {
            Protocol::RestXml => "text/xml",
            Protocol::RestJson => "application/json",
        }
    }
}

fn empty(status: u16) -> Response<Bytes> {
    let mut answer = response(status, "text/xml", Bytes::new());
    answer.headers_mut().remove(http::header::CONTENT_TYPE);
    answer
}

#[cfg(test)]
mod tests;
