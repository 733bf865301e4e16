//! The operator's commands: copies of the store, and credentials.

use std::path::PathBuf;

use bytes::Bytes;
use http::{Response, StatusCode};
use keyfront_api::credentials::{ChosenKey, CreateError, CreatedCredential, StoredCredentials};
use keyfront_api::error::chain;
use keyfront_domain::AccountId;
use serde::{Deserialize, Serialize};

use super::Admin;
use super::answer::{failed, json, text};

/// A credential to make.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCredential {
    pub(crate) account: AccountId,
    pub(crate) user: String,
    pub(crate) policy: String,
    /// The access key, unless the server makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<AccessKey>,
}

/// An access key that was chosen.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessKey {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

/// What is to change about a credential.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CredentialChange {
    pub(crate) policy: String,
}

impl NewCredential {
    /// Makes it.
    pub(crate) async fn create_in(
        self,
        stored: &StoredCredentials,
    ) -> Result<CreatedCredential, CreateError> {
        let NewCredential { account, user, policy, key } = self;
        match key {
            None => stored.create(account, &user, &policy).await,
            Some(AccessKey { access_key_id, secret_access_key }) => {
                let key = ChosenKey { access_key_id, secret_access_key };
                stored.create_chosen(account, &user, &policy, key).await
            }
        }
    }
}

/// Where to copy the store.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupOrder {
    pub(crate) folder: PathBuf,
}

impl Admin {
    pub(super) async fn backup(&self, body: &[u8]) -> Response<Bytes> {
        let order: BackupOrder = match serde_json::from_slice(body) {
            Ok(order) => order,
            Err(error) => return text(StatusCode::BAD_REQUEST, format!("{error}\n")),
        };
        let Some(backup) = self.api.context().engine.backup() else {
            return text(StatusCode::CONFLICT, "This server's engine has nothing on disk to copy.\n");
        };
        match backup.backup_to(&order.folder, Box::new(|_entries| {})).await {
            Ok(version) => json(StatusCode::OK, &version.0),
            Err(error) => failed(&error),
        }
    }

    pub(super) async fn list_credentials(&self) -> Response<Bytes> {
        match self.credentials.list().await {
            Ok(listed) => json(StatusCode::OK, &listed),
            Err(error) => failed(&error),
        }
    }

    pub(super) async fn create_credential(&self, body: &[u8]) -> Response<Bytes> {
        let new: NewCredential = match serde_json::from_slice(body) {
            Ok(new) => new,
            Err(error) => return text(StatusCode::BAD_REQUEST, format!("{error}\n")),
        };
        match new.create_in(&self.credentials).await {
            Ok(created) => json(StatusCode::CREATED, &created),
            Err(error) => text(StatusCode::BAD_REQUEST, format!("{}\n", chain(&error))),
        }
    }

    pub(super) async fn show_credential(&self, access_key_id: &str) -> Response<Bytes> {
        match self.credentials.show(access_key_id).await {
            Ok(Some(shown)) => json(StatusCode::OK, &shown),
            Ok(None) => no_such_credential(access_key_id),
            Err(error) => failed(&error),
        }
    }

    pub(super) async fn update_credential(&self, access_key_id: &str, body: &[u8]) -> Response<Bytes> {
        let change: CredentialChange = match serde_json::from_slice(body) {
            Ok(change) => change,
            Err(error) => return text(StatusCode::BAD_REQUEST, format!("{error}\n")),
        };
        match self.credentials.set_policy(access_key_id, &change.policy).await {
            Ok(true) => json(StatusCode::OK, &access_key_id),
            Ok(false) => no_such_credential(access_key_id),
            Err(error) => text(StatusCode::BAD_REQUEST, format!("{}\n", chain(&error))),
        }
    }

    pub(super) async fn delete_credential(&self, access_key_id: &str) -> Response<Bytes> {
        match self.credentials.delete(access_key_id).await {
            Ok(true) => json(StatusCode::OK, &access_key_id),
            Ok(false) => no_such_credential(access_key_id),
            Err(error) => failed(&error),
        }
    }
}

fn no_such_credential(access_key_id: &str) -> Response<Bytes> {
    text(StatusCode::NOT_FOUND, format!("there is no credential {access_key_id}\n"))
}
