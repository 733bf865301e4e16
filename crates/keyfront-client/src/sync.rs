//! Making a store hold what a file says: read, plan, write, and again when somebody else writes meanwhile.

use std::num::NonZeroUsize;
use std::time::Duration;

use keyfront_domain::Quotas;

use crate::Pairs;
use crate::data_plane::Image;
use crate::endpoint::Client;
use crate::error::{ClientError, Kind};
use crate::plan::{Batch, NotUnderPrefix, Ownership, Plan, Unwritable};

/// How often a store is read and planned anew because somebody else wrote to it.
const TRIES: u32 = 20;

/// What is wanted of a store.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The store.
    pub arn: &'a str,
    /// The pairs that it should hold.
    pub wanted: &'a Pairs,
    /// What of the store is ours.
    pub ownership: &'a Ownership,
    /// Most pairs in one request; `None` for the service's limit.
    pub batch_size: Option<NonZeroUsize>,
    /// The service's limits.
    pub quotas: &'a Quotas,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Pairs that were added.
    pub added: u64,
    /// Pairs whose value was changed.
    pub changed: u64,
    /// Pairs that were removed.
    pub removed: u64,
    /// Requests that wrote something.
    pub requests: u64,
    /// How often somebody else wrote meanwhile, so that the difference was worked out anew.
    pub conflicts: u64,
    /// All of it became visible in one step.
    pub atomic: bool,
    /// Pairs of the store afterwards.
    pub item_count: u64,
    /// Bytes of the store afterwards.
    pub total_size_in_bytes: u64,
}

impl Applied {
    /// Pairs that were written.
    pub fn changes(&self) -> u64 {
        self.added + self.changed + self.removed
    }
}

/// Why not everything was written.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// A call failed.
    #[error("{0}")]
    Failed(#[from] ClientError),
    /// With what somebody else wrote meanwhile, the wanted pairs cannot be reached.
    #[error("{0}")]
    Unwritable(#[from] Unwritable),
    /// A wanted key is not ours to write.
    #[error("{0}")]
    NotUnderPrefix(#[from] NotUnderPrefix),
}

/// A synchronization that did not end, with what it did.
#[derive(Debug)]
pub struct Unfinished {
    /// What was written for certain.
    pub applied: Applied,
    /// The pairs of a request that was sent and not answered: written or not.
    pub in_doubt: u64,
    /// Pairs that are still to be written, as far as it is known.
    pub remaining: u64,
    /// Why it did not end.
    pub cause: Cause,
}

/// Pauses between tries: each longer than the one before, with jitter, so that two writers part.
#[derive(Debug, Default)]
pub(crate) struct Pauses {
    made: u32,
}

impl Pauses {
    const FIRST_MS: u64 = 20;
    const LONGEST_MS: u64 = 2_000;

    pub(crate) async fn pause(&mut self) {
        let longest = Self::FIRST_MS.saturating_mul(1 << self.made.min(10)).min(Self::LONGEST_MS);
        self.made += 1;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(longest / 2..=longest))).await;
    }
}

/// Writes until the store holds what is wanted, beginning with an image of it.
///
/// `stop` is asked between two requests. `progress` is told how many pairs of how many were written.
///
/// # Errors
/// With what was written until then. Doing the same again goes on from there.
pub async fn carry_out(
    client: &Client,
    order: &Order<'_>,
    image: Image,
    stop: &(dyn Fn() -> bool + Sync),
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Applied, Unfinished> {
    let mut run =
        Run { client, order, stop, progress, applied: Applied::default(), whole: client.may_have_whole };
    let mut image = image;
    let mut pauses = Pauses::default();
    for _ in 0..TRIES {
        if run.pass(&image).await? == Pass::Done {
            return Ok(run.applied);
        }
        run.applied.conflicts += 1;
        pauses.pause().await;
        let read = client.read_all(order.arn, &|_done, _of| {}).await;
        image = read.map_err(|error| run.unfinished(0, 0, error.into()))?;
    }
    let error = ClientError::new(Kind::Stale, "others write to this store all the time; try again later");
    Err(run.unfinished(0, 0, error.into()))
}

#[derive(PartialEq, Eq)]
enum Pass {
    Done,
    /// Somebody else wrote: read and plan again.
    Conflict,
}

struct Run<'a> {
    client: &'a Client,
    order: &'a Order<'a>,
    stop: &'a (dyn Fn() -> bool + Sync),
    progress: &'a (dyn Fn(u64, u64) + Sync),
    applied: Applied,
    /// The endpoint writes everything in one step.
    whole: bool,
}

