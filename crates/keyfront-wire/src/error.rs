//! Errors that any operation of a service may answer, and the bodies of all errors.
//!
//! Which error a situation deserves is decided where it is noticed; here it only gets its status and form.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, Response, header};

use crate::encode::XmlDocument;
use crate::model::{Protocol, Service};

/// A refusal in the service's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    /// The error code, such as `MalformedXML`.
    pub code: Cow<'static, str>,
    /// The text for the client.
    pub message: String,
}

impl WireError {
    /// An error with a code of the model or of `common_status`.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> WireError {
        WireError { code: code.into(), message: message.into() }
    }
}

/// HTTP status of the codes that no model lists because every AWS service may answer them
/// (AWS: Common errors).
fn common_status(code: &str) -> Option<u16> {
    Some(match code {
        "MalformedXML"
        | "InvalidURI"
        | "SerializationException"
        | "ValidationException"
        | "MalformedQueryString"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "Throttling"
        | "ThrottlingException"
        | "InvalidAction"
        | "MissingBody"
        | "IncompleteBody"
        | "InvalidIfMatchVersion"
        | "ValidationError" => 400,
        "AccessDenied"
        | "AccessDeniedException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "OptInRequired" => 403,
        "UnknownOperationException" | "NoSuchEntity" => 404,
        "MethodNotAllowed" => 405,
        "RequestTimeout" | "RequestTimeoutException" => 408,
        "RequestEntityTooLarge" | "RequestTooLargeException" => 413,
        "NotImplemented" | "NotImplementedException" => 501,
        "ServiceUnavailable" | "ServiceUnavailableException" => 503,
        "InternalFailure" | "InternalServerException" => 500,
        _ => return None,
    })
}

impl Service {
    /// Writes an error in this service's form. An unknown code answers as an internal error would.
    pub fn encode_error(&self, error: &WireError, request_id: &str) -> Response<Bytes> {
        let status = self.status_of(&error.code).or_else(|| common_status(&error.code)).unwrap_or(500);
        match self.protocol {
            Protocol::RestXml => {
                let body = xml_error(self.xml_namespace, status, error, request_id);
                response(status, "text/xml", body)
            }
            Protocol::RestJson => {
                let body = serde_json::json!({ "Message": error.message }).to_string();
                let mut response = response(status, "application/json", body);
                // Codes are names from the model or from this crate; none needs escaping.
                if let Ok(code) = HeaderValue::from_str(&error.code) {
                    response.headers_mut().insert("x-amzn-errortype", code);
                }
                response
            }
        }
    }
}

/// Writes an error of the query protocol (STS, IAM), whose namespace is the service's own.
pub(crate) fn encode_query_error(namespace: &str, error: &WireError, request_id: &str) -> Response<Bytes> {
    let status = common_status(&error.code).unwrap_or(500);
    response(status, "text/xml", xml_error(namespace, status, error, request_id))
}

fn xml_error(namespace: &str, status: u16, error: &WireError, request_id: &str) -> Vec<u8> {
    let mut document = XmlDocument::new("ErrorResponse", namespace);
    document.start("Error");
    document.text_element("Type", if status < 500 { "Sender" } else { "Receiver" });
    document.text_element("Code", &error.code);
    document.text_element("Message", &error.message);
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
mod tests {
    use super::*;

    fn written(service: &Service, code: &'static str, message: &str) -> (u16, String) {
        let response = service.encode_error(&WireError::new(code, message), "req-1");
        (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
    }

    #[test]
    fn control_plane_errors_are_xml_with_the_side_that_erred() {
        let service = Service::cloudfront().unwrap();
        let (status, body) = written(&service, "EntityNotFound", "The entity was <not> found.");
        assert_eq!(status, 404);
        assert_eq!(
            body,
            "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error>\
             <Type>Sender</Type><Code>EntityNotFound</Code><Message>The entity was &lt;not&gt; found.</Message></Error>\
             <RequestId>req-1</RequestId></ErrorResponse>"
        );
        let (status, body) = written(&service, "InternalError", "x");
        assert!(status == 500 && body.contains("<Type>Receiver</Type>"), "{status} {body}");
    }

    #[test]
    fn data_plane_errors_are_json_with_the_type_in_a_header() {
        let service = Service::key_value_store().unwrap();
        let error = WireError::new("ServiceQuotaExceededException", "Limit \"exceeded\"");
        let response = service.encode_error(&error, "req-1");
        assert_eq!(response.status(), 402);
        assert_eq!(response.headers().get("x-amzn-errortype").unwrap(), "ServiceQuotaExceededException");
        assert_eq!(response.body(), r#"{"Message":"Limit \"exceeded\""}"#);
    }
}
