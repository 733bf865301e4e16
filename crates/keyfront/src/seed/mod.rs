//! A seed: stores and pairs as files of a folder, which a development server begins with.
//!
//! A store of a seed has an id that is made of its account and its name, so its ARN is the same at every
//! start and on every machine. It is there at once, READY, with the first version of its pairs.

mod folder;
mod pairs;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use keyfront_domain::{AccountId, Quotas};
use keyfront_store::records::TagsRecord;
use keyfront_store::snapshots::{self, Image};
use keyfront_store::stores::{Create, NewKeyValueStore, create_filled};
use keyfront_store::{Engine, MemoryEngine};
use uuid::Uuid;

use crate::failure::Failure;

/// The namespace of the ids of seeded stores (RFC 9562, version 5).
const NAMESPACE: Uuid = Uuid::from_u128(0xe80a_d86c_dd47_458a_b617_bfcf_6efc_576a);

/// The stores of a folder, by account and name.
pub(crate) struct Seed {
    folder: PathBuf,
    stores: Vec<SeedStore>,
}

struct SeedStore {
    account: AccountId,
    name: String,
    pairs: Vec<(String, String)>,
}

/// What became of a seed at the start of a server, as names of stores.
pub(crate) struct Planted {
    /// The folder of the seed.
    pub(crate) folder: PathBuf,
    /// Those that were made.
    pub(crate) seeded: Vec<String>,
    /// Those that were there already, and were left as they are.
    pub(crate) present: Vec<String>,
}

impl Seed {
    /// Reads a folder. The failure names every problem of every file.
    pub(crate) fn read(folder: &Path, quotas: &Quotas) -> Result<Seed, Failure> {
        folder::read(folder, quotas)
    }

    /// What a server holds that begins with this seed alone.
    pub(crate) async fn image(&self, quotas: &Quotas, now_ms: i64) -> Result<Image, Failure> {
        let engine = MemoryEngine::new();
        self.plant(&engine, quotas, now_ms).await?;
        snapshots::take(&engine).await.map_err(|error| self.failed(&error))
    }

    /// Makes the stores whose names are free.
    pub(crate) async fn plant(
        &self,
        engine: &dyn Engine,
        quotas: &Quotas,
        now_ms: i64,
    ) -> Result<Planted, Failure> {
        let mut planted = Planted { folder: self.folder.clone(), seeded: Vec::new(), present: Vec::new() };
        // A list has stores in the order of their creation: here of their names, in the milliseconds until now.
        for (index, store) in (1..).zip(&self.stores) {
            let new = store.describe(now_ms - (count(self.stores.len()) - index));
            let limit = quotas.key_value_stores_per_account;
            match create_filled(engine, &new, &store.pairs, limit).await {
                Ok(Create::Created(_)) => planted.seeded.push(store.shown()),
                Ok(Create::NameTaken) => planted.present.push(store.shown()),
                Ok(Create::LimitReached) => {
                    let (folder, account, name) = (self.folder.display(), store.account, &store.name);
                    return Err(Failure::new(format!(
                        "the store {name} of {folder} is one more than the account {account} may have \
                         ({limit}); delete one, or raise key_value_stores_per_account in [quotas]"
                    )));
                }
                Err(error) => return Err(self.failed(&error)),
            }
        }
        Ok(planted)
    }

    fn failed(&self, error: &dyn std::error::Error) -> Failure {
        Failure::because(format!("the stores of {} cannot be made", self.folder.display()), error)
    }
}

impl SeedStore {
    fn describe(&self, now_ms: i64) -> NewKeyValueStore {
        NewKeyValueStore {
            account: self.account,
            id: seeded_id(self.account, &self.name),
            name: self.name.clone(),
            comment: None,
            tags: TagsRecord::default(),
            import: None,
            held: false,
            now_ms,
        }
    }

    /// Its name, with its account unless that is the usual one.
    fn shown(&self) -> String {
        if self.account == AccountId::DEVELOPMENT {
            self.name.clone()
        } else {
            format!("{}/{}", self.account, self.name)
        }
    }
}

/// The id of a store of a seed: a UUID of version 5 in [`NAMESPACE`], of `ACCOUNT/NAME`.
fn seeded_id(account: AccountId, name: &str) -> Uuid {
    let mut text = NAMESPACE.as_bytes().to_vec();
    text.extend_from_slice(format!("{account}/{name}").as_bytes());
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, &text);
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.as_ref()) {
        *byte = *hashed;
    }
    uuid::Builder::from_sha1_bytes(bytes).into_uuid()
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
