//! The cache of the edge: objects in memory, one fetch for many requests, stale objects, invalidations.
//!
//! | module | part |
//! |---|---|
//! | `wanted` | what a lookup is asked and answers, and how objects are fetched |
//! | `object`, `head` | one object and the times in its life; its head in little memory |
//! | `settings` | what the operator says of it |
//! | `shelves` | where objects are kept, in memory or in the folder |
//! | `memory`, `budget` | objects that are complete, and memory for those that are coming |
//! | `collapse` | requests that wait for the fetch of another |
//! | `settle`, `revalidate` | what an origin's answer means |
//! | `disk` | objects that memory has no room for |
//! | `fill` | a body on its way into the cache |
//! | `invalidations`, `sweep` | objects that may no longer be used |
//!
//! How long an answer may be used is `keyfront-domain`'s (`caching`). What is in the key, and what viewers get of an
//! object, conditions and ranges above all, are other steps'. Settings of a distribution are not part of an object: when
//! they change, the cache stays as it is, and each request uses the TTLs that it comes with for what it fetches.
//!
//! Where AWS is silent: HEAD goes to the origin as HEAD, and what it answers serves only other HEADs, while an object of
//! a GET serves both; so a GET does not wait for a HEAD. Of an answer that may not be shared, those who wait are told at
//! once, and for ten seconds requests for its key do not wait for each other.

mod budget;
mod clock;
mod collapse;
mod disk;
mod fill;
mod head;
mod invalidations;
mod memory;
mod object;
mod revalidate;
mod settings;
mod settle;
mod shelves;
mod statistics;
mod sweep;
mod wanted;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use budget::Budget;
pub use clock::{Clock, SystemClock};
use collapse::{Flight, Flights, Landing, Outcome, Seat};
pub use disk::CacheDisk;
use disk::Disk;
use fill::Purpose;
pub use invalidations::Invalidations;
use memory::Memory;
use object::{Object, Phase};
pub use settings::CacheSettings;
use settle::{Question, Settled};
use statistics::Counters;
pub use statistics::Statistics;
pub use wanted::{BoxFuture, CachingRules, ErrorTtls, Fetch, Served, Validators, Verdict, Wanted};

use crate::origin::OriginFailure;

#[cfg(test)]
mod tests;

/// How long a key is remembered whose answer may not be shared, in milliseconds.
const PASS_MS: u64 = 10_000;

/// How many such keys are remembered.
const PASSED_KEYS: usize = 16_384;

/// How often a request joins a fetch that then fails to be of use, before it asks the origin itself.
const TRIES: usize = 3;

/// The cache. Clones share it.
#[derive(Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

struct Inner {
    memory: Memory,
    disk: Option<Disk>,
    budget: Arc<Budget>,
    flights: Flights,
    invalidations: Invalidations,
    /// Keys whose answers may not be shared, and until when that is remembered.
    passed: quick_cache::sync::Cache<u128, u64>,
    clock: Arc<dyn Clock>,
    counters: Counters,
    collapse_wait: Duration,
    stall: Duration,
}

impl Cache {
    /// An empty cache.
    pub fn new(settings: &CacheSettings, disk: Option<CacheDisk>, clock: Arc<dyn Clock>) -> Cache {
        let filling_bytes = settings.memory_bytes / 4;
        let (disk, demoted) = disk.map(|disk| Disk::new(disk, settings.memory_bytes)).unzip();
        let inner = Inner {
            memory: Memory::new(settings.memory_bytes - filling_bytes, demoted),
            disk,
            budget: Budget::new(filling_bytes),
            flights: Flights::new(),
            invalidations: Invalidations::default(),
            passed: quick_cache::sync::Cache::new(PASSED_KEYS),
            clock,
            counters: Counters::default(),
            collapse_wait: Duration::from_millis(settings.collapse_wait_ms),
            stall: Duration::from_millis(settings.stall_ms),
        };
        Cache { inner: Arc::new(inner) }
    }

    /// Takes invalidations.
    pub fn invalidations(&self) -> Invalidations {
        self.inner.invalidations.clone()
    }

