//! The credential of development mode: `test` / `test` in the account 000000000000.

use std::sync::Arc;

use async_trait::async_trait;
use keyfront_domain::AccountId;
use keyfront_domain::policy::{Policy, PolicyError};
use keyfront_store::StoreError;
use keyfront_wire::signature::Secret;

use super::{CredentialProvider, StoredCredentials, generate, user_arn};
use crate::context::Credential;

const ACCESS_KEY: &str = "test";
const USER_NAME: &str = "test";
const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// Knows one credential that is public, beside those of the store. Only a server that says it is for
/// development uses it.
pub struct DevelopmentCredentials {
    well_known: Arc<Credential>,
    stored: Arc<StoredCredentials>,
}

impl DevelopmentCredentials {
    /// The provider.
    ///
    /// # Errors
    /// Never in practice: when the built-in policy cannot be parsed.
    pub fn new(stored: Arc<StoredCredentials>) -> Result<DevelopmentCredentials, PolicyError> {
        let account = AccountId::DEVELOPMENT;
        let well_known = Arc::new(Credential {
            access_key_id: ACCESS_KEY.to_owned(),
            account,
            user_name: USER_NAME.to_owned(),
            user_arn: user_arn(account, USER_NAME),
            user_id: generate::user_id(account, USER_NAME),
            secret: Secret::from(ACCESS_KEY),
            policy: Policy::parse(POLICY)?,
            created_ms: 0,
        });
        Ok(DevelopmentCredentials { well_known, stored })
    }
}

#[async_trait]
impl CredentialProvider for DevelopmentCredentials {
    async fn find(&self, access_key_id: &str) -> Result<Option<Arc<Credential>>, StoreError> {
        if access_key_id == ACCESS_KEY {
            return Ok(Some(Arc::clone(&self.well_known)));
        }
        self.stored.find(access_key_id).await
    }
}
