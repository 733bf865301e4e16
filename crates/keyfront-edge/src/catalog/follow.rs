//! Follows the documents: compiles them when they change, and swaps the catalog in.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use keyfront_view::documents::DocumentSet;
use keyfront_view::{Documents, Version};
use tokio::sync::watch;

use super::Catalog;

/// How long to wait before documents that cannot be read are read again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(500);

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
                let (compiling, earlier) = (Arc::clone(&new), Arc::clone(&current));
                // Many distributions take longer than a thread that answers viewers may be held.
                let compiled =
                    tokio::task::spawn_blocking(move || Catalog::compile(&compiling, &earlier, &before))
                        .await;
                match compiled {
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