    /// What it holds and has done.
    pub fn statistics(&self) -> Statistics {
        let Inner { memory, disk, budget, flights, counters, .. } = &*self.inner;
        let of_disk = |figure: fn(&Disk) -> u64| disk.as_ref().map_or(0, figure);
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        Statistics {
            objects: count(memory.len()),
            bytes: memory.bytes(),
            filling_bytes: budget.used(),
            flights: count(flights.len()),
            hits: counters.hits.get(),
            stale_hits: counters.stale_hits.get(),
            collapsed: counters.collapsed.get(),
            refresh_hits: counters.refresh_hits.get(),
            misses: counters.misses.get(),
            refused_fills: counters.refused_fills.get(),
            evictions: memory.evictions().saturating_add(of_disk(|disk| disk.objects.evictions())),
            disk_objects: of_disk(|disk| u64::try_from(disk.objects.len()).unwrap_or(u64::MAX)),
            disk_bytes: of_disk(|disk| disk.objects.bytes()),
            disk_filling_bytes: of_disk(|disk| disk.budget.used()),
            invalidated: counters.invalidated.get(),
        }
    }

    /// Answers a request if that needs no origin, so that a hit need not say how to ask one. A failure of an origin is
    /// remembered for the error caching minimum TTL of its status.
    pub fn find(&self, wanted: &Wanted) -> Option<Result<Served, OriginFailure>> {
        let object = self.inner.find(wanted)?;
        match object.phase(self.inner.clock.now_ms()) {
            Phase::Fresh | Phase::Retained => Some(self.inner.answer_with(&object, wanted, Verdict::Hit)),
            Phase::Revalidating | Phase::Stale => None,
        }
    }

    /// Answers a request, from the cache or by way of the origin.
    ///
    /// # Errors
    /// The origin failed, now or within the error caching minimum TTL, and there is nothing stale that may be used. The
    /// caller makes the page.
    pub async fn get(&self, wanted: Wanted, fetch: Arc<dyn Fetch>) -> Result<Served, OriginFailure> {
        let inner = &self.inner;
        if !wanted.rules.ttls.caches() {
            inner.counters.misses.add();
            return fetch.fetch(None).await.map(|answer| settle::passed(&wanted, answer));
        }
        let mut stale = None;
        for _ in 0..TRIES {
            stale = inner.find(&wanted);
            if let Some(object) = &stale {
                match object.phase(inner.clock.now_ms()) {
                    Phase::Fresh | Phase::Retained => {
                        return inner.answer_with(object, &wanted, Verdict::Hit);
                    }
                    Phase::Revalidating => {
                        self.revalidate_beside(&wanted, &fetch, object);
                        return inner.answer_with(object, &wanted, Verdict::Hit);
                    }
                    Phase::Stale => {}
                }
            }
            if !wanted.rules.collapse || inner.is_passed(wanted.key.digest()) {
                break;
            }
            let answer = match inner.seat(&wanted) {
                Seat::Lead(flight) => self.lead(&wanted, &fetch, stale.clone(), flight).await,
                Seat::Follow(waiting) => inner.follow(&wanted, waiting).await,
                Seat::Alone => break,
            };
            match answer {
                Attempt::Answered(answer) => return *answer,
                Attempt::Alone => break,
                Attempt::Again => {}
            }
        }
        self.fetch_alone(&wanted, &fetch, stale).await
    }

    /// Fetches for this request and those who wait, in a task of its own: it goes on for them if this one leaves.
    async fn lead(
        &self,
        wanted: &Wanted,
        fetch: &Arc<dyn Fetch>,
        stale: Option<Arc<Object>>,
        flight: Arc<Flight>,
    ) -> Attempt {
        let waiting = flight.wait();
        let (leader, answer) = oneshot::channel();
        let fly = self.clone().fly((wanted.clone(), Arc::clone(fetch)), stale, flight, Some(leader));
        tokio::spawn(fly);
        let answer = answer.await;
        drop(waiting);
        answer.map_or(Attempt::Alone, |answer| Attempt::Answered(Box::new(answer)))
    }

    /// Fetches an object beside an answer with the stale one, unless that is being done.
    fn revalidate_beside(&self, wanted: &Wanted, fetch: &Arc<dyn Fetch>, stale: &Arc<Object>) {
        if let Seat::Lead(flight) = self.inner.seat(wanted) {
            let fly =
                self.clone().fly((wanted.clone(), Arc::clone(fetch)), Some(Arc::clone(stale)), flight, None);
            tokio::spawn(fly);
        }
    }

