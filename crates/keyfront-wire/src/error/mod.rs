//! The bodies and statuses of errors, in the form of each protocol.
//!
//! Which error a situation deserves is decided where it is noticed; see [`keyfront_error`].

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use keyfront_error::{Code, ServiceError, Spelling};

use crate::encode::XmlDocument;
use crate::model::{Operation, Protocol, Service};
use crate::quirks;

impl Protocol {
    /// The protocol as errors know it.
    fn spelling(self) -> keyfront_error::Protocol {
        match self {
            Protocol::RestXml => keyfront_error::Protocol::RestXml,
            Protocol::RestJson => keyfront_error::Protocol::RestJson,
        }
    }
}

impl Service {
    /// A code as this service spells it, and its status: the model's, or that of a code that any service may answer.
    /// Nothing for a code of another service.
    pub fn spell(&self, code: Code) -> Option<Spelling> {
        let name = code.name(self.protocol.spelling());
        let declared = self.status_of(name).map(|status| Spelling { name, status });
        declared.or_else(|| code.common(self.protocol.spelling()))
    }

    /// Whether any operation of this service may answer this code.
    pub fn is_common(&self, code: Code) -> bool {
        code.common(self.protocol.spelling()).is_some()
    }

    /// Whether the model declares this code for `operation`, or it is known to answer it all the same.
    pub fn declares(&self, operation: &Operation, code: Code) -> bool {
        let name = code.name(self.protocol.spelling());
        operation.errors.contains(&name) || quirks::undeclared(operation.name).contains(&name)
    }

    /// Writes an error in this service's form. The code is one that this service [spells](Service::spell); any other
    /// is written as a failure inside.
    pub fn encode_error(&self, error: &ServiceError, request_id: &str) -> Response<Bytes> {
        let unknown = Spelling { name: Code::InternalFailure.name(self.protocol.spelling()), status: 500 };
        let Spelling { name, status } = self.spell(error.code()).unwrap_or(unknown);
        match self.protocol {
            Protocol::RestXml => {
                let body = xml_error(self.xml_namespace, status, name, error.message(), request_id);
                response(status, "text/xml", body)
            }
            Protocol::RestJson => {
                let body = serde_json::json!({ "Message": error.message() }).to_string();
                let mut response = response(status, "application/json", body);
                response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(name));
                response
            }
        }
    }
}

/// Writes an error of the query protocol (STS, IAM), whose namespace is the service's own. It answers common codes
/// alone.
pub(crate) fn encode_query_error(namespace: &str, error: &ServiceError, request_id: &str) -> Response<Bytes> {
    let protocol = keyfront_error::Protocol::RestXml;
    let name = error.code().name(protocol);
    let status = error.code().common(protocol).map_or(500, |spelling| spelling.status);
    response(status, "text/xml", xml_error(namespace, status, name, error.message(), request_id))
}

fn xml_error(namespace: &str, status: u16, code: &str, message: &str, request_id: &str) -> Vec<u8> {
    let mut document = XmlDocument::new("ErrorResponse", namespace);
    document.start("Error");
    document.text_element("Type", if status < 500 { "Sender" } else { "Receiver" });
    document.text_element("Code", code);
    // The service has no words for a number that it cannot read, and then no element.
    if !message.is_empty() {
        document.text_element("Message", message);
    }
    document.end("Error");
    document.text_element("RequestId", request_id);
    document.finish()
}

pub(crate) fn response(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    // Statuses come from the model and from the table above, all of them valid.
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

#[cfg(test)]
mod tests;
