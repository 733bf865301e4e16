//! Saved states, for tests: list, save, put back, delete; and the reset to the beginning.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde::Serialize;

use super::answer::{failed, json, text};
use super::{Admin, no_such_method};
use crate::saved_states::{SavedStateError, StateName};

impl Admin {
    pub(super) async fn snapshots(&self, method: &Method, path: &str) -> Response<Bytes> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let snapshots = &self.snapshots;
        let given = match parts.get(1).map(|name| name.parse::<StateName>()) {
            Some(Ok(name)) => Some(name),
            Some(Err(error)) => return text(StatusCode::BAD_REQUEST, format!("{error}\n")),
            None => None,
        };
        match (method, parts.as_slice(), given) {
            (&Method::POST, ["reset"], _) => answer(snapshots.reset().await),
            (&Method::GET, ["snapshots"], _) => answer(snapshots.list().await),
            (&Method::POST, ["snapshots", _], Some(name)) => answer(snapshots.save(name).await),
            (&Method::POST, ["snapshots", _, "restore"], Some(name)) => answer(snapshots.restore(name).await),
            (&Method::DELETE, ["snapshots", _], Some(name)) => {
                answer(snapshots.delete(name.clone()).await.map(|()| name))
            }
            _ => no_such_method(),
        }
    }
}

fn answer(result: Result<impl Serialize, SavedStateError>) -> Response<Bytes> {
    match result {
        Ok(done) => json(StatusCode::OK, &done),
        Err(error @ SavedStateError::Absent(_)) => text(StatusCode::NOT_FOUND, format!("{error}\n")),
        Err(error @ SavedStateError::Damaged { .. }) => text(StatusCode::CONFLICT, format!("{error}\n")),
        Err(error @ (SavedStateError::Disk(_) | SavedStateError::Store(_) | SavedStateError::Ended(_))) => {
            failed(&error)
        }
    }
}
