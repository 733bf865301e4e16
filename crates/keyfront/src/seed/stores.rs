//! Creates the stores of a seed.

use std::path::PathBuf;

use keyfront_domain::Quotas;
use keyfront_engine::MemoryEngine;
use keyfront_store::saved_states::{self, SavedEntries};
use keyfront_store::stores::{Refused, create_filled};
use keyfront_store::{Abort, Engine};

use super::store::SeedStore;
use crate::failure::Failure;

/// The stores of a folder, by account and name.
pub(crate) struct Seed {
    pub(super) folder: PathBuf,
    pub(super) stores: Vec<SeedStore>,
}

/// Which stores of a seed a server created at its start, by name.
pub(crate) struct SeedReport {
    /// The folder of the seed.
    pub(crate) folder: PathBuf,
    /// Stores that were created.
    pub(crate) created: Vec<String>,
    /// Stores that existed and were left as they are.
    pub(crate) present: Vec<String>,
}

impl Seed {
    /// What a server holds that begins with this seed alone.
    pub(crate) async fn image(&self, quotas: &Quotas, now_ms: i64) -> Result<SavedEntries, Failure> {
        let engine = MemoryEngine::new();
        self.create_stores(&engine, quotas, now_ms).await?;
        saved_states::take(&engine).await.map_err(|error| self.failed(&error))
    }

    /// Creates the stores whose names are free.
    pub(crate) async fn create_stores(
        &self,
        engine: &dyn Engine,
        quotas: &Quotas,
        now_ms: i64,
    ) -> Result<SeedReport, Failure> {
        let mut report = SeedReport { folder: self.folder.clone(), created: Vec::new(), present: Vec::new() };
        // A list has stores in the order of their creation: here of their names, in the milliseconds until now.
        for (index, store) in (1..).zip(&self.stores) {
            let new = store.describe(now_ms - (count(self.stores.len()) - index));
            let limit = quotas.key_value_stores_per_account;
            match create_filled(engine, &new, &store.pairs, limit).await {
                Ok(_record) => report.created.push(store.display_name()),
                Err(Abort::Refused(Refused::NameTaken)) => report.present.push(store.display_name()),
                Err(Abort::Refused(Refused::LimitReached)) => {
                    let (folder, account, name) = (self.folder.display(), store.account, &store.name);
                    return Err(Failure::new(format!(
                        "the store {name} of {folder} is one more than the account {account} may have \
                         ({limit}); delete one, or raise key_value_stores_per_account in [quotas]"
                    )));
                }
                Err(
                    error @ (Abort::Refused(Refused::Absent | Refused::Stale | Refused::InUse(_))
                    | Abort::Storage(_)),
                ) => return Err(self.failed(&error)),
            }
        }
        Ok(report)
    }

    fn failed(&self, error: &dyn std::error::Error) -> Failure {
        Failure::because(format!("the stores of {} cannot be made", self.folder.display()), error)
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
