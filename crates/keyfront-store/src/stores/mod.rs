//! Key value stores: what can be done with them, each verb as one [transaction](crate::transact).
//!
//! *Absent*, *stale* and the like are values here; the operation that asked turns them into the code of its own
//! resource.

mod audit;
mod create;
mod delete;
pub mod entries;
mod import;
pub(crate) mod leftovers;
mod list;
mod pairs;
mod read_pairs;
pub(crate) mod staging;
mod update;
mod write_pairs;

use keyfront_domain::arn::{KeyValueStoreArn, ResourceKind};
use keyfront_domain::{AccountId, etag};

pub use create::NewKeyValueStore;
pub use import::{Announcements, finish_import, pending_imports};
pub use leftovers::{clean_up, clean_up_beside_others};
pub use pairs::{GetPair, ListPairs, PairPage, PairsHead};
pub use read_pairs::{AllPairs, ReadPairs};
pub use write_pairs::WriteOutcome;

use crate::records::{KeyValueStoreRecord, OwnerId, damaged};
use crate::references::InUse;
use crate::{Abort, Engine, StoreError, Transaction, keyspace};

pub use audit::{Audit, audit};
pub use create::{create, create_filled};
pub use delete::delete;
pub use list::{count, list};
pub use pairs::{describe_pairs, get_pair, list_pairs};
pub use read_pairs::read_pairs;
pub use update::update_comment;
pub use write_pairs::write_pairs;

/// Why a store is not created, changed or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The store does not exist.
    Absent,
    /// The ETag that was given is not that of the store's configuration.
    Stale,
    /// Another store of the account has the name.
    NameTaken,
    /// The account has as many stores as it may have.
    LimitReached,
    /// Others refer to it.
    InUse(InUse),
}

/// The store that has a name now. Everything else asks by ARN: a name can pass to another store.
pub async fn resolve(
    engine: &dyn Engine,
    account: AccountId,
    name: &str,
) -> Result<Option<KeyValueStoreArn>, StoreError> {
    let owner = keyspace::name(account, ResourceKind::KEY_VALUE_STORE, name).read(engine).await?;
    let Some(OwnerId(id)) = owner else { return Ok(None) };
    let id = id.parse().map_err(|_damaged| damaged("name"))?;
    Ok(Some(KeyValueStoreArn { account, id }))
}

/// The store of this ARN.
pub async fn find(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
) -> Result<Option<KeyValueStoreRecord>, StoreError> {
    keyspace::store(arn).read(engine).await
}

/// The store of this ARN, if `if_match` is the ETag of its configuration.
async fn matching(
    tx: &Transaction<'_>,
    arn: &KeyValueStoreArn,
    if_match: &str,
) -> Result<KeyValueStoreRecord, Abort<Refused>> {
    let record = tx.get(&keyspace::store(arn)).await?.ok_or(Abort::Refused(Refused::Absent))?;
    if etag::control_plane(record.version) == if_match {
        Ok(record)
    } else {
        Err(Abort::Refused(Refused::Stale))
    }
}
