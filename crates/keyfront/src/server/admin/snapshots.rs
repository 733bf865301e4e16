//! Saved states, for tests: list, save, put back, delete; and the reset to the beginning.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Serialize;

use super::Admin;
use super::answer::{failed, json, text};
use crate::saved_states::{InvalidName, SavedStateError, StateName};

impl Admin {
    pub(super) async fn list_snapshots(&self) -> Response<Bytes> {
        answer(self.snapshots.list().await)
    }

    pub(super) async fn save_snapshot(&self, name: &str) -> Response<Bytes> {
        match name.parse::<StateName>() {
            Ok(name) => answer(self.snapshots.save(name).await),
            Err(error) => invalid(&error),
        }
    }

    pub(super) async fn restore_snapshot(&self, name: &str) -> Response<Bytes> {
        match name.parse::<StateName>() {
            Ok(name) => answer(self.snapshots.restore(name).await),
            Err(error) => invalid(&error),
        }
    }

    pub(super) async fn delete_snapshot(&self, name: &str) -> Response<Bytes> {
        match name.parse::<StateName>() {
            Ok(name) => answer(self.snapshots.delete(name.clone()).await.map(|()| name)),
            Err(error) => invalid(&error),
        }
    }

    pub(super) async fn reset(&self) -> Response<Bytes> {
        answer(self.snapshots.reset().await)
    }
}

fn invalid(error: &InvalidName) -> Response<Bytes> {
    text(
        StatusCode::BAD_REQUEST,
        format!(
            "{error}
"
        ),
    )
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
