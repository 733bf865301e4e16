//! The memory of all bodies: a bound, and which body gives way when there is none left.
//!
//! A body takes memory as its bytes arrive. When there is too little for the next bytes, a body that arrives slowly
//! gives its memory up: of the address whose bodies take the most, and there of the access key whose bodies do, the one
//! that is the latest. Otherwise a few senders that stop in the middle of large bodies would keep all others out; and access
//! keys are not proven yet, so that one sender can name as many as it likes. A body that is complete keeps its memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyfront_error::ServiceError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Settings;
use super::refusals;

/// A body that arrives more slowly than this is late. Most networks are faster; a slower client is served as well
/// while memory is left.
const BYTES_PER_SECOND: u64 = 8 * 1024 * 1024;

/// Time that any body has, beyond what its bytes take.
const GRACE: Duration = Duration::from_millis(100);

/// How large a body may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// As large as any request's.
    Small,
    /// As large as a store.
    Store,
}

impl Size {
    /// In bytes.
    pub(super) fn limit(self, settings: &Settings) -> usize {
        match self {
            Size::Small => settings.max_body_bytes,
            Size::Store => settings.max_store_body_bytes,
        }
    }
}

/// Who sends a body, as far as is known before its signature is verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sender {
    /// The address that limits count it by.
    pub(super) address: Option<IpAddr>,
    pub(super) access_key_id: String,
}

/// The bytes that bodies may still take.
pub(super) struct BodyBudget(Arc<Mutex<State>>);

struct State {
    left: usize,
    /// Of these, what bodies as large as a store may take, so that they leave something to the small ones.
    left_for_stores: usize,
    bodies: HashMap<u64, Entry>,
    next: u64,
}

struct Entry {
    size: Size,
    bytes: usize,
    /// Its sender and when it began, while it arrives.
    arriving: Option<(Sender, Instant)>,
    evicted: CancellationToken,
}

/// What a body takes of the budget, until it is dropped.
pub(super) struct Reservation {
    state: Arc<Mutex<State>>,
    id: u64,
    evicted: CancellationToken,
}

impl BodyBudget {
    pub(super) fn new(settings: &Settings) -> BodyBudget {
        let left = settings.max_bytes_of_bodies;
        let left_for_stores = settings.max_store_body_bytes.max(left / 2).min(left);
        let state = State { left, left_for_stores, bodies: HashMap::new(), next: 0 };
        BodyBudget(Arc::new(Mutex::new(state)))
    }

    /// A reservation for a body whose first byte is still to come.
    pub(super) fn arriving(&self, size: Size, sender: Sender) -> Reservation {
        self.add(Entry {
            size,
            bytes: 0,
            arriving: Some((sender, Instant::now())),
            evicted: CancellationToken::new(),
        })
    }

    /// Reserves the bytes of a body that is complete.
    pub(super) fn complete(&self, size: Size, bytes: usize) -> Result<Reservation, ServiceError> {
        let reservation =
            self.add(Entry { size, bytes: 0, arriving: None, evicted: CancellationToken::new() });
        reservation.grow(bytes)?;
        Ok(reservation)
    }

    fn add(&self, entry: Entry) -> Reservation {
        let evicted = entry.evicted.clone();
        let mut state = lock(&self.0);
        let id = state.next;
        state.next += 1;
        state.bodies.insert(id, entry);
        Reservation { state: Arc::clone(&self.0), id, evicted }
    }
}

impl Reservation {
    /// Takes more bytes, of late bodies if need be. Waiting could wait for bodies that themselves wait, so a body
    /// that does not fit is throttled.
    pub(super) fn grow(&self, bytes: usize) -> Result<(), ServiceError> {
        let mut state = lock(&self.state);
        let Some(size) = state.bodies.get(&self.id).map(|entry| entry.size) else {
            return Err(refusals::throttled());
        };
        while state.room(size) < bytes {
            let only_stores = state.left >= bytes;
            match state.latest(only_stores, Instant::now()) {
                Some(id) if id != self.id => state.evict(id),
                Some(_) | None => return Err(refusals::throttled()),
            }
        }
        state.take(self.id, bytes);
        Ok(())
    }

