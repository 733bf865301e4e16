//! Operations on credentials: by the server that runs on the data folder, or on the folder itself.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use keyfront_api::credentials::StoredCredentials;
use keyfront_store::{copying, replication};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clock::SystemClock;
use crate::config::StoreSettings;
use crate::data_folder::{DataFolderArguments, find_control, sealing_key};
use crate::engine;
use crate::failure::Failure;
use crate::server::{CredentialChange, NewCredential, ask};

/// Time in which a running server must have answered.
const LIMIT: Duration = Duration::from_secs(30);

/// An operation on the credentials of a store.
pub(super) enum Operation {
    /// Makes a credential.
    Create(NewCredential),
    /// Lists all credentials.
    List,
    /// Shows the credential with this access key id, and its policy.
    Show(String),
    /// Changes the credential with this access key id.
    Update(String, CredentialChange),
    /// Deletes the credential with this access key id.
    Delete(String),
}

impl Operation {
    /// Has the server that runs on the folder do it, or does it on the folder itself. The answer has the same form
    /// in both cases.
    pub(super) async fn execute<T: DeserializeOwned>(
        self,
        store: &DataFolderArguments,
    ) -> Result<T, Failure> {
        let settings = store.settings()?;
        if let Some(control) = find_control(&settings.data) {
            let answer = match &self {
                Operation::Create(new) => ask(&control, Method::POST, "/credentials", new, LIMIT).await?,
                Operation::List => ask(&control, Method::GET, "/credentials", &Value::Null, LIMIT).await?,
                Operation::Show(id) => {
                    let path = format!("/credentials/{id}");
                    ask(&control, Method::GET, &path, &Value::Null, LIMIT).await?
                }
                Operation::Update(id, change) => {
                    let path = format!("/credentials/{id}");
                    ask(&control, Method::PUT, &path, change, LIMIT).await?
                }
                Operation::Delete(id) => {
                    let path = format!("/credentials/{id}");
                    ask(&control, Method::DELETE, &path, &Value::Null, LIMIT).await?
                }
            };
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
        let answer = self.execute_on(&settings).await?;
        serde_json::from_value(answer)
            .map_err(|error| Failure::because("the answer is not understood", &error))
    }

    async fn execute_on(self, settings: &StoreSettings) -> Result<Value, Failure> {
        // Only a first credential may make the store: a misspelt folder is an error and not an empty list.
        let engine = match &self {
            Operation::Create(_) if settings.engine.is_durable() => engine::open(settings)?,
            Operation::Create(_)
            | Operation::List
            | Operation::Show(_)
            | Operation::Update(..)
            | Operation::Delete(_) => engine::open_existing(settings)?,
        };
        let is_store = replication::refuse_replica(&*engine).await;
        is_store.map_err(|error| Failure::because("it has no credentials", &error))?;
        let is_whole = copying::refuse_unfinished(&*engine).await;
        is_whole.map_err(|error| Failure::because("it has no credentials yet", &error))?;
        let key = sealing_key(settings, &*engine).await?;
        let stored = StoredCredentials::new(engine, Arc::new(SystemClock), key);
        let unreadable = |error: &dyn std::error::Error| Failure::because("the credentials", error);
        let answer = match self {
            Operation::Create(new) => {
                let created = new.create_in(&stored).await;
                let created =
                    created.map_err(|error| Failure::because("the credential was not made", &error))?;
                serde_json::to_value(created)
            }
            Operation::List => serde_json::to_value(stored.list().await.map_err(|error| unreadable(&error))?),
            Operation::Show(id) => {
                let shown = stored.show(&id).await.map_err(|error| unreadable(&error))?;
                serde_json::to_value(shown.ok_or_else(|| no_such_credential(&id))?)
            }
            Operation::Update(id, change) => {
                let changed = stored.set_policy(&id, &change.policy).await;
                let changed =
                    changed.map_err(|error| Failure::because("the credential was not changed", &error))?;
                if !changed {
                    return Err(no_such_credential(&id));
                }
                serde_json::to_value(id)
            }
            Operation::Delete(id) => {
                if !stored.delete(&id).await.map_err(|error| unreadable(&error))? {
                    return Err(no_such_credential(&id));
                }
                serde_json::to_value(id)
            }
        };
        answer.map_err(|error| unreadable(&error))
    }
}

/// The failure to find a credential.
fn no_such_credential(access_key_id: &str) -> Failure {
    Failure::new(format!("there is no credential {access_key_id}"))
}

/// An access key id, which becomes part of a path; the failure to find a credential with any other.
pub(super) fn access_key_id(given: String) -> Result<String, Failure> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !given.is_empty() && given.bytes().all(is_letter) {
        Ok(given)
    } else {
        Err(no_such_credential(&given))
    }
}
