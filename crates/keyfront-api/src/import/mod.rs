//! Making new stores ready: one with an import source is filled from an object, fetched in the background,
//! parsed whole, committed whole; one that a fault holds back waits for the fault's end.
//!
//! The queue holds only which stores wait; the store itself remembers it too, so a restart finds every
//! import that was not finished and begins it again. Where objects come from is an [`ObjectSource`]: S3,
//! or a folder, or a test's own.

mod figures;
mod source;

use std::sync::Arc;
use std::time::Duration;

use keyfront_domain::arn::{Arn, KeyValueStoreArn};
use keyfront_domain::import;
use keyfront_store::records::Status;
use keyfront_store::{Engine, StoreError, saved_states, stores};
use prometheus_client::registry::Registry;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::context::Context;
use crate::error::chain;
use figures::ImportFigures;

pub use source::{FetchError, ObjectAddress, ObjectSource};

/// Imports that run at the same time.
const CONCURRENT_IMPORTS: usize = 4;

/// Time before the store is asked again after it failed; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Where new stores that are not ready yet are announced, and where imports are counted.
#[derive(Clone, Debug)]
pub struct ImportQueue {
    orders: mpsc::UnboundedSender<KeyValueStoreArn>,
    figures: ImportFigures,
}

/// The other end of an [`ImportQueue`].
#[derive(Debug)]
pub struct ImportOrders(mpsc::UnboundedReceiver<KeyValueStoreArn>);

/// Makes a queue.
pub fn queue() -> (ImportQueue, ImportOrders) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (ImportQueue { orders: sender, figures: ImportFigures::default() }, ImportOrders(receiver))
}

impl ImportQueue {
    /// Announces a store. Without a runner nothing happens until the next start.
    pub fn announce(&self, store: KeyValueStoreArn) {
        if self.orders.send(store).is_err() {
            tracing::warn!(%store, "the import runner has stopped; the import begins at the next start");
        }
    }

    /// Adds the figures of imports to those of a server.
    pub(crate) fn register(&self, registry: &mut Registry) {
        self.figures.register(registry);
    }
}

/// Announces every import that the store says is not finished: after its content was replaced, which nothing
/// else tells the runner. One that runs already does no harm, because an import ends once.
pub async fn resume(cx: &Context) -> Result<(), StoreError> {
    for (store, _) in stores::pending_imports(&*cx.engine).await? {
        cx.imports.announce(store);
    }
    Ok(())
}

/// Runs imports until the queue closes: first those that an earlier process left, then new ones.
///
/// Dropping the future stops the imports that run; they begin again at the next start.
pub async fn run(cx: Context, source: Arc<dyn ObjectSource>, mut orders: ImportOrders) {
    let places = Arc::new(Semaphore::new(CONCURRENT_IMPORTS));
    let mut running = JoinSet::new();
    let begin = |running: &mut JoinSet<()>, store| {
        let (cx, source, places) = (cx.clone(), Arc::clone(&source), Arc::clone(&places));
        running.spawn(async move {
            cx.faults.ready(&Arn::from(store)).await;
            // The semaphore is never closed.
            let _place = places.acquire().await;
            import(&cx, &*source, &store).await;
        });
    };
    let mut pause = Pause::default();
    while let Err(error) = recover(&*cx.engine).await {
        pause.after("what an earlier process left behind cannot be finished or collected", &error).await;
    }
    let pending = loop {
        match stores::pending_imports(&*cx.engine).await {
            Ok(pending) => break pending,
            Err(error) => pause.after("unfinished imports cannot be read", &error).await,
        }
    };
    for (store, _) in pending {
        begin(&mut running, store);
    }
    loop {
        tokio::select! {
            order = orders.0.recv() => match order {
                Some(store) => begin(&mut running, store),
                None => break,
            },
            Some(_) = running.join_next() => {}
        }
    }
    running.join_all().await;
}

/// Finishes and collects what an earlier process began.
async fn recover(engine: &dyn Engine) -> Result<(), StoreError> {
    saved_states::finish(engine).await?;
    stores::clean_up(engine).await
}

async fn import(cx: &Context, source: &dyn ObjectSource, store: &KeyValueStoreArn) {
    let mut pause = Pause::default();
    let record = loop {
        match stores::find(&*cx.engine, store).await {
            Ok(record) => break record,
            Err(error) => pause.after("a store to import into cannot be read", &error).await,
        }
    };
    // Deleted in the meantime, or finished by an earlier order.
    let Some(record) = record.filter(|record| record.status == Status::Provisioning) else { return };
    let result = match &record.import {
        Some(import) => {
            let running = cx.imports.figures.begin();
            let pairs = pairs(cx, source, &import.source_arn).await;
            running.end(&pairs);
            pairs
        }
        None => Ok(Vec::new()),
    };
    let outcome = match &result {
        Ok(pairs) => Ok(pairs.as_slice()),
        Err(reason) => Err(reason.as_str()),
    };
    while let Err(error) = stores::finish_import(&*cx.engine, store, outcome, cx.now_ms()).await {
        pause.after("the end of an import cannot be stored", &error).await;
    }
    match result {
        Ok(_) if record.import.is_none() => tracing::info!(%store, "a store that was held back is ready"),
        Ok(pairs) => tracing::info!(%store, pairs = pairs.len(), "import finished"),
        Err(reason) => tracing::info!(%store, reason, "import failed"),
    }
}

/// The time before the store is asked again. A failure of storage does not fail the import, so an import
/// waits until the store answers.
struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Pause(FIRST_PAUSE)
    }
}

impl Pause {
    /// Logs the failure and waits, each time twice as long, up to a limit.
    async fn after(&mut self, problem: &str, error: &StoreError) {
        tracing::error!(error = chain(error), "{problem}; trying again in {:?}", self.0);
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(LONGEST_PAUSE);
    }
}

/// The pairs of an object, or the reason why there are none.
async fn pairs(cx: &Context, source: &dyn ObjectSource, arn: &str) -> Result<Vec<(String, String)>, String> {
    let address = ObjectAddress::parse(arn).ok_or_else(|| format!("{arn} does not name an object"))?;
    let body = source.fetch(&address, cx.quotas.import_bytes).await.map_err(|error| error.to_string())?;
    let quotas = Arc::clone(&cx.quotas);
    // A full store takes tens of milliseconds to parse: too long for a thread that answers requests.
    let parsed = tokio::task::spawn_blocking(move || import::parse(&body, &quotas)).await;
    let pairs = parsed.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    Ok(pairs.into_iter().map(|pair| (pair.key, pair.value)).collect())
}
