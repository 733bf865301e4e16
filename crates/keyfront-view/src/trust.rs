//! The public keys and key groups of accounts, ready to verify signed requests.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::key_group::KeyGroupConfig;
use keyfront_domain::public_key::PublicKeyConfig;
use keyfront_domain::signed_request::VerifyingKey;
use keyfront_store::resources::entries;
use keyfront_store::{Engine, Entry, Range, StoreError, Version};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::followed::Followed;
use crate::projection::{Projection, RangeWrite};
use crate::records::Records;

/// The keys that accounts trust, by account, which follow an engine. Clones share them.
#[derive(Clone)]
pub struct Trust {
    accounts: Followed<ByAccount>,
}

impl Trust {
    /// Follows an engine. Accounts whose keys no reader takes for `forget_after` are forgotten. It has to be called on
    /// a Tokio runtime with timers.
    pub fn follow(engine: Arc<dyn Engine>, forget_after: Option<Duration>) -> Trust {
        Trust { accounts: Followed::follow(engine, ByAccount, forget_after) }
    }

    /// The keys of an account as one commit left them; `None` if they are not loaded. Never waits.
    pub fn get(&self, account: AccountId) -> Option<Arc<TrustedKeys>> {
        self.accounts.get(&account)
    }

    /// Loads the keys of an account unless they are loaded, and follows them from now on. An account without any has
    /// an empty set.
    ///
    /// # Errors
    /// They could not be read. The next call tries again.
    pub async fn load(&self, account: AccountId) -> Result<Arc<TrustedKeys>, StoreError> {
        Ok(self.accounts.load(&account).await?.unwrap_or_else(|| Arc::new(TrustedKeys::of(account, &[]))))
    }

    /// Waits until a commit is reflected: from then on readers see what it wrote.
    ///
    /// It waits for as long as the engine cannot be read.
    pub async fn reached(&self, version: Version) {
        self.accounts.reached(version).await;
    }
}

/// The keys and key groups of an account after one commit.
pub struct TrustedKeys {
    account: AccountId,
    records: Records<Trusted>,
}

/// A record that is part of what an account trusts. One that cannot be read is none: it verifies nothing, and neither
/// does a group that cannot be read.
#[derive(Clone)]
enum Trusted {
    Key(Arc<VerifyingKey>),
    /// The ids of its keys.
    Group(Arc<BTreeSet<String>>),
    Unusable,
}

impl TrustedKeys {
    fn of(account: AccountId, ranges: &[Vec<Entry>]) -> TrustedKeys {
        TrustedKeys {
            account,
            records: Records::from_entries(ranges, |key, value| decode(account, key, value)),
        }
    }

    /// The key of this id, if a key group has it: what a request may be signed with where that group is trusted.
    pub fn key_of_group(&self, key_group_id: &str, key_id: &str) -> Option<&VerifyingKey> {
        if self.group(key_group_id)?.contains(key_id) { self.key(key_id) } else { None }
    }

    /// The ids of the keys of a key group.
    pub fn group(&self, key_group_id: &str) -> Option<&BTreeSet<String>> {
        match self.record(ResourceKind::KEY_GROUP, key_group_id)? {
            Trusted::Group(keys) => Some(keys),
            Trusted::Key(_) | Trusted::Unusable => None,
        }
    }

    /// The key of this id, whether a group has it or not.
    pub fn key(&self, key_id: &str) -> Option<&VerifyingKey> {
        match self.record(ResourceKind::PUBLIC_KEY, key_id)? {
            Trusted::Key(key) => Some(key),
            Trusted::Group(_) | Trusted::Unusable => None,
        }
    }

    fn record(&self, kind: ResourceKind, id: &str) -> Option<&Trusted> {
        self.records.get(&entries::key(&Arn::new(self.account, kind, id)))
    }
}

fn decode(account: AccountId, key: &Bytes, value: &Bytes) -> Trusted {
    let is_key = key.starts_with(&entries::of_kind(account, ResourceKind::PUBLIC_KEY).start);
    let trusted = if is_key { verifying_key(value) } else { key_ids(value) };
    trusted.unwrap_or(Trusted::Unusable)
}

fn verifying_key(value: &Bytes) -> Option<Trusted> {
    let key = config::<PublicKeyConfig>(value)?.key().ok()?;
    Some(Trusted::Key(Arc::new(VerifyingKey::new(&key).ok()?)))
}

fn key_ids(value: &Bytes) -> Option<Trusted> {
    let group = config::<KeyGroupConfig>(value)?;
    Some(Trusted::Group(Arc::new(group.items.into_iter().collect())))
}

fn config<C: DeserializeOwned>(value: &Bytes) -> Option<C> {
    let record = entries::read(value).ok()?;
    serde_json::from_value(Value::Object(record.config)).ok()
}

/// The projection: a part is an account.
struct ByAccount;

impl Projection for ByAccount {
    type Part = AccountId;
    type Value = TrustedKeys;

    fn ranges(&self, account: &AccountId) -> Vec<Range> {
        [ResourceKind::PUBLIC_KEY, ResourceKind::KEY_GROUP]
            .map(|kind| entries::of_kind(*account, kind))
            .into()
    }

    fn from_snapshot(
        &self,
        account: &AccountId,
        ranges: &[Vec<Entry>],
    ) -> Result<Option<TrustedKeys>, StoreError> {
        Ok(Some(TrustedKeys::of(*account, ranges)))
    }

    fn apply(
        &self,
        account: &AccountId,
        value: &TrustedKeys,
        writes: &[RangeWrite<'_>],
    ) -> Result<Option<TrustedKeys>, StoreError> {
        let decode = |key: &Bytes, value: &Bytes| decode(*account, key, value);
        let records = value.records.after(&self.ranges(account), writes, decode);
        Ok(Some(TrustedKeys { account: *account, records }))
    }
}
