//! Requests for the same object wait for one fetch (AWS: "request collapsing").

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::object::Object;
use crate::key::CacheKey;

/// Locks, each for a part of the keys.
const SHARDS: usize = 64;

/// All fetches that others may wait for.
pub(super) struct Flights {
    shards: Vec<Mutex<HashMap<u128, Arc<Flight>>>>,
}

/// One fetch.
pub(super) struct Flight {
    key: CacheKey,
    /// It asks for the head alone, which is no help to those who want the body.
    is_head: bool,
    outcome: watch::Sender<Outcome>,
}

/// What a fetch has come to.
#[derive(Clone)]
pub(super) enum Outcome {
    /// Nothing yet.
    Waiting,
    /// An object that all may have; its body may still be coming.
    Shared(Arc<Object>),
    /// An answer for one alone.
    Alone,
}

/// What a request does that finds no object.
pub(super) enum Seat {
    /// It fetches, and others wait.
    Lead(Arc<Flight>),
    /// It waits.
    Follow(watch::Receiver<Outcome>),
    /// It fetches for itself: two keys have one digest.
    Alone,
}

impl Flights {
    pub(super) fn new() -> Flights {
        Flights { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// Joins the fetch of a key, or begins one. A fetch whose object `is_usable` no longer is left to those who have it.
    pub(super) fn seat(&self, key: &CacheKey, is_head: bool, is_usable: impl Fn(&Object) -> bool) -> Seat {
        let Some(mut flights) = self.shard(key.digest()) else { return Seat::Alone };
        if let Some(flight) = flights.get(&key.digest()) {
            if flight.key != *key {
                return Seat::Alone;
            }
            let follower = flight.outcome.subscribe();
            let is_open = match &*follower.borrow() {
                Outcome::Waiting => true,
                Outcome::Shared(object) => is_usable(object),
                Outcome::Alone => false,
            };
            if is_open && (is_head || !flight.is_head) {
                return Seat::Follow(follower);
            }
        }
        let flight =
            Arc::new(Flight { key: key.clone(), is_head, outcome: watch::Sender::new(Outcome::Waiting) });
        flights.insert(key.digest(), Arc::clone(&flight));
        Seat::Lead(flight)
    }

    /// No more requests join a fetch.
    fn close(&self, digest: u128, flight: &Arc<Flight>) {
        if let Some(mut flights) = self.shard(digest)
            && flights.get(&digest).is_some_and(|known| Arc::ptr_eq(known, flight))
        {
            flights.remove(&digest);
        }
    }

    /// How many fetches others may wait for.
    pub(super) fn len(&self) -> usize {
        let of_shard = |shard: &Mutex<HashMap<u128, Arc<Flight>>>| {
            shard.lock().unwrap_or_else(PoisonError::into_inner).len()
        };
        self.shards.iter().map(of_shard).sum()
    }

    fn shard(&self, digest: u128) -> Option<MutexGuard<'_, HashMap<u128, Arc<Flight>>>> {
        let index = usize::try_from(digest % 64).ok()?;
        Some(self.shards.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Flight {
    /// One who waits, from now on.
    pub(super) fn wait(&self) -> watch::Receiver<Outcome> {
        self.outcome.subscribe()
    }

    /// All who waited have left.
    pub(super) async fn deserted(&self) {
        self.outcome.closed().await;
    }
}

/// Ends a fetch however the task that does it ends: a request that still waits then fetches for itself.
pub(super) struct Landing<'f> {
    pub(super) flights: &'f Flights,
    pub(super) digest: u128,
    pub(super) flight: Arc<Flight>,
}

impl Landing<'_> {
    /// There are requests that wait, or have just been told and are about to have what they waited for.
    pub(super) fn is_awaited(&self) -> bool {
        self.flight.outcome.receiver_count() > 0
    }

    /// Tells all who wait. Only a shared object lets others join.
    pub(super) fn tell(&self, outcome: Outcome) {
        if !matches!(outcome, Outcome::Shared(_)) {
            self.flights.close(self.digest, &self.flight);
        }
        self.flight.outcome.send_replace(outcome);
    }
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.flights.close(self.digest, &self.flight);
        self.flight.outcome.send_if_modified(|outcome| {
            let waits = matches!(outcome, Outcome::Waiting);
            if waits {
                *outcome = Outcome::Alone;
            }
            waits
        });
    }
}
