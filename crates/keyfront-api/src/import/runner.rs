//! Which imports run: those that the store says are not finished, and those that are announced.

use std::sync::Arc;

use keyfront_domain::arn::{Arn, KeyValueStoreArn};
use keyfront_store::stores::{self, Announcements};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::pause::Pause;
use super::{ImportOrders, ObjectSource, closed, import, recover};
use crate::context::Context;

/// Imports that run at the same time.
const CONCURRENT_IMPORTS: usize = 4;

/// The imports of one server. Dropping it stops them.
pub(super) struct Runner {
    cx: Context,
    source: Arc<dyn ObjectSource>,
    places: Arc<Semaphore>,
    /// And recovery, where several servers share the data.
    running: JoinSet<()>,
}

impl Runner {
    pub(super) fn new(cx: Context, source: Arc<dyn ObjectSource>) -> Runner {
        let places = Arc::new(Semaphore::new(CONCURRENT_IMPORTS));
        Runner { cx, source, places, running: JoinSet::new() }
    }

    /// Runs for the only server, until the queue closes.
    pub(super) async fn run(mut self, orders: &mut ImportOrders) {
        recover_at_last(&self.cx, false).await;
        self.begin_pending().await;
        loop {
            tokio::select! {
                order = orders.0.recv() => match order {
                    Some(store) => self.begin(store),
                    None => break,
                },
                Some(_) = self.running.join_next() => {}
            }
        }
        self.running.join_all().await;
    }

    /// Runs for all servers, until the queue closes.
    pub(super) async fn run_for_all(mut self, orders: &mut ImportOrders) {
        let cx = self.cx.clone();
        self.running.spawn(async move { recover_at_last(&cx, true).await });
        loop {
            let mut announcements = self.follow().await;
            self.begin_pending().await;
            loop {
                tokio::select! {
                    () = closed(orders) => return,
                    stores = announcements.next() => match stores {
                        Some(stores) => stores.into_iter().for_each(|store| self.begin(store)),
                        None => break,
                    },
                    Some(_) = self.running.join_next() => {}
                }
            }
        }
    }

    async fn follow(&self) -> Announcements {
        let mut pause = Pause::default();
        loop {
            match Announcements::begin(&*self.cx.engine).await {
                Ok(announcements) => return announcements,
                Err(error) => pause.after("announced imports cannot be followed", &error).await,
            }
        }
    }

    async fn begin_pending(&mut self) {
        let mut pause = Pause::default();
        let pending = loop {
            match stores::pending_imports(&*self.cx.engine).await {
                Ok(pending) => break pending,
                Err(error) => pause.after("unfinished imports cannot be read", &error).await,
            }
        };
        for (store, _) in pending {
            self.begin(store);
        }
    }

    /// Begins an import. One that runs already does no harm, because an import ends once.
    fn begin(&mut self, store: KeyValueStoreArn) {
        let (cx, source, places) = (self.cx.clone(), Arc::clone(&self.source), Arc::clone(&self.places));
        self.running.spawn(async move {
            cx.faults.ready(&Arn::from(store)).await;
            // The semaphore is never closed.
            let _place = places.acquire().await;
            import(&cx, &*source, &store).await;
        });
    }
}

async fn recover_at_last(cx: &Context, is_shared: bool) {
    let mut pause = Pause::default();
    while let Err(error) = recover(&*cx.engine, is_shared).await {
        pause.after("what an earlier process left behind cannot be finished or collected", &error).await;
    }
}
