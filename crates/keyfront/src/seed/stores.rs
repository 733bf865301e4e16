//! Creates the stores of a seed, and its resources after them.

use std::path::PathBuf;
use std::sync::Arc;

use keyfront_api::Context;
use keyfront_api::direct::Direct;
use keyfront_domain::Quotas;
use keyfront_engine::MemoryEngine;
use keyfront_store::saved_states::{self, SavedEntries};
use keyfront_store::stores::{Refused, create_filled};
use keyfront_store::{Abort, Engine};
use keyfront_view::View;

use super::resources::{Made, SeedResource, make};
use super::store::SeedStore;
use crate::failure::Failure;

/// What is in a folder: stores by account and name, and resources in the order in which they can be made.
pub(crate) struct Seed {
    pub(super) folder: PathBuf,
    pub(super) stores: Vec<SeedStore>,
    pub(super) resources: Vec<SeedResource>,
}

/// What a server made of a seed at its start, by name.
pub(crate) struct SeedReport {
    /// The folder of the seed.
    pub(crate) folder: PathBuf,
    /// What was made.
    pub(crate) created: Names,
    /// What existed and was left as it is.
    pub(crate) present: Names,
}

/// Names of a seed.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) stores: Vec<String>,
    pub(crate) resources: Vec<String>,
}

impl Seed {
    /// Makes what is not there yet in the store of a context. Gives what a server holds that begins with this seed alone.
    pub(crate) async fn begin(
        &self,
        context: &Context,
        view: &keyfront_view::Settings,
    ) -> Result<(SavedEntries, SeedReport), Failure> {
        let (rules, now_ms) = (context.rules(), context.now_ms());
        let quotas = &rules.quotas;
        let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
        self.create_stores(&*engine, quotas, now_ms).await?;
        let alone = Context {
            view: View::follow(&engine, view),
            engine: Arc::clone(&engine),
            faults: Arc::default(),
            summaries: Arc::default(),
            ..context.clone()
        };
        let alone = self.make_resources(alone, None).await?;
        let image = saved_states::take(&*engine).await.map_err(|error| self.failed(&error))?;
        let mut report = self.create_stores(&*context.engine, quotas, now_ms).await?;
        let made = self.make_resources(context.clone(), Some(&alone)).await?;
        report.created.resources = made.created;
        report.present.resources = made.present;
        Ok((image, report))
    }

    async fn make_resources(&self, context: Context, elsewhere: Option<&Made>) -> Result<Made, Failure> {
        if self.resources.is_empty() {
            return Ok(Made::default());
        }
        let direct = Direct::new(context).map_err(|error| Failure::because("the service models", &error))?;
        make(&direct, &self.resources, elsewhere).await
    }

    /// Creates the stores whose names are free.
    pub(super) async fn create_stores(
        &self,
        engine: &dyn Engine,
        quotas: &Quotas,
        now_ms: i64,
    ) -> Result<SeedReport, Failure> {
        let (created, present) = (Names::default(), Names::default());
        let mut report = SeedReport { folder: self.folder.clone(), created, present };
        // A list has stores in the order of their creation: here of their names, in the milliseconds until now.
        for (index, store) in (1..).zip(&self.stores) {
            let new = store.describe(now_ms - (count(self.stores.len()) - index));
            let limit = quotas.key_value_stores_per_account;
            match create_filled(engine, &new, &store.pairs, limit).await {
                Ok(_record) => report.created.stores.push(store.display_name()),
                Err(Abort::Refused(Refused::NameTaken)) => report.present.stores.push(store.display_name()),
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
