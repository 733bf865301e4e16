//! Answers as a client reads them, guided by the shape of the operation's output.

use base64::Engine as _;
use http::HeaderMap;
use keyfront_error::ServiceError;
use serde_json::{Map, Value};

use super::{json, xml};
use crate::model::{Kind, Location, Operation, Protocol, Service};
use crate::quirks;

impl Service {
    /// Reads the answer of a successful `operation`, by the model's names. Members that the model does not know are
    /// passed over; moments stay as they were written.
    ///
    /// # Errors
    /// As [`Service::decode`] for a body that cannot be read.
    pub fn decode_answer(
        &self,
        operation: &Operation,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Map<String, Value>, ServiceError> {
        let mut output = Map::new();
        let Some(shape) = operation.output.map(|id| self.shape(id)) else { return Ok(output) };
        let Some(structure) = shape.structure() else { return Ok(output) };
        for member in structure.members.iter().filter(|member| member.location == Location::Header) {
            let other = quirks::also_sent_as(member.wire_name);
            let value = headers.get(member.wire_name).or_else(|| headers.get(other?));
            if let Some(text) = value.and_then(|value| value.to_str().ok()) {
                output.insert(member.name.to_owned(), Value::from(text));
            }
        }
        if let Some(payload) = structure.payload() {
            let value = match (&self.shape(payload.shape).kind, self.protocol) {
                (Kind::Blob, _) => base64::engine::general_purpose::STANDARD.encode(body).into(),
                (_, _) if body.is_empty() => return Ok(output),
                (_, Protocol::RestXml) => xml::payload(self, payload.wire_name, payload.shape, body)?,
                (_, Protocol::RestJson) => json::payload(self, payload.shape, body)?,
            };
            output.insert(payload.name.to_owned(), value);
        } else if structure.body_members().next().is_some() && !body.is_empty() {
            output.extend(match self.protocol {
                Protocol::RestXml => xml::members(self, shape.name, structure, body)?,
                Protocol::RestJson => json::members(self, structure, body)?,
            });
        }
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each answer is written by the server's own encoder.
    #[test]
    fn what_a_server_writes_is_what_a_client_reads() {
        let service = Service::cloudfront().unwrap();
        let summary = json!({ "Name": "f", "Status": "UNPUBLISHED" });
        let log = json!({ "ARN": "a", "Name": "n", "SamplingRate": 5, "EndPoints": [], "Fields": ["x"] });
        let code = json!({ "ContentType": "application/octet-stream", "ETag": "E3", "FunctionCode": "YWI=" });
        for (name, output) in [
            ("CreateKeyGroup", json!({ "ETag": "E1", "KeyGroup": { "Id": "i" }, "Location": "https://x" })),
            ("UpdateFunction", json!({ "ETag": "E2", "FunctionSummary": summary })),
            ("GetFunction", code),
            ("GetRealtimeLogConfig", json!({ "RealtimeLogConfig": log })),
            ("DeleteKeyGroup", json!({})),
        ] {
            let operation = service.operations().iter().find(|operation| operation.name == name).unwrap();
            let answer = service.encode(operation, output.as_object().unwrap()).unwrap();
            let read = service.decode_answer(operation, answer.headers(), answer.body()).unwrap();
            assert_eq!(Value::Object(read), output, "{name}");
        }
    }
}
