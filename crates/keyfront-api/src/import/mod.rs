//! Making new stores ready: one with an import source is filled from an object, fetched in the background,
//! parsed whole, committed whole; one that a fault holds back waits for the fault's end.
//!
//! The queue holds only which stores wait; the store itself remembers it too, so a restart finds every
//! import that was not finished and begins it again. Where objects come from is an [`ObjectSource`]: S3,
//! or a folder, or a test's own.

mod figures;
mod pause;
mod runner;
mod source;

use std::sync::Arc;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::import;
use keyfront_store::records::Status;
use keyfront_store::{Engine, StoreError, saved_states, stores};
use prometheus_client::registry::Registry;
use tokio::sync::mpsc;

use crate::context::Context;

use figures::ImportFigures;
use pause::Pause;
use runner::Runner;

pub use source::{FetchError, ObjectAddress, ObjectSource};

/// The name of what one server does for all: finishing what an ended process began, and imports.
const BACKGROUND_WORK: &str = "background work";

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
/// Where several servers share the data, one of them does it for all. What the others announce it learns from the store;
/// its queue only says when to stop. A server that may have lost this work stops it, and the next one begins again
/// what was not finished.
///
/// Dropping the future stops the imports that run; they begin again at the next start.
pub async fn run(cx: Context, source: Arc<dyn ObjectSource>, mut orders: ImportOrders) {
    loop {
        let mut hold = tokio::select! {
            // First, so that a hold that is granted at once leaves all orders to the runner.
            biased;
            hold = cx.engine.hold(BACKGROUND_WORK) => hold,
            () = closed(&mut orders) => return,
        };
        let is_shared = hold.is_shared();
        let runner = Runner::new(cx.clone(), Arc::clone(&source));
        let work = async {
            if is_shared { runner.run_for_all(&mut orders).await } else { runner.run(&mut orders).await }
        };
        tokio::select! {
            () = work => return,
            () = hold.lost() => tracing::warn!("unfinished imports are left to another server"),
        }
    }
}

/// Waits for the end of the queue. What is announced in it stands in the store too.
async fn closed(orders: &mut ImportOrders) {
    while orders.0.recv().await.is_some() {}
}

/// Finishes and collects what an earlier process began.
async fn recover(engine: &dyn Engine, is_shared: bool) -> Result<(), StoreError> {
    saved_states::finish(engine).await?;
    if is_shared { stores::clean_up_beside_others(engine).await } else { stores::clean_up(engine).await }
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

/// The pairs of an object, or the reason why there are none.
async fn pairs(cx: &Context, source: &dyn ObjectSource, arn: &str) -> Result<Vec<(String, String)>, String> {
    let address = ObjectAddress::parse(arn).ok_or_else(|| format!("{arn} does not name an object"))?;
    let rules = cx.rules();
    let body = source.fetch(&address, rules.quotas.import_bytes).await.map_err(|error| error.to_string())?;
    // A full store takes tens of milliseconds to parse: too long for a thread that answers requests.
    let parsed = tokio::task::spawn_blocking(move || import::parse(&body, &rules.quotas)).await;
    let pairs = parsed.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    Ok(pairs.into_iter().map(|pair| (pair.key, pair.value)).collect())
}
