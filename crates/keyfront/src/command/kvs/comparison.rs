//! Reads a file of pairs and a store, and compares them.

use std::path::Path;
use std::process::ExitCode;

use keyfront_client::plan::{Ownership, Plan};
use keyfront_client::{Client, Pairs, StoredPairs, document};
use keyfront_domain::Quotas;

use crate::exit_code;
use crate::failure::Failure;
use crate::terminal::Progress;

/// Reads a file of pairs, or standard input for `-`, with all its problems at once.
pub(super) fn read(path: &Path, quotas: &Quotas) -> Result<Pairs, Failure> {
    document::load(path, None, quotas)
        .map_err(|problems| Failure::new(format!("nothing was written:\n{problems}")))
}

/// The difference between what a store holds and what it should, if the store has room for it.
pub(super) fn planned<'a>(
    current: &'a Pairs,
    wanted: &'a Pairs,
    ownership: &Ownership,
    quotas: &Quotas,
) -> Result<Plan<'a>, Failure> {
    let plan = Plan::new(current, wanted, ownership);
    let plan = plan.map_err(|error| Failure::new(format!("nothing was written:\n{error}")))?;
    plan.check(quotas).map_err(|error| Failure::new(format!("nothing was written: {error}")))?;
    Ok(plan)
}

/// What tells a script whether there is anything to do.
pub(super) fn exit_code(plan: &Plan<'_>) -> ExitCode {
    if plan.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit_code::DIFFERENCES) }
}

/// A file and the store that it is compared with.
pub(super) struct Comparison {
    pub(super) arn: String,
    pub(super) stored: StoredPairs,
    pub(super) wanted: Pairs,
    pub(super) quotas: Quotas,
}

impl Comparison {
    /// Reads both. A file that cannot be used is refused before anything is sent.
    pub(super) async fn read(client: &Client, name: &str, file: &Path) -> Result<Comparison, Failure> {
        let quotas = Quotas::default();
        let wanted = read(file, &quotas)?;
        let arn = client.arn(name).await?;
        let progress = Progress::begin("reading");
        let stored = client.read_all(&arn, &|done, of| progress.set(done, of)).await;
        progress.end();
        Ok(Comparison { arn, stored: stored?, wanted, quotas })
    }

    /// The difference.
    pub(super) fn plan(&self, ownership: &Ownership) -> Result<Plan<'_>, Failure> {
        planned(&self.stored.pairs, &self.wanted, ownership, &self.quotas)
    }
}