    /// A fetch that others may wait for.
    async fn fly(
        self,
        (wanted, fetch): (Wanted, Arc<dyn Fetch>),
        stale: Option<Arc<Object>>,
        flight: Arc<Flight>,
        leader: Option<oneshot::Sender<Result<Served, OriginFailure>>>,
    ) {
        let inner = &*self.inner;
        let landing =
            Landing { flights: &inner.flights, digest: wanted.key.digest(), flight: Arc::clone(&flight) };
        let begun = inner.invalidations.begin(&wanted.scopes);
        let question = Question { wanted: &wanted, fetch: &*fetch, stale: stale.as_ref(), begun: &begun };
        let for_later = leader.is_none();
        let settled = tokio::select! {
            biased;
            settled = inner.settle(&question) => settled,
            () = flight.deserted(), if !for_later => return,
        };
        let Settled { leader: answer, outcome, filling } = settled;
        landing.tell(outcome);
        if let Some(leader) = leader {
            // A viewer that has left needs no answer.
            drop(leader.send(answer));
        } else {
            drop(answer);
        }
        if let Some(filling) = filling {
            inner.fill(filling, Purpose { landing: Some(&landing), for_later }).await;
        }
    }

    /// Fetches for one request alone. If it leaves before the head has come, the fetch ends.
    async fn fetch_alone(
        &self,
        wanted: &Wanted,
        fetch: &Arc<dyn Fetch>,
        stale: Option<Arc<Object>>,
    ) -> Result<Served, OriginFailure> {
        let inner = &self.inner;
        let begun = inner.invalidations.begin(&wanted.scopes);
        let question = Question { wanted, fetch: &**fetch, stale: stale.as_ref(), begun: &begun };
        let Settled { leader, outcome, filling } = inner.settle(&question).await;
        if let Outcome::Shared(_) = outcome {
            // Its key has come to be one that can be shared.
            inner.passed.remove(&wanted.key.digest());
        }
        if let Some(filling) = filling {
            let inner = Arc::clone(inner);
            tokio::spawn(async move {
                inner.fill(filling, Purpose { landing: None, for_later: false }).await;
                drop(begun);
            });
        }
        leader
    }
}

/// What came of one attempt to get an object.
enum Attempt {
    Answered(Box<Result<Served, OriginFailure>>),
    /// The answer is not for others.
    Alone,
    /// The fetch that was waited for is of no use.
    Again,
}

impl Inner {
    fn seat(&self, wanted: &Wanted) -> Seat {
        let now_ms = self.clock.now_ms();
        let is_usable = |object: &Object| object.phase(now_ms) != Phase::Stale && !object.is_invalidated();
        self.flights.seat(&wanted.key, wanted.is_head, is_usable)
    }

    /// Waits for the fetch of another.
    async fn follow(&self, wanted: &Wanted, mut waiting: watch::Receiver<Outcome>) -> Attempt {
        let outcome = {
            let settled = waiting.wait_for(|outcome| !matches!(outcome, Outcome::Waiting));
            match tokio::time::timeout(self.collapse_wait, settled).await {
                Ok(Ok(outcome)) => outcome.clone(),
                Ok(Err(_)) => return Attempt::Again,
                Err(_) => return Attempt::Alone,
            }
        };
        match outcome {
            Outcome::Shared(object) if !object.is_invalidated() => {
                let Some(answer) = object.serve(wanted, Verdict::Hit, self.clock.now_ms()) else {
                    return Attempt::Again;
                };
                self.counters.collapsed.add();
                self.count(Verdict::Hit, answer.as_ref().is_ok_and(|served| served.is_stale));
                Attempt::Answered(Box::new(answer))
            }
            Outcome::Shared(_) | Outcome::Waiting => Attempt::Again,
            Outcome::Alone => Attempt::Alone,
        }
    }

    /// Answers with an object whose body is there, or has just begun to come.
    fn answer_with(
        &self,
        object: &Object,
        wanted: &Wanted,
        verdict: Verdict,
    ) -> Result<Served, OriginFailure> {
        if verdict != Verdict::Miss {
            object.note_use();
        }
        let answer = object.serve(wanted, verdict, self.clock.now_ms());
        let answer = answer.unwrap_or_else(|| {
            Err(OriginFailure::Broken(object.origin_id.to_string(), "the transfer has ended".to_owned()))
        });
        self.count(verdict, answer.as_ref().is_ok_and(|served| served.is_stale));
        answer
    }

    fn count(&self, verdict: Verdict, is_stale: bool) {
        match verdict {
            Verdict::Hit => self.counters.hits.add(),
            Verdict::RefreshHit => self.counters.refresh_hits.add(),
            Verdict::Miss => self.counters.misses.add(),
        }
        if is_stale && verdict == Verdict::Hit {
            self.counters.stale_hits.add();
        }
    }

    /// For a while requests for a key do not wait for each other.
    fn pass_for_a_while(&self, digest: u128) {
        self.passed.insert(digest, self.clock.now_ms().saturating_add(PASS_MS));
    }

    fn is_passed(&self, digest: u128) -> bool {
        self.passed.get(&digest).is_some_and(|until_ms| self.clock.now_ms() < until_ms)
    }
}
