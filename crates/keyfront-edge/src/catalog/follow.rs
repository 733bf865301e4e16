//! Follows the documents: compiles them when they change, and swaps the catalog in.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use keyfront_domain::arn::Arn;
use keyfront_view::documents::DocumentSet;
use keyfront_view::{Documents, Version};
use tokio::sync::watch;
use tokio::task::JoinError;

use super::Catalog;

/// How long to wait before documents that cannot be read are read again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Most distributions that are compiled on a thread that answers viewers. One takes about a tenth of a millisecond, and
/// the way to another thread and back takes as long.
const FEW: usize = 4;

/// Keeps a catalog as the documents are, until the documents end, and tells which commit it shows.
pub(crate) async fn follow(
    documents: Documents,
    catalog: Arc<ArcSwap<Catalog>>,
    shown: watch::Sender<Version>,
) {
    let mut changes = documents.changes();
    let mut current = Arc::new(DocumentSet::default());
    loop {
        // What is read from here on shows this commit at least.
        let version = *changes.borrow_and_update();
        match documents.load().await {
            Ok(new) if Arc::ptr_eq(&current, &new) => {}
            Ok(new) => {
                let before = catalog.load_full();
                let affected = before.affected(&new.differences(&current));
                match compiled(before, Arc::clone(&new), affected).await {
                    Ok(compiled) => {
                        tracing::debug!(served = compiled.len(), "what the edge serves has changed");
                        catalog.store(Arc::new(compiled));
                        current = new;
                    }
                    Err(error) => tracing::error!(%error, "what the edge serves could not be compiled"),
                }
            }
            Err(error) => {
                tracing::error!(%error, "the edge serves what it had: documents cannot be read");
                tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                continue;
            }
        }
        shown.send_replace(version);
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// The catalog after changes that touch these distributions and tenants.
async fn compiled(
    before: Arc<Catalog>,
    documents: Arc<DocumentSet>,
    affected: BTreeSet<Arc<Arn>>,
) -> Result<Catalog, JoinError> {
    let is_short = affected.len() <= FEW;
    let compile = move || before.compile(&documents, affected);
    // A task of its own even where it is short: what panics there ends no following.
    let task =
        if is_short { tokio::spawn(async move { compile() }) } else { tokio::task::spawn_blocking(compile) };
    task.await
}
