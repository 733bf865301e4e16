//! Whose requests are accepted: looking credentials up, making them, deleting them.
//!
//! Development mode is a provider with one well-known credential; it verifies like any other.

mod actions;
mod development;
mod generate;
mod seal;
mod stored;

use std::sync::Arc;

use async_trait::async_trait;
use keyfront_domain::AccountId;
use keyfront_store::StoreError;

use crate::context::Credential;

pub use development::DevelopmentCredentials;
pub use seal::{SealError, SealingKey};
pub use stored::{
    ChosenKey, CreateError, CreatedCredential, ListedCredential, ShownCredential, StoredCredentials,
};

/// Looks credentials up.
#[async_trait]
pub trait CredentialProvider: Send + Sync + 'static {
    /// The credential of an access key id, if there is one.
    async fn find(&self, access_key_id: &str) -> Result<Option<Arc<Credential>>, StoreError>;
}

/// The ARN of a user.
fn user_arn(account: AccountId, user_name: &str) -> String {
    format!("arn:aws:iam::{account}:user/{user_name}")
}

#[cfg(test)]
mod tests;
