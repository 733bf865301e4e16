//! `keyfront fn run`: runs one function with one event.

mod event;
mod outcome;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use keyfront_api::Clock;
use keyfront_client::document;
use keyfront_domain::Quotas;
use keyfront_domain::pairs::StorePairs;
use keyfront_functions::{Function, Invocation, Isolate, Limits};

use super::source::Source;
use crate::clock::SystemClock;
use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::terminal::{Output, Progress};
use event::EventSource;

/// Run a function once, and show its logs, its result and what it changed
///
/// It runs here, in the sandbox that the server has. A function that reads a key value store gets one from a file
/// of pairs, or a copy of one that is kept at a server.
#[derive(Args)]
pub(super) struct Run {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    event: EventSource,
    /// The key value store that the function reads, by name or ARN
    #[arg(long, value_name = "NAME", conflicts_with = "kvs_file")]
    kvs: Option<String>,
    /// A file with the pairs of the key value store that the function reads: JSON, NDJSON, CSV or YAML
    #[arg(long, value_name = "FILE")]
    kvs_file: Option<PathBuf>,
    /// Run again whenever the code, the event or the pairs change, until interrupted
    #[arg(long)]
    watch: bool,
}

impl Run {
    pub(super) async fn run(self, service: &ServiceArguments, output: Output) -> Result<ExitCode, Failure> {
        if !self.watch {
            return self.once(service, output).await;
        }
        let files = [Some(&self.source.file), self.event.file(), self.kvs_file.as_ref()];
        let mut changes = watch::Files::new(files.into_iter().flatten().cloned());
        loop {
            // What is being written just now may be wrong; the next version is waited for.
            if let Err(failure) = self.once(service, output).await {
                failure.report();
            }
            changes.next().await;
        }
    }

    async fn once(&self, service: &ServiceArguments, output: Output) -> Result<ExitCode, Failure> {
        let function = Function::prepare(&self.source.read()?, self.source.runtime.get());
        let now = SystemClock.now();
        let now_ms = i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX);
        let invocation = Invocation {
            event: self.event.read()?,
            store: self.store(service, now_ms).await?,
            now_ms,
            seed: now.unix_timestamp_nanos().unsigned_abs().try_into().unwrap_or(u64::MAX),
            exact: true,
        };
        let mut isolate = Isolate::load(&function, Limits::default());
        // The first invocation pays for what all later ones find ready. The second is what an edge would see.
        let first = isolate.invoke(&Invocation { exact: false, ..invocation.clone() });
        let shown = if first.result.is_ok() { isolate.invoke(&invocation) } else { first };
        outcome::show(&invocation.event, &shown, output);
        Ok(if shown.result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn store(
        &self,
        service: &ServiceArguments,
        now_ms: i64,
    ) -> Result<Option<(String, Arc<StorePairs>)>, Failure> {
        let (id, pairs) = if let Some(file) = &self.kvs_file {
            let pairs = document::load(file, None, &Quotas::default())
                .map_err(|problems| Failure::new(problems.to_string()))?;
            (keyfront_functions::case::STORE_ID.to_owned(), pairs)
        } else if let Some(name) = &self.kvs {
            let client = service.client().await?;
            let arn = client.arn(name).await?;
            let id = arn.rsplit('/').next().unwrap_or_default().to_owned();
            let progress = Progress::begin("reading");
            let stored = client.read_all(&arn, &|done, of| progress.set(done, of)).await;
            progress.end();
            (id, stored?.pairs)
        } else {
            return Ok(None);
        };
        Ok(Some((id, Arc::new(StorePairs::empty(now_ms, now_ms).with(pairs.iter())))))
    }
}
