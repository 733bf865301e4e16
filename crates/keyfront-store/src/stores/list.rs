//! Listing an account's stores in the order of their creation.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};

use crate::list::{self, Page, PageRequest, UnknownMarker};
use crate::records::KeyValueStoreRecord;
use crate::{Abort, Engine, StoreError, counts, keyspace};

/// Lists stores of an account.
///
/// # Errors
/// The account never had the store to begin after.
pub async fn list(
    engine: &dyn Engine,
    account: AccountId,
    request: PageRequest<'_, KeyValueStoreRecord>,
) -> Result<Page<KeyValueStoreRecord>, Abort<UnknownMarker>> {
    let key = |arn: &Arn| KeyValueStoreArn::try_from(arn).ok().map(|arn| keyspace::store(&arn));
    list::by_creation(engine, account, ResourceKind::KEY_VALUE_STORE, request, key, key).await
}

/// How many stores all accounts have together.
pub async fn count(engine: &dyn Engine) -> Result<u64, StoreError> {
    counts::total(engine, ResourceKind::KEY_VALUE_STORE).await
}
