//! The listener's room for connections: caps, and which idle or slow connection makes room for a new one.
//!
//! An attacker with many addresses can fill it below the cap of each. What they hold is of little use by then: idle
//! connections, and requests whose clients send or read slowly. So such a connection makes room, first of the address that
//! has the most.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::activity::{Activity, PATIENT};
use crate::limits::LimitsInForce;
use crate::vacancy::Vacancy;

/// Counts connections, in total and by address.
pub(crate) struct Room {
    limits: LimitsInForce,
    state: Mutex<State>,
    /// Told when a connection ends or becomes idle.
    changed: Arc<Vacancy>,
}

#[derive(Default)]
struct State {
    connections: HashMap<u64, Entry>,
    by_address: HashMap<IpAddr, usize>,
    next: u64,
}

struct Entry {
    address: IpAddr,
    activity: Arc<Activity>,
    evicted: CancellationToken,
}

/// All places for connections are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// Its address has as many as it may, all busy.
    Address,
    /// All connections are busy.
    All,
}

/// What a connection takes of the room, until it is dropped.
pub(crate) struct Place {
    room: Arc<Room>,
    id: u64,
    activity: Arc<Activity>,
    evicted: CancellationToken,
}

impl Room {
    pub(crate) fn new(limits: LimitsInForce) -> Arc<Room> {
        let (state, changed) = (Mutex::default(), Arc::default());
        Arc::new(Room { limits, state, changed })
    }

    /// Takes a place, of an idle or slow connection if need be: of the address with the most connections an idle one before
    /// a slow one, and the one that has been so the longest.
    pub(crate) fn admit(self: &Arc<Self>, peer: IpAddr) -> Result<Place, Full> {
        let address = counted_as(peer);
        let limits = self.limits.now();
        let mut state = self.lock();
        let of_address = state.by_address.get(&address).copied().unwrap_or_default();
        if of_address >= limits.max_connections_per_address {
            state.evict(Some(address)).ok_or(Full::Address)?;
        } else if state.connections.len() >= limits.max_connections {
            self.changed.want();
            state.evict(None).ok_or(Full::All)?;
        }
        let id = state.next;
        state.next += 1;
        let activity = Arc::new(Activity::new(Arc::clone(&self.changed)));
        let evicted = CancellationToken::new();
        let entry = Entry { address, activity: Arc::clone(&activity), evicted: evicted.clone() };
        state.connections.insert(id, entry);
        *state.by_address.entry(address).or_default() += 1;
        Ok(Place { room: Arc::clone(self), id, activity, evicted })
    }

    /// Waits until a connection has ended or become idle, or for so long that one may have become slow.
    pub(crate) async fn changed(&self) {
        self.changed.told(PATIENT).await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Ends the least useful connection, of one address or of all.
    fn evict(&mut self, of: Option<IpAddr>) -> Option<()> {
        let connections =
            self.connections.iter().filter(|(_, entry)| of.is_none_or(|of| of == entry.address));
        let useless = connections.filter_map(|(id, entry)| {
            let (why, since) = entry.activity.useless_since()?;
            let of_address = self.by_address.get(&entry.address).copied().unwrap_or_default();
            Some((Reverse(of_address), Reverse(why), since, *id))
        });
        let (_, _, _, id): (_, _, Instant, _) = useless.min()?;
        let entry = self.remove(id)?;
        entry.evicted.cancel();
        Some(())
    }

    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.connections.remove(&id)?;
        if let Some(count) = self.by_address.get_mut(&entry.address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&entry.address);
            }
        }
        Some(entry)
    }
}

impl Place {
    /// What happens on the connection.
    pub(crate) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }

    /// Waits until another connection gets this place.
    pub(crate) async fn evicted(&self) {
        self.evicted.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.lock().remove(self.id);
        self.room.changed.tell();
    }
}

/// The address that limits count a client by. An IPv6 network of 64 bits is one address: a host usually has all of it.
pub(crate) fn counted_as(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests;
