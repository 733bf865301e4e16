//! Configured faults, for tests: list, set, remove.

use bytes::Bytes;
use http::{Response, StatusCode};
use keyfront_api::error::chain;
use keyfront_api::faults::NewRule;

use super::Admin;
use super::answer::{json, text};

impl Admin {
    pub(super) fn list_faults(&self) -> Response<Bytes> {
        json(StatusCode::OK, &self.api.context().faults.list())
    }

    pub(super) fn clear_faults(&self) -> Response<Bytes> {
        json(StatusCode::OK, &self.api.context().faults.clear())
    }

    pub(super) fn remove_fault(&self, id: &str) -> Response<Bytes> {
        match id.parse().ok().and_then(|id| self.api.context().faults.remove(id)) {
            Some(removed) => json(StatusCode::OK, &removed),
            None => text(StatusCode::NOT_FOUND, format!("there is no fault {id}, or no longer\n")),
        }
    }

    pub(super) fn set_fault(&self, body: &[u8]) -> Response<Bytes> {
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
