//! Credentials in the store.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use keyfront_domain::AccountId;
use keyfront_domain::policy::{Policy, PolicyError};
use keyfront_store::records::CredentialRecord;
use keyfront_store::{Engine, StoreError, credentials};

use super::actions::{UnknownAction, unknown_action};
use super::seal::{SealError, SealingKey};
use super::{CredentialProvider, generate, user_arn};
use crate::context::{Clock, Credential};
use crate::registry::RegistryError;

/// Opened credentials that are kept ready. One more and all are opened afresh when next used.
const MAX_READY: usize = 10_000;

/// The credentials of the store, opened with the sealing key and kept ready for the next request.
pub struct StoredCredentials {
    engine: Arc<dyn Engine>,
    clock: Arc<dyn Clock>,
    key: SealingKey,
    ready: RwLock<Ready>,
}

/// Credentials that were opened, by access key id.
#[derive(Default)]
struct Ready {
    credentials: HashMap<String, Arc<Credential>>,
    /// Counts deletions and changes. What was read from the store before one is not kept after it.
    changes: u64,
}

/// Why a credential was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The user name is not one that IAM has.
    #[error("a user name is 1 to 64 letters, digits and the characters +=,.@_-")]
    UserName,
    /// The access key id or the secret that was chosen cannot be one.
    #[error(
        "an access key id is 4 to 128 letters, digits and _, and a secret 8 to 128 printable characters without spaces"
    )]
    Chosen,
    /// Another credential has the access key id that was chosen.
    #[error("there is a credential with this access key id")]
    Taken,
    /// The policy document is not accepted.
    #[error("the policy is not accepted: {0}")]
    Policy(#[from] PolicyError),
    /// The policy names an action that no service has.
    #[error("the policy is not accepted: {0}")]
    Action(#[from] UnknownAction),
    /// The service models are broken; tests prove that they are not.
    #[error(transparent)]
    Models(#[from] RegistryError),
    /// The secret could not be made or sealed.
    #[error("the secret could not be made: {0}")]
    Secret(#[from] SealError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new credential, with the only sight of its secret.
#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreatedCredential {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key. It is not shown again.
    pub secret_access_key: String,
    /// The account that it acts in.
    pub account: AccountId,
    /// The user that it belongs to.
    pub user_name: String,
}

/// An access key that was chosen, which tests and setups from files want. One that the server makes is better.
#[derive(Clone, PartialEq, Eq)]
pub struct ChosenKey {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
}

impl ChosenKey {
    fn is_usable(&self) -> bool {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        (4..=128).contains(&self.access_key_id.len())
            && self.access_key_id.bytes().all(is_letter)
            && (8..=128).contains(&self.secret_access_key.len())
            && self.secret_access_key.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// A credential without its secret, and what it may do.
#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ShownCredential {
    /// What a list shows of it.
    #[serde(flatten)]
    pub listed: ListedCredential,
    /// The IAM policy document, as it was given.
    pub policy: String,
}

/// A credential without its secret.
#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListedCredential {
    /// The access key id.
    pub access_key_id: String,
    /// The account that it acts in.
    pub account: AccountId,
    /// The user that it belongs to.
    pub user_name: String,
    /// When it was made.
    pub created: String,
}

impl StoredCredentials {
    /// The credentials of `engine`, whose secrets `key` opens.
    pub fn new(engine: Arc<dyn Engine>, clock: Arc<dyn Clock>, key: SealingKey) -> StoredCredentials {
        StoredCredentials { engine, clock, key, ready: RwLock::default() }
    }

    /// Makes a credential with a fresh access key. Its secret is shown this once.
    pub async fn create(
        &self,
        account: AccountId,
        user_name: &str,
        policy: &str,
    ) -> Result<CreatedCredential, CreateError> {
        check(user_name, policy)?;
        loop {
            let key = ChosenKey {
                secret_access_key: generate::secret_access_key()
                    .map_err(|_unspecified| SealError::Library)?,
                access_key_id: generate::access_key_id().map_err(|_unspecified| SealError::Library)?,
            };
            // Taken already: the next eighty random bits will differ.
            if let Some(created) = self.put(account, user_name, policy, key).await? {
                return Ok(created);
            }
        }
    }

    /// Makes a credential with an access key that was chosen.
    pub async fn create_chosen(
        &self,
        account: AccountId,
        user_name: &str,
        policy: &str,
        key: ChosenKey,
    ) -> Result<CreatedCredential, CreateError> {
        check(user_name, policy)?;
        if !key.is_usable() {
            return Err(CreateError::Chosen);
        }
        self.put(account, user_name, policy, key).await?.ok_or(CreateError::Taken)
    }

    /// Stores a credential; nothing when its access key id exists already.
    async fn put(
        &self,
        account: AccountId,
        user_name: &str,
        policy: &str,
        ChosenKey { access_key_id, secret_access_key }: ChosenKey,
    ) -> Result<Option<CreatedCredential>, CreateError> {
        let created = self.clock.now().unix_timestamp_nanos() / 1_000_000;
        let record = CredentialRecord {
            access_key_id: access_key_id.clone(),
            account,
            user_name: user_name.to_owned(),
            policy: policy.to_owned(),
            sealed_secret: self.key.seal(&access_key_id, &secret_access_key)?,
            created_ms: i64::try_from(created).unwrap_or(i64::MAX),
        };
        if !credentials::put(&*self.engine, &record).await? {
            return Ok(None);
        }
        tracing::info!(%account, user_name, access_key_id, "credential created");
        let user_name = user_name.to_owned();
        Ok(Some(CreatedCredential { access_key_id, secret_access_key, account, user_name }))
    }

    /// A credential and its policy; nothing when there is none.
    pub async fn show(&self, access_key_id: &str) -> Result<Option<ShownCredential>, StoreError> {
        let record = credentials::get(&*self.engine, access_key_id).await?;
        Ok(record.map(|record| ShownCredential { policy: record.policy.clone(), listed: listed(record) }))
    }

    /// Gives a credential another policy, in force from the next request; `false` when there is none.
    pub async fn set_policy(&self, access_key_id: &str, policy: &str) -> Result<bool, CreateError> {
        check_policy(policy)?;
        let changed = credentials::set_policy(&*self.engine, access_key_id, policy).await;
        self.forget(access_key_id);
        if let Ok(true) = changed {
            tracing::info!(access_key_id, "policy of a credential changed");
        }
        Ok(changed?)
    }

    /// All credentials, by access key id.
    pub async fn list(&self) -> Result<Vec<ListedCredential>, StoreError> {
        Ok(credentials::list(&*self.engine).await?.into_iter().map(listed).collect())
    }

    /// Deletes a credential, from this moment on; `false` when there is none.
    pub async fn delete(&self, access_key_id: &str) -> Result<bool, StoreError> {
        let deleted = credentials::delete(&*self.engine, access_key_id).await;
        self.forget(access_key_id);
        if let Ok(true) = deleted {
            tracing::info!(access_key_id, "credential deleted");
        }
        deleted
    }

    /// Opens a credential afresh when it is next used, also after a change that failed: it may have been made.
    fn forget(&self, access_key_id: &str) {
        let mut ready = self.ready.write().unwrap_or_else(PoisonError::into_inner);
        ready.credentials.remove(access_key_id);
        ready.changes += 1;
    }

    /// A record, opened. One that cannot be opened is as good as absent, and the log says why.
    fn opened(&self, record: CredentialRecord) -> Option<Credential> {
        let problem = match (
            self.key.open(&record.access_key_id, &record.sealed_secret),
            Policy::parse(&record.policy),
        ) {
            (Ok(secret), Ok(policy)) => {
                return Some(Credential {
                    user_arn: user_arn(record.account, &record.user_name),
                    user_id: generate::user_id(record.account, &record.user_name),
                    access_key_id: record.access_key_id,
                    account: record.account,
                    user_name: record.user_name,
                    secret,
                    policy,
                    created_ms: record.created_ms,
                });
            }
            (Err(error), _) => error.to_string(),
            (_, Err(error)) => error.to_string(),
        };
        tracing::error!(access_key_id = record.access_key_id, problem, "a credential cannot be used");
        None
    }
}

/// What a list shows of a record.
fn listed(record: CredentialRecord) -> ListedCredential {
    ListedCredential {
        access_key_id: record.access_key_id,
        account: record.account,
        user_name: record.user_name,
        created: keyfront_wire::timestamp::iso8601(record.created_ms),
    }
}

/// Refuses a name that no user has, and a policy that is not accepted.
fn check(user_name: &str, policy: &str) -> Result<(), CreateError> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    if user_name.is_empty() || user_name.len() > 64 || !user_name.chars().all(legal) {
        return Err(CreateError::UserName);
    }
    check_policy(policy)
}

fn check_policy(policy: &str) -> Result<(), CreateError> {
    Policy::parse(policy)?;
    unknown_action(policy)?.map_or(Ok(()), |unknown| Err(unknown.into()))
}

#[async_trait]
impl CredentialProvider for StoredCredentials {
    async fn find(&self, access_key_id: &str) -> Result<Option<Arc<Credential>>, StoreError> {
        let (found, changes) = {
            let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
            (ready.credentials.get(access_key_id).cloned(), ready.changes)
        };
        if found.is_some() {
            return Ok(found);
        }
        let Some(record) = credentials::get(&*self.engine, access_key_id).await? else { return Ok(None) };
        let Some(credential) = self.opened(record).map(Arc::new) else { return Ok(None) };
        let mut ready = self.ready.write().unwrap_or_else(PoisonError::into_inner);
        if ready.credentials.len() >= MAX_READY {
            ready.credentials.clear();
        }
        if ready.changes == changes {
            ready.credentials.insert(access_key_id.to_owned(), Arc::clone(&credential));
        }
        Ok(Some(credential))
    }
}
