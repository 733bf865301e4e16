//! What the operations of key value stores are about: the store with a name, or one that is to be.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_error::ServiceError;
use keyfront_store::stores;

use super::document::not_found;
use crate::context::Context;
use crate::operation::{Members, Subject, text};

/// The store that has the name in the member `Name`, if one has.
pub(super) struct StoreByName {
    account: AccountId,
    name: String,
    found: Option<KeyValueStoreArn>,
}

impl StoreByName {
    /// The store, or the refusal of a name that no store has.
    pub(super) fn found(&self) -> Result<KeyValueStoreArn, ServiceError> {
        self.found.ok_or_else(not_found)
    }
}

impl Subject for StoreByName {
    async fn find(cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let name = text(input, "Name").to_owned();
        let found = stores::resolve(&*cx.engine, account, &name).await?;
        Ok(StoreByName { account, name, found })
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(match self.found {
            Some(arn) => arn.to_string(),
            // A policy for all stores matches this too, one for a certain store does not.
            None => format!("arn:aws:cloudfront::{}:key-value-store/{}", self.account, self.name),
        })
    }
}

/// A store that does not exist yet, so that it has no id.
pub(super) struct NewStore(AccountId);

impl Subject for NewStore {
    async fn find(_cx: &Context, account: AccountId, _input: &Members) -> Result<Self, ServiceError> {
        Ok(NewStore(account))
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(format!("arn:aws:cloudfront::{}:key-value-store/*", self.0))
    }
}
