//! The forms that an answer of the admin address has.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use keyfront_api::error::chain;
use serde::Serialize;

/// Something failed inside; the operator is told what.
pub(super) fn failed(error: &dyn std::error::Error) -> Response<Bytes> {
    text(StatusCode::INTERNAL_SERVER_ERROR, format!("{}\n", chain(error)))
}

/// Words for a person.
pub(in crate::server) fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// A value for a program.
pub(in crate::server) fn json(status: StatusCode, body: &impl Serialize) -> Response<Bytes> {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let mut response = text(status, body);
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(error) => failed(&error),
    }
}
