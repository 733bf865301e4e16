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
    const LONGEST_MS: u64 = 1_000;

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
    let mut run = Run {
        client,
        order,
        stop,
        progress,
        applied: Applied::default(),
        remaining: 0,
        doubtful: None,
        whole: client.has_whole(),
    };
    let mut image = image;
    let mut pauses = Pauses::default();
    for _ in 0..TRIES {
        if run.pass(&image).await? == Pass::Done {
            return Ok(run.applied);
        }
        pauses.pause().await;
        if stop() {
            return Err(run.unfinished(Cause::Interrupted));
        }
        let read = client.read_all(order.arn, &|_done, _of| {}).await;
        image = read.map_err(|error| run.unfinished(error.into()))?;
        run.settle(&image);
    }
    let error = ClientError::new(
        Kind::Stale,
        format!("others write to this store all the time: it changed {TRIES} times while it was written"),
    );
    Err(run.unfinished(error.into()))
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
    /// Pairs that the last plan wanted written and that are not.
    remaining: u64,
    /// What was sent more than once and refused as stale in the end.
    doubtful: Option<Doubtful>,
    /// The endpoint writes everything in one step.
    whole: bool,
}

/// A batch whose first answer may have been lost: when it was sent again it met its own effect, or a write of
/// somebody else. Only the store knows.
struct Doubtful {
    /// Keys, and the values they would have; none for those that would be gone.
    wanted: Vec<(String, Option<String>)>,
    done: Done,
}

/// What a batch does.
#[derive(Clone, Copy)]
struct Done {
    added: u64,
    changed: u64,
    removed: u64,
}

impl Done {
    fn of(batch: &Batch<'_>, image: &Image) -> Done {
        let changed = batch.puts.iter().filter(|(key, _)| image.pairs.get(key).is_some()).count();
        Done {
            added: count(batch.puts.len() - changed),
            changed: count(changed),
            removed: count(batch.deletes.len()),
        }
    }
}

impl Doubtful {
    fn of(batch: &Batch<'_>, done: Done) -> Doubtful {
        let puts = batch.puts.iter().map(|(key, value)| ((*key).to_owned(), Some((*value).to_owned())));
        let deletes = batch.deletes.iter().map(|key| ((*key).to_owned(), None));
        Doubtful { wanted: puts.chain(deletes).collect(), done }
    }

    fn is_in(&self, image: &Image) -> bool {
        self.wanted.iter().all(|(key, value)| image.pairs.get(key) == value.as_deref())
    }
}

impl Run<'_> {
    fn unfinished(&self, cause: Cause) -> Unfinished {
        Unfinished { applied: self.applied, in_doubt: 0, remaining: self.remaining, cause }
    }

    fn wrote(&mut self, done: Done) {
        self.applied.added += done.added;
        self.applied.changed += done.changed;
        self.applied.removed += done.removed;
        self.applied.requests += 1;
        self.applied.atomic = self.whole && self.applied.requests == 1;
        self.remaining = self.remaining.saturating_sub(done.added + done.changed + done.removed);
    }

    /// Finds out from what a store holds after a conflict whose write it was that came between.
    fn settle(&mut self, image: &Image) {
        match self.doubtful.take() {
            Some(doubtful) if doubtful.is_in(image) => self.wrote(doubtful.done),
            Some(_) | None => self.applied.conflicts += 1,
        }
    }

    /// Plans from an image of the store and writes the difference.
    async fn pass(&mut self, image: &Image) -> Result<Pass, Unfinished> {
        let order = self.order;
        let plan = Plan::new(&image.pairs, order.wanted, order.ownership);
        let plan = plan.map_err(|error| self.unfinished(error.into()))?;
        plan.check(order.quotas).map_err(|error| self.unfinished(error.into()))?;
        let total = count(plan.entries().len());
        self.remaining = total;
        if plan.is_empty() {
            self.applied.item_count = plan.before().item_count;
            self.applied.total_size_in_bytes = plan.before().total_size_in_bytes;
            return Ok(Pass::Done);
        }
        if self.whole {
            match self.write(&plan.whole(), image, &image.etag).await? {
                Some(_etag) => return Ok(Pass::Done),
                None if self.whole => return Ok(Pass::Conflict),
                // The endpoint has no such operation: do it the service's way.
                None => {}
            }
        }
        let batches = plan.batches(order.quotas, order.batch_size);
        let batches = batches.map_err(|error| self.unfinished(error.into()))?;
        let mut etag = image.etag.clone();
        for batch in batches {
            match self.write(&batch, image, &etag).await? {
                Some(next) => etag = next,
                None => return Ok(Pass::Conflict),
            }
            (self.progress)(total.saturating_sub(self.remaining), total);
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
    ) -> Result<Option<String>, Unfinished> {
        if (self.stop)() {
            return Err(self.unfinished(Cause::Interrupted));
        }
        let (arn, client) = (self.order.arn, self.client);
        let answer = if self.whole {
            client.write_whole(arn, etag, &batch.puts, &batch.deletes).await
        } else {
            client.update(arn, etag, &batch.puts, &batch.deletes).await
        };
        match answer {
            Ok(written) => {
                self.wrote(Done::of(batch, image));
                self.applied.item_count = written.item_count;
                self.applied.total_size_in_bytes = written.total_size_in_bytes;
                Ok(Some(written.etag))
            }
            Err(error) if error.kind == Kind::Stale => {
                self.doubtful = error.repeated.then(|| Doubtful::of(batch, Done::of(batch, image)));
                Ok(None)
            }
            Err(error) if self.whole && matches!(error.kind, Kind::UnknownOperation | Kind::TooLarge) => {
                if error.kind == Kind::UnknownOperation {
                    client.has_no_whole();
                }
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
                let remaining = self.remaining.saturating_sub(in_doubt);
                Err(Unfinished { applied: self.applied, in_doubt, remaining, cause: error.into() })
            }
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