impl Run<'_> {
    fn unfinished(&self, in_doubt: u64, remaining: u64, cause: Cause) -> Unfinished {
        Unfinished { applied: self.applied, in_doubt, remaining, cause }
    }

    /// Plans from an image of the store and writes the difference.
    async fn pass(&mut self, image: &Image) -> Result<Pass, Unfinished> {
        let order = self.order;
        let plan = Plan::new(&image.pairs, order.wanted, order.ownership);
        let plan = plan.map_err(|error| self.unfinished(0, 0, error.into()))?;
        plan.check(order.quotas).map_err(|error| self.unfinished(0, 0, error.into()))?;
        let total = count(plan.entries().len());
        if plan.is_empty() {
            self.applied.item_count = plan.before().item_count;
            self.applied.total_size_in_bytes = plan.before().total_size_in_bytes;
            return Ok(Pass::Done);
        }
        if self.whole {
            match self.write(&plan.whole(), image, &image.etag, total).await? {
                Some(_etag) => return Ok(Pass::Done),
                None if self.whole => return Ok(Pass::Conflict),
                // The endpoint has no such operation: do it the service's way.
                None => {}
            }
        }
        let batches = plan.batches(order.quotas, order.batch_size);
        let batches = batches.map_err(|error| self.unfinished(0, 0, error.into()))?;
        let mut etag = image.etag.clone();
        let mut remaining = total;
        for batch in batches {
            match self.write(&batch, image, &etag, remaining).await? {
                Some(next) => etag = next,
                None => return Ok(Pass::Conflict),
            }
            remaining = remaining.saturating_sub(count(batch.len()));
            (self.progress)(total - remaining, total);
        }
        Ok(Pass::Done)
    }

    /// Writes one batch. Nothing: the store changed, or everything cannot be written at once, which `whole`
    /// then says.
    async fn write(
        &mut self,
        batch: &Batch<'_>,
        image: &Image,
        etag: &str,
        remaining: u64,
    ) -> Result<Option<String>, Unfinished> {
        if (self.stop)() {
            return Err(self.unfinished(0, remaining, Cause::Interrupted));
        }
        let (arn, client) = (self.order.arn, self.client);
        let answer = if self.whole {
            client.write_whole(arn, etag, &batch.puts, &batch.deletes).await
        } else {
            client.update(arn, etag, &batch.puts, &batch.deletes).await
        };
        match answer {
            Ok(written) => {
                let changed = batch.puts.iter().filter(|(key, _)| image.pairs.get(key).is_some()).count();
                self.applied.added += count(batch.puts.len() - changed);
                self.applied.changed += count(changed);
                self.applied.removed += count(batch.deletes.len());
                self.applied.requests += 1;
                self.applied.atomic = self.whole && self.applied.requests == 1;
                self.applied.item_count = written.item_count;
                self.applied.total_size_in_bytes = written.total_size_in_bytes;
                Ok(Some(written.etag))
            }
            Err(error) if error.kind == Kind::Stale => Ok(None),
            Err(error) if self.whole && matches!(error.kind, Kind::UnknownOperation | Kind::TooLarge) => {
                self.whole = false;
                Ok(None)
            }
            Err(error) => {
                let in_doubt = match error.kind {
                    Kind::NoAnswer | Kind::Unavailable => count(batch.len()),
                    Kind::Stale
                    | Kind::NotFound
                    | Kind::UnknownOperation
                    | Kind::TooLarge
                    | Kind::Refused => 0,
                };
                Err(self.unfinished(in_doubt, remaining.saturating_sub(in_doubt), error.into()))
            }
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