    /// Says that the body has arrived. It is not evicted from now on.
    pub(super) fn arrived(&self) {
        if let Some(entry) = lock(&self.state).bodies.get_mut(&self.id) {
            entry.arriving = None;
        }
    }

    /// Waits until another body was given the memory of this one.
    pub(super) async fn evicted(&self) {
        self.evicted.cancelled().await;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        lock(&self.state).remove(self.id);
    }
}

impl State {
    /// The bytes that a body of a size may take.
    fn room(&self, size: Size) -> usize {
        match size {
            Size::Small => self.left,
            Size::Store => self.left.min(self.left_for_stores),
        }
    }

    fn take(&mut self, id: u64, bytes: usize) {
        let Some(entry) = self.bodies.get_mut(&id) else { return };
        entry.bytes += bytes;
        self.left -= bytes;
        if entry.size == Size::Store {
            self.left_for_stores -= bytes;
        }
    }

    /// Gives back what a body took.
    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.bodies.remove(&id)?;
        self.left += entry.bytes;
        if entry.size == Size::Store {
            self.left_for_stores += entry.bytes;
        }
        Some(entry)
    }

    /// Its bytes are free at once: the request that holds them ends as soon as it runs.
    fn evict(&mut self, id: u64) {
        if let Some(entry) = self.remove(id) {
            entry.evicted.cancel();
        }
    }

    /// The body that gives way: of the address and then the access key whose late bodies take the most, the one that is the
    /// latest.
    fn latest(&self, only_stores: bool, now: Instant) -> Option<u64> {
        let late = || {
            self.bodies.iter().filter_map(|(id, entry)| {
                let (sender, since) = entry.arriving.as_ref()?;
                let late = lateness(now.duration_since(*since), entry.bytes)?;
                let counts = entry.bytes > 0 && (!only_stores || entry.size == Size::Store);
                counts.then_some((sender, late, *id, entry.bytes))
            })
        };
        let mut by_address: HashMap<Option<IpAddr>, usize> = HashMap::new();
        let mut by_sender: HashMap<&Sender, usize> = HashMap::new();
        for (sender, _, _, bytes) in late() {
            *by_address.entry(sender.address).or_default() += bytes;
            *by_sender.entry(sender).or_default() += bytes;
        }
        let held = |sender: &Sender| {
            let of_address = by_address.get(&sender.address).copied();
            (of_address.unwrap_or_default(), by_sender.get(sender).copied().unwrap_or_default())
        };
        late().max_by_key(|(sender, late, id, _)| (held(sender), *late, *id)).map(|(_, _, id, _)| id)
    }
}

