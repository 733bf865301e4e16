//! Faults on purpose, for tests: list, set, remove.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use keyfront_api::error::chain;
use keyfront_api::faults::NewRule;

use super::answer::{json, text};
use super::{Admin, no_such_method};

impl Admin {
    pub(super) fn faults(&self, method: &Method, path: &str, body: &[u8]) -> Response<Bytes> {
        let faults = &self.api.context().faults;
        let id = path.strip_prefix("/faults/");
        match (method, id) {
            (&Method::GET, None) => json(StatusCode::OK, &faults.list()),
            (&Method::POST, None) => self.set_fault(body),
            (&Method::DELETE, None) => json(StatusCode::OK, &faults.clear()),
            (&Method::DELETE, Some(id)) => match id.parse().ok().and_then(|id| faults.remove(id)) {
                Some(removed) => json(StatusCode::OK, &removed),
                None => text(StatusCode::NOT_FOUND, format!("there is no fault {id}, or no longer\n")),
            },
            _ => no_such_method(),
        }
    }

    fn set_fault(&self, body: &[u8]) -> Response<Bytes> {
        let refused =
            |error: &dyn std::error::Error| text(StatusCode::BAD_REQUEST, format!("{}\n", chain(error)));
        let rule: NewRule = match serde_json::from_slice(body) {
            Ok(rule) => rule,
            Err(error) => return refused(&error),
        };
        match self.api.set_fault(rule) {
            Ok(set) => json(StatusCode::CREATED, &set),
            Err(error) => refused(&error),
        }
    }
}
