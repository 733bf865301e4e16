//! The receiving side: an engine of its own that shows what a store shows, a little later.

mod difference;
mod freshness;
mod receive;
mod resumable;

use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_store::records::ReplicaRecord;
use keyfront_store::{Engine, StoreError, Version, migration, replication};

pub use self::freshness::{Clock, Freshness};
pub use self::receive::ReceiveError;
use self::receive::Receiving;
pub use self::resumable::Resumable;
use crate::position::Position;
use crate::scope::Scope;

/// The replica of some accounts, in an engine that holds nothing else.
pub struct Replica {
    engine: Arc<dyn Engine>,
    clock: Clock,
}

impl Replica {
    /// Opens a replica of these accounts, or makes one in an empty engine. What it has of other accounts is removed:
    /// who may no longer be followed is no longer served.
    ///
    /// # Errors
    /// The engine holds the data of a server, or storage failed.
    pub async fn open(
        engine: Arc<dyn Engine>,
        accounts: &[AccountId],
        clock: Clock,
    ) -> Result<Replica, StoreError> {
        replication::open_replica(&*engine).await?;
        for account in replication::replica_accounts(&*engine).await? {
            if !accounts.contains(&account) {
                tracing::info!(%account, "the account is followed no longer; what there is of it is removed");
                replication::forget_account(&*engine, account).await?;
            }
        }
        Ok(Replica { engine, clock })
    }

    /// What follows an account.
    ///
    /// # Errors
    /// Storage failed, or the account's record is damaged.
    pub async fn follower(&self, account: AccountId) -> Result<Follower, StoreError> {
        let key = replication::replica_key(account);
        // Nothing else writes the account, so the version read afterwards shows the record or later ones of others.
        let record = key.read(&*self.engine).await?;
        let own = self.engine.stats().version;
        let freshness = Arc::new(Freshness::new(Arc::clone(&self.clock)));
        let resumable = Arc::new(Resumable::new(Arc::clone(&freshness)));
        if let Some(record) = &record {
            freshness.at(record.fresh_ms);
            freshness.shows(Version(record.version));
            resumable.reached(Version(record.version), own);
        }
        Ok(Follower {
            engine: Arc::clone(&self.engine),
            account,
            scope: Scope::of(account),
            record,
            freshness,
            resumable,
            receiving: Receiving::default(),
        })
    }
}

/// What takes the frames of an account and makes the replica show them.
pub struct Follower {
    engine: Arc<dyn Engine>,
    account: AccountId,
    scope: Scope,
    /// As it is stored; nothing before the first image.
    record: Option<ReplicaRecord>,
    freshness: Arc<Freshness>,
    resumable: Arc<Resumable>,
    receiving: Receiving,
}

impl Follower {
    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// From where a feed should go on; `None` where an image is needed.
    pub fn position(&self) -> Option<Position> {
        // Entries of another format are served until an image replaces them.
        let usable = self.record.as_ref().filter(|record| record.format == migration::CURRENT);
        usable.and_then(Position::of)
    }

    /// How old what the replica has of the account is.
    pub fn freshness(&self) -> &Arc<Freshness> {
        &self.freshness
    }

    /// Where those that follow this replica can go on.
    pub fn resumable(&self) -> &Arc<Resumable> {
        &self.resumable
    }
}