/// By how much a body of an age is later than one of the expected speed, if it is.
fn lateness(age: Duration, bytes: usize) -> Option<Duration> {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    let expected = GRACE + Duration::from_millis(bytes.saturating_mul(1000) / BYTES_PER_SECOND);
    age.checked_sub(expected).filter(|late| !late.is_zero())
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;

    fn budget(max_bytes_of_bodies: usize) -> BodyBudget {
        BodyBudget::new(&Settings { max_bytes_of_bodies, max_store_body_bytes: MIB, ..Settings::default() })
    }

    fn sender(access_key_id: &str) -> Sender {
        Sender { address: None, access_key_id: access_key_id.to_owned() }
    }

    /// A body of which this many bytes have arrived.
    fn body(budget: &BodyBudget, size: Size, from: &str, bytes: usize) -> Result<Reservation, ServiceError> {
        let body = budget.arriving(size, sender(from));
        body.grow(bytes)?;
        Ok(body)
    }

    fn evicted(bodies: &[Reservation]) -> Vec<bool> {
        bodies.iter().map(|body| body.evicted.is_cancelled()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_body_gives_way_and_one_that_keeps_pace_does_not() {
        let budget = budget(8 * MIB);
        let held = [
            body(&budget, Size::Small, "a", 4 * MIB).unwrap(),
            body(&budget, Size::Small, "a", 4 * MIB).unwrap(),
        ];
        assert!(body(&budget, Size::Small, "b", 1).is_err());
        assert_eq!(evicted(&held), [false, false]);
        // 4 MiB may take half a second, and the grace.
        tokio::time::advance(Duration::from_millis(601)).await;
        held[1].arrived();
        let new = body(&budget, Size::Small, "b", 1).unwrap();
        assert_eq!(evicted(&held), [true, false]);
        held[0].evicted().await;
        assert!(held[0].grow(1).is_err(), "it was given up");
        // What it had is not given back twice.
        drop((held, new));
        assert!(body(&budget, Size::Small, "b", 8 * MIB).is_ok());
        assert!(body(&budget, Size::Small, "b", 8 * MIB + 1).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn the_sender_with_the_most_loses_first_and_of_its_bodies_the_latest() {
        let budget = budget(4 * MIB);
        let mut held = vec![body(&budget, Size::Small, "few", MIB).unwrap()];
        for _ in 0..3 {
            tokio::time::advance(Duration::from_millis(1)).await;
            held.push(body(&budget, Size::Small, "many", MIB).unwrap());
        }
        tokio::time::advance(Duration::from_secs(1)).await;
        let _new = body(&budget, Size::Small, "other", MIB + 1).unwrap();
        assert_eq!(evicted(&held), [false, true, true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_with_many_access_keys_is_one_sender() {
        let budget = budget(4 * MIB);
        let from = |address: &str, access_key_id: &str| Sender {
            address: Some(address.parse().unwrap()),
            access_key_id: access_key_id.to_owned(),
        };
        let body = |sender: Sender, bytes: usize| {
            let body = budget.arriving(Size::Small, sender);
            body.grow(bytes).unwrap();
            body
        };
        let alone = body(from("10.0.0.1", "a"), 2 * MIB - MIB / 2);
        let many = ["a", "b", "c"].map(|key| body(from("10.0.0.2", key), 3 * MIB / 4));
        tokio::time::advance(Duration::from_secs(1)).await;
        let _new = body(from("10.0.0.3", "a"), MIB);
        assert!(!alone.evicted.is_cancelled(), "it has the largest body, and its address has less");
        assert_eq!(evicted(&many).iter().filter(|evicted| **evicted).count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_sender_that_has_all_the_memory_is_refused_more_of_it() {
        let budget = budget(MIB);
        let held = body(&budget, Size::Small, "a", MIB).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(held.grow(1).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn stores_give_way_to_stores_and_small_ones_keep_their_half() {
        let budget = budget(4 * MIB);
        let stores = body(&budget, Size::Store, "a", 2 * MIB).unwrap();
        let small = body(&budget, Size::Small, "b", 2 * MIB).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        drop(small);
        let small = body(&budget, Size::Small, "b", MIB).unwrap();
        let _more = body(&budget, Size::Store, "c", MIB).unwrap();
        assert_eq!(evicted(&[stores, small]), [true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_small_body_passes_however_many_stalled_ones_hold_the_memory() {
        let budget = budget(256 * MIB);
        let stalled: Vec<_> =
            (0..500).filter_map(|_| body(&budget, Size::Small, "attacker", 8 * MIB - 1).ok()).collect();
        tokio::time::advance(Duration::from_millis(1200)).await;
        let whole = body(&budget, Size::Small, "attacker", 1000).unwrap();
        whole.arrived();
        assert_eq!(stalled.iter().filter(|body| body.evicted.is_cancelled()).count(), 1);
    }
}
