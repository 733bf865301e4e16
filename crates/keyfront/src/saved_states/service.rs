//! Saves, restores, lists and deletes states, and resets the server to its beginning.

use keyfront_api::metrics::Stopwatch;
use keyfront_api::{Context, import};
use keyfront_store::saved_states::{self, Contents, SavedEntries};

use super::error::SavedStateError;
use super::file::SavedState;
use super::name::StateName;
use super::report::{ListedState, ResetReport, StateReport, resources};
use super::storage::Storage;

/// Saves and restores the state of one server.
pub(crate) struct SavedStates {
    context: Context,
    storage: Storage,
    beginning: SavedEntries,
}

impl SavedStates {
    /// Saved states of the server of this context, whose reset leads to `beginning`.
    pub(crate) fn new(context: Context, storage: Storage, beginning: SavedEntries) -> SavedStates {
        SavedStates { context, storage, beginning }
    }

    /// All saved states, by name.
    pub(crate) async fn list(&self) -> Result<Vec<ListedState>, SavedStateError> {
        self.storage.list().await
    }

    /// Saves what the store holds now, in place of an earlier state of that name.
    pub(crate) async fn save(&self, name: StateName) -> Result<StateReport, SavedStateError> {
        let watch = Stopwatch::start();
        let image = saved_states::take(&*self.context.engine).await?;
        let contents = image.contents()?;
        let state = SavedState { saved_ms: self.context.now_ms(), contents: contents.clone(), image };
        self.storage.save(name, state).await?;
        Ok(report(&contents, watch))
    }

    /// Restores a saved state.
    pub(crate) async fn restore(&self, name: StateName) -> Result<StateReport, SavedStateError> {
        let watch = Stopwatch::start();
        let SavedState { image, contents, .. } = self.storage.load(name).await?;
        self.restore_image(&image).await?;
        Ok(report(&contents, watch))
    }

    /// Empties the store, or restores the seed. What the data folder held at the start goes too.
    pub(crate) async fn reset(&self) -> Result<ResetReport, SavedStateError> {
        let watch = Stopwatch::start();
        let before = saved_states::take(&*self.context.engine).await?.contents()?;
        self.restore_image(&self.beginning).await?;
        Ok(ResetReport {
            stores_before: before.stores,
            pairs_before: before.pairs.item_count,
            resources_before: resources(&before),
            now: report(&self.beginning.contents()?, watch),
        })
    }

    /// Deletes a saved state.
    pub(crate) async fn delete(&self, name: StateName) -> Result<(), SavedStateError> {
        self.storage.delete(name).await
    }

    async fn restore_image(&self, image: &SavedEntries) -> Result<(), SavedStateError> {
        let restored = saved_states::restore(&*self.context.engine, image).await?;
        tracing::info!(?restored, "the store was put back, on request");
        // It is done, whatever becomes of this: at the latest they begin at the next start.
        if let Err(error) = import::resume(&self.context).await {
            tracing::error!(error = keyfront_api::error::chain(&error), "imports begin at the next start");
        }
        Ok(())
    }
}

fn report(contents: &Contents, watch: Stopwatch) -> StateReport {
    StateReport {
        stores: contents.stores,
        pairs: contents.pairs.item_count,
        bytes: contents.pairs.total_size_in_bytes,
        resources: resources(contents),
        milliseconds: u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}
