//! `keyfront kvs sync`: shows the difference, asks, and writes it.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use keyfront_client::plan::Ownership;
use keyfront_client::sync::{Applied, SyncRequest};
use serde_json::json;

use super::comparison::{self, Comparison};
use super::render::{applied, plan};
use super::writing::write;
use crate::failure::Failure;
use crate::terminal::{Output, confirmed, tell_styled};

/// Changes that are listed before the question. `--dry-run` lists all.
const LISTED: usize = 100;

const UNASKED: &str = "nothing was written: there is no terminal to ask at; add --yes to write, or --dry-run to see \
                       the difference";

const ADVICE: &str = "run the same command again, and it writes what is missing";

/// Make a store hold the pairs of a file
///
/// Shows the difference and asks before anything is written. Without --exclusive nothing is removed. A Keyfront
/// server writes everything in one step; at AWS it takes several requests, and readers see what is written so far.
/// If another client writes meanwhile, sync computes the difference again.
#[derive(Args)]
pub(super) struct Sync {
    /// The store's name or ARN
    name: String,
    /// The file: import JSON, flat JSON, CSV, NDJSON, YAML, or - for standard input
    #[arg(long, visible_alias = "from", value_name = "FILE")]
    file: PathBuf,
    /// Own the store: remove the pairs that the file does not have
    #[arg(long)]
    exclusive: bool,
    /// Own only the keys that begin with this; the others are left as they are
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,
    /// Show the difference and write nothing; exit code 3 if there is one
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// Most pairs in one request, where it takes several
    #[arg(long, value_name = "N")]
    batch_size: Option<NonZeroUsize>,
}

impl Sync {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let ownership = Ownership { exclusive: self.exclusive, prefix: self.prefix };
        let compared = Comparison::read(client, &self.name, &self.file).await?;
        let difference = compared.plan(&ownership)?;
        if self.dry_run {
            output.print_plan(
                || plan::text(&difference, &compared.quotas, None),
                || plan::as_json(&difference),
            );
            return Ok(comparison::exit_code(&difference));
        }
        if difference.is_empty() {
            let totals = difference.after();
            let nothing = Applied {
                item_count: totals.item_count,
                total_size_in_bytes: totals.total_size_in_bytes,
                atomic: true,
                ..Applied::default()
            };
            let text = || plan::text(&difference, &compared.quotas, None);
            output.print_plan(text, || as_json(&compared.arn, &nothing));
            return Ok(ExitCode::SUCCESS);
        }
        if output == Output::Text || !self.yes {
            tell_styled(&plan::text(&difference, &compared.quotas, Some(LISTED)));
        }
        if !self.yes && !confirmed("Write this?", UNASKED)? {
            return Err(Failure::new("nothing was written"));
        }
        drop(difference);
        let Comparison { arn, stored, wanted, quotas } = compared;
        let request = SyncRequest {
            arn: &arn,
            wanted: &wanted,
            ownership: &ownership,
            batch_size: self.batch_size,
            quotas: &quotas,
        };
        let written = write(client, &request, stored, ADVICE).await?;
        output.print(|| applied::text(&written, &self.name), || as_json(&arn, &written));
        Ok(ExitCode::SUCCESS)
    }
}

fn as_json(arn: &str, applied: &Applied) -> serde_json::Value {
    json!({
        "ARN": arn,
        "Added": applied.added,
        "Changed": applied.changed,
        "Removed": applied.removed,
        "ItemCount": applied.item_count,
        "TotalSizeInBytes": applied.total_size_in_bytes,
        "Requests": applied.requests,
        "Conflicts": applied.conflicts,
        "Atomic": applied.atomic,
    })
}
