//! `keyfront fn run`: runs one function with one event.

mod event;
mod outcome;
mod repeated;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use keyfront_api::Clock;
use keyfront_client::document;
use keyfront_domain::Quotas;
use keyfront_domain::pairs::StorePairs;
use keyfront_functions::case::ANY_STORE;
use keyfront_functions::{Function, Invocation};

use super::sandbox::Sandbox;
use super::source::Source;
use super::stack::stack;
use crate::clock::SystemClock;
use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::terminal::{Output, Progress};
use event::EventSource;

/// Run a function once, and show its logs, its result and what it changed
///
/// It runs here, in the sandbox that the server has. A function that reads a key value store gets one from a file
/// of pairs, or a copy of one that is kept at a server.
///
/// Exit code 1 if the function failed, or if an edge would refuse what it returned; 64 if no event was given, or two.
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
    /// The id of the store in that file; without it, the store stands for whichever one the function names
    #[arg(long, value_name = "ID", requires = "kvs_file")]
    kvs_id: Option<String>,
    /// Check what the function returns as for an origin that has an origin access control
    #[arg(long)]
    origin_access_control: bool,
    /// Run so many times, show the last run, and how long they took; fail if one of them fails or differs
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    repeat: u32,
    /// Run again whenever the code, the event or the pairs change, until interrupted
    #[arg(long)]
    watch: bool,
}

impl Run {
    pub(super) async fn run(self, service: &ServiceArguments, output: Output) -> Result<ExitCode, Failure> {
        if let Err(failure) = self.event.check() {
            failure.report();
            return Ok(ExitCode::from(crate::exit_code::USAGE));
        }
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
        let function = Function::new(&self.source.read()?, self.source.runtime.get());
        let now = SystemClock.now();
        let now_ms = i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX);
        let invocation = Invocation {
            event: self.event.read()?,
            store: self.store(service, now_ms).await?,
            now_ms,
            seed: now.unix_timestamp_nanos().unsigned_abs().try_into().unwrap_or(u64::MAX),
        };
        let sandbox = Sandbox::new();
        // The first invocation pays for what all later ones find ready. The second is what an edge would see.
        let first = sandbox.invoke(&function, invocation.clone()).await?;
        let shown =
            if first.result.is_ok() { sandbox.invoke(&function, invocation.clone()).await? } else { first };
        let (shown, times) = repeated::run(&sandbox, &function, &invocation, shown, self.repeat).await?;
        let refused = shown.result.as_ref().ok();
        let refused = refused
            .and_then(|returned| returned.refused_at_edge(&invocation.event, self.origin_access_control));
        let passed = shown.result.is_ok() && refused.is_none();
        let stack = stack(&shown, &self.source.file);
        let run = outcome::Shown { event: &invocation.event, outcome: &shown, refused, times, stack };
        outcome::show(&run, output);
        Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn store(
        &self,
        service: &ServiceArguments,
        now_ms: i64,
    ) -> Result<Option<(String, Arc<StorePairs>)>, Failure> {
        let (id, pairs) = if let Some(file) = &self.kvs_file {
            let pairs = document::load(file, None, &Quotas::default())
                .map_err(|problems| Failure::new(problems.to_string()))?;
            (self.kvs_id.clone().unwrap_or_else(|| ANY_STORE.to_owned()), pairs)
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
