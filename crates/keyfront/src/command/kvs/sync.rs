//! `keyfront kvs sync`: the plan, the question, the writing.

use std::io::{IsTerminal, Write, stderr, stdin};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_client::plan::{Ownership, Plan};
use keyfront_client::sync::{Applied, Order};
use keyfront_client::{Client, Image, Pairs};
use keyfront_domain::Quotas;
use serde_json::json;

use super::super::{tell, tell_styled};
use super::output::{Output, Progress};
use super::show;
use super::write::write;
use crate::failure::Failure;

/// Changes that are listed before the question. `--dry-run` lists all.
const LISTED: usize = 100;

const ADVICE: &str = "run the same command again, and it writes what is missing";

/// Make a store hold what a file says
///
/// Shows the difference and asks before anything is written. Without --exclusive nothing is removed. A
/// Keyfront server writes everything in one step; at AWS it takes several requests, and readers see what is
/// written so far. If somebody else writes meanwhile, the difference is worked out anew.
#[derive(Args)]
pub(super) struct Sync {
    /// The store's name or ARN
    name: String,
    /// The file: import JSON, flat JSON, CSV, NDJSON, YAML, or - for standard input
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Own the store: remove what the file does not have
    #[arg(long)]
    exclusive: bool,
    /// Own only the keys that begin with this; the others are left as they are
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,
    /// Show the difference, write nothing; exit code 2 if there is any
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// Most pairs in one request, where it takes several
    #[arg(long, value_name = "N")]
    batch_size: Option<NonZeroUsize>,
}

/// A file and the store that it is compared with.
pub(super) struct Source {
    pub(super) arn: String,
    pub(super) image: Image,
    pub(super) wanted: Pairs,
    pub(super) quotas: Quotas,
}

impl Source {
    /// Reads both. A file that cannot be used is refused before anything is sent.
    pub(super) async fn read(client: &Client, name: &str, file: &Path) -> Result<Source, Failure> {
        let quotas = Quotas::default();
        let wanted = show::read(file, &quotas)?;
        let arn = client.arn(name).await?;
        let progress = Progress::begin("reading");
        let image = client.read_all(&arn, &|done, of| progress.set(done, of)).await;
        progress.end();
        Ok(Source { arn, image: image?, wanted, quotas })
    }

    /// The difference.
    pub(super) fn plan(&self, ownership: &Ownership) -> Result<Plan<'_>, Failure> {
        show::planned(&self.image.pairs, &self.wanted, ownership, &self.quotas)
    }
}

impl Sync {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let ownership = Ownership { exclusive: self.exclusive, prefix: self.prefix };
        let source = Source::read(client, &self.name, &self.from).await?;
        let plan = source.plan(&ownership)?;
        if self.dry_run {
            output.print_plan(|| show::plan(&plan, &source.quotas, None), || show::plan_as_json(&plan));
            return Ok(show::exit_code(&plan));
        }
        if plan.is_empty() {
            let totals = plan.after();
            let nothing = Applied {
                item_count: totals.item_count,
                total_size_in_bytes: totals.total_size_in_bytes,
                atomic: true,
                ..Applied::default()
            };
            let text = || show::plan(&plan, &source.quotas, None);
            output.print_plan(text, || as_json(&source.arn, &nothing));
            return Ok(ExitCode::SUCCESS);
        }
        if output == Output::Text || !self.yes {
            tell_styled(show::plan(&plan, &source.quotas, Some(LISTED)));
        }
        if !self.yes && !confirmed()? {
            return Err(Failure::new("nothing was written"));
        }
        drop(plan);
        let Source { arn, image, wanted, quotas } = source;
        let order = Order {
            arn: &arn,
            wanted: &wanted,
            ownership: &ownership,
            batch_size: self.batch_size,
            quotas: &quotas,
        };
        let applied = write(client, &order, image, ADVICE).await?;
        output.print(|| show::applied(&applied, &self.name), || as_json(&arn, &applied));
        Ok(ExitCode::SUCCESS)
    }
}

fn confirmed() -> Result<bool, Failure> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Err(Failure::new(
            "nothing was written: there is no terminal to ask at; say --yes to write, or --dry-run to look",
        ));
    }
    let failed = |error| Failure::because("the terminal cannot be read", &error);
    let mut terminal = stderr();
    write!(terminal, "\nWrite this? Only `yes` is taken: ").map_err(failed)?;
    terminal.flush().map_err(failed)?;
    let mut answer = String::new();
    if stdin().read_line(&mut answer).map_err(failed)? == 0 {
        tell("");
    }
    Ok(answer.trim() == "yes")
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
