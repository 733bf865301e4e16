//! Sessions and their slots: how the outcome of a commit is found out that was not answered.
//!
//! A commit holds a slot, which is a key in etcd that nothing else writes. Its transaction requires the slot as it was
//! left. After a lost answer, another transaction writes a bar to the slot: from then on the commit cannot be made, because
//! the slot it requires is gone; whether it was made before, the heads of before tell. See `resolution`. Commits write their
//! slot only where it is new, so that it is never left as it was when its session is collected.
//!
//! The slots of one engine belong to its session, which is named after a lease of etcd. A key with that lease says that
//! the session lives; slots of sessions that have ended are collected at the next start. The slots themselves
//! have no lease, so that a session that lapses fails no commit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::keys::KeySpace;
use crate::proto::etcdserverpb::PutRequest;
use crate::request;

/// The time after which a session has ended whose process is gone.
pub(crate) const TIME_TO_LIVE: Duration = Duration::from_mins(1);

/// The sessions of one engine: one at a time.
pub(crate) struct Sessions {
    current: Mutex<Arc<Session>>,
    renewal: tokio::sync::Mutex<()>,
}

pub(crate) struct Session {
    pub(crate) lease: i64,
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    /// Slots that no commit holds: number, and revision of the key.
    free: Vec<(u32, i64)>,
    /// How many there are.
    made: u32,
}

/// A slot that a commit holds. One that is not [given back](Slot::give_back) is not used again.
pub(crate) struct Slot {
    pub(crate) session: Arc<Session>,
    pub(crate) number: u32,
    /// The revision of the key; 0 while it is absent.
    pub(crate) revision: i64,
}

impl Sessions {
    pub(crate) fn new(lease: i64) -> Sessions {
        Sessions {
            current: Mutex::new(Arc::new(Session::new(lease))),
            renewal: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn current(&self) -> Arc<Session> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A free slot of the session.
    pub(crate) fn slot(&self) -> Slot {
        let session = self.current();
        let mut slots = session.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, revision) = slots.free.pop().unwrap_or_else(|| {
            slots.made = slots.made.saturating_add(1);
            (slots.made, 0)
        });
        drop(slots);
        Slot { session, number, revision }
    }

    /// Begins another session in place of the one that ended.
    pub(crate) async fn renew(
        &self,
        cluster: &Cluster,
        keys: &KeySpace,
        until: Instant,
        ended: i64,
    ) -> Result<(), Failure> {
        let _one_at_a_time = self.renewal.lock().await;
        if self.current().lease != ended {
            return Ok(());
        }
        let lease = begin(cluster, keys, until).await?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(Session::new(lease));
        Ok(())
    }
}

impl Session {
    fn new(lease: i64) -> Session {
        Session { lease, slots: Mutex::default() }
    }
}

impl Slot {
    /// Whether the key is absent. The first commit of the slot makes it.
    pub(crate) fn is_new(&self) -> bool {
        self.revision == 0
    }

    pub(crate) fn key(&self, keys: &KeySpace) -> Bytes {
        keys.slot(self.session.lease, self.number)
    }

    /// Frees the slot, whose key has this revision for certain.
    pub(crate) fn give_back(self, revision: i64) {
        let mut slots = self.session.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.free.push((self.number, revision));
    }
}

/// Takes a lease and says under it that the session lives.
pub(crate) async fn begin(cluster: &Cluster, keys: &KeySpace, until: Instant) -> Result<i64, Failure> {
    let lease = cluster.repeat(until, |client| client.grant(TIME_TO_LIVE)).await?;
    let say = PutRequest { key: keys.session(lease), value: Bytes::new(), lease };
    cluster.repeat(until, |client| client.put(say.clone())).await?;
    Ok(lease)
}

/// Removes the slots of sessions that have ended.
pub(crate) async fn collect(cluster: &Cluster, keys: &KeySpace, until: Instant) -> Result<(), Failure> {
    let slots = request::keys_only(request::range(keys.all_slots()));
    let found = cluster.repeat(until, |client| client.range(slots.clone())).await?;
    let mut leases: Vec<i64> = found.kvs.iter().filter_map(|slot| keys.lease_of(&slot.key)).collect();
    leases.dedup();
    for lease in leases {
        let ended = vec![request::is_absent(keys.session(lease))];
        let txn = request::when(ended, vec![request::delete_range(keys.slots(lease))]);
        cluster.repeat(until, |client| client.transact(txn.clone())).await?;
    }
    Ok(())
}
