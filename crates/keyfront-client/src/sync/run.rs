//! Reads, plans and writes until a store holds the wanted pairs.

use backon::BackoffBuilder;

use super::outcome::{Applied, Cause, Unfinished};
use super::request::SyncRequest;
use super::unconfirmed::{ChangeCounts, UnconfirmedBatch, count};
use crate::client::Client;
use crate::data::types::StoredPairs;
use crate::error::{ClientError, ErrorKind};
use crate::plan::{Batch, Plan};
use crate::retry;

/// How often a store is read and planned again because another client wrote to it.
const ATTEMPTS: usize = 20;

/// Writes until the store holds what is wanted, beginning with what it holds.
///
/// `stop` is asked between two requests. `progress` is told how many pairs of how many were written.
///
/// # Errors
/// With what was written until then. Doing the same again goes on from there.
pub async fn carry_out(
    client: &Client,
    request: &SyncRequest<'_>,
    stored: StoredPairs,
    stop: &(dyn Fn() -> bool + Sync),
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Applied, Unfinished> {
    let mut run = Run {
        client,
        request,
        stop,
        progress,
        applied: Applied::default(),
        remaining: 0,
        unconfirmed: None,
        in_one_step: client.has_extensions(),
    };
    let mut stored = stored;
    for pause in retry::pauses(ATTEMPTS).build() {
        if run.pass(&stored).await? == Pass::Done {
            return Ok(run.applied);
        }
        tokio::time::sleep(pause).await;
        if stop() {
            return Err(run.unfinished(Cause::Interrupted));
        }
        let read = client.read_all(request.arn, &|_done, _of| {}).await;
        stored = read.map_err(|error| run.unfinished(error.into()))?;
        run.settle(&stored);
    }
    let error = ClientError::new(
        ErrorKind::Stale,
        format!(
            "other clients write to this store all the time: it changed {ATTEMPTS} times while it was written"
        ),
    );
    Err(run.unfinished(error.into()))
}

#[derive(PartialEq, Eq)]
enum Pass {
    Done,
    /// Another client wrote: read and plan again.
    Conflict,
}

struct Run<'a> {
    client: &'a Client,
    request: &'a SyncRequest<'a>,
    stop: &'a (dyn Fn() -> bool + Sync),
    progress: &'a (dyn Fn(u64, u64) + Sync),
    applied: Applied,
    /// Pairs that the last plan wanted written and that are not.
    remaining: u64,
    /// A batch that may have been written.
    unconfirmed: Option<UnconfirmedBatch>,
    /// The endpoint writes everything in one step.
    in_one_step: bool,
}

impl Run<'_> {
    fn unfinished(&self, cause: Cause) -> Unfinished {
        Unfinished { applied: self.applied, in_doubt: 0, remaining: self.remaining, cause }
    }

    fn wrote(&mut self, counts: ChangeCounts) {
        self.applied.added += counts.added;
        self.applied.changed += counts.changed;
        self.applied.removed += counts.removed;
        self.applied.requests += 1;
        self.applied.atomic = self.in_one_step && self.applied.requests == 1;
        self.remaining = self.remaining.saturating_sub(counts.added + counts.changed + counts.removed);
    }

    /// Finds out after a conflict whether an unconfirmed batch was written, or another client wrote.
    fn settle(&mut self, stored: &StoredPairs) {
        match self.unconfirmed.take() {
            Some(unconfirmed) if unconfirmed.is_in(stored) => self.wrote(unconfirmed.counts),
            Some(_) | None => self.applied.conflicts += 1,
        }
    }

    /// Plans from what the store holds and writes the difference.
    async fn pass(&mut self, stored: &StoredPairs) -> Result<Pass, Unfinished> {
        let request = self.request;
        let plan = Plan::new(&stored.pairs, request.wanted, request.ownership);
        let plan = plan.map_err(|error| self.unfinished(error.into()))?;
        plan.check(request.quotas).map_err(|error| self.unfinished(error.into()))?;
        let total = count(plan.changes().len());
        self.remaining = total;
        if plan.is_empty() {
            self.applied.item_count = plan.before().item_count;
            self.applied.total_size_in_bytes = plan.before().total_size_in_bytes;
            return Ok(Pass::Done);
        }
        if self.in_one_step {
            match self.write(&plan.single_batch(), stored, &stored.etag).await? {
                Some(_etag) => return Ok(Pass::Done),
                None if self.in_one_step => return Ok(Pass::Conflict),
                // The endpoint has no such operation: do it the service's way.
                None => {}
            }
        }
        let batches = plan.batches(request.quotas, request.batch_size);
        let batches = batches.map_err(|error| self.unfinished(error.into()))?;
        let mut etag = stored.etag.clone();
        for batch in batches {
            match self.write(&batch, stored, &etag).await? {
                Some(next) => etag = next,
                None => return Ok(Pass::Conflict),
            }
            (self.progress)(total.saturating_sub(self.remaining), total);
        }
        Ok(Pass::Done)
    }

    /// Writes one batch. Nothing: the store changed, or everything cannot be written at once, which
    /// `in_one_step` then says.
    async fn write(
        &mut self,
        batch: &Batch<'_>,
        stored: &StoredPairs,
        etag: &str,
    ) -> Result<Option<String>, Unfinished> {
        if (self.stop)() {
            return Err(self.unfinished(Cause::Interrupted));
        }
        let (arn, client) = (self.request.arn, self.client);
        let answer = if self.in_one_step {
            client.write_pairs(arn, etag, &batch.puts, &batch.deletes).await
        } else {
            client.update(arn, etag, &batch.puts, &batch.deletes).await
        };
        match answer {
            Ok(written) => {
                self.wrote(ChangeCounts::of(batch, stored));
                self.applied.item_count = written.item_count;
                self.applied.total_size_in_bytes = written.total_size_in_bytes;
                Ok(Some(written.etag))
            }
            Err(error) if error.kind == ErrorKind::Stale => {
                self.unconfirmed =
                    error.repeated.then(|| UnconfirmedBatch::of(batch, ChangeCounts::of(batch, stored)));
                Ok(None)
            }
            Err(error)
                if self.in_one_step
                    && matches!(error.kind, ErrorKind::UnknownOperation | ErrorKind::TooLarge) =>
            {
                if error.kind == ErrorKind::UnknownOperation {
                    client.forget_extensions();
                }
                self.in_one_step = false;
                Ok(None)
            }
            Err(error) => {
                let in_doubt = match error.kind {
                    ErrorKind::NoAnswer | ErrorKind::Unavailable => count(batch.len()),
                    ErrorKind::Stale
                    | ErrorKind::NotFound
                    | ErrorKind::UnknownOperation
                    | ErrorKind::TooLarge
                    | ErrorKind::Refused => 0,
                };
                let remaining = self.remaining.saturating_sub(in_doubt);
                Err(Unfinished { applied: self.applied, in_doubt, remaining, cause: error.into() })
            }
        }
    }
}
