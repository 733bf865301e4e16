//! Copies everything that one engine holds, credentials too, into another one that holds nothing else.
//!
//! The resources become visible in the other engine by one step, whole (`saved_states`), and after the credentials. A
//! copy that was broken off is repeated from its beginning, or only verified if nothing was missing.

use crate::records::CredentialRecord;
use crate::saved_states::{self, Contents, SavedEntries};
use crate::{Engine, StoreError, credentials, migration, stores};

/// What is being done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Reading what there is to copy.
    Reading,
    /// Writing that many entries and credentials.
    Writing {
        /// Records and pairs of resources.
        entries: usize,
        /// Credentials.
        credentials: usize,
    },
    /// Reading both again, and comparing.
    Verifying,
}

/// What the other engine holds now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    /// The resources.
    pub contents: Contents,
    /// How many credentials.
    pub credentials: usize,
}

/// Why a copy was not made, or must not be used.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// An engine failed. The copy can be repeated.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The other engine holds something else. Nothing was written.
    #[error("the store to copy into holds other data, and nothing is written over")]
    NotEmpty,
    /// The source was written to during the copy.
    #[error("the store was changed while it was copied; stop every server that runs on it and copy again")]
    Changed,
    /// What was read back is not what was written.
    #[error("what was read back is not what was copied; do not use the copy")]
    Different,
}

/// Everything that an engine holds.
#[derive(PartialEq, Eq)]
struct Everything {
    entries: SavedEntries,
    credentials: Vec<CredentialRecord>,
}

impl Everything {
    async fn of(engine: &dyn Engine) -> Result<Everything, StoreError> {
        let entries = migration::migrated(&saved_states::take(engine).await?).await?;
        Ok(Everything { entries, credentials: credentials::list(engine).await? })
    }

    /// Whether nothing is here that `other` does not have.
    fn is_part_of(&self, other: &Everything) -> bool {
        let entries = self.entries.entries().is_empty() || self.entries == other.entries;
        entries && self.credentials.iter().all(|credential| other.credentials.contains(credential))
    }
}

/// Makes `to` hold what `from` holds. `tell` is called before each step.
///
/// Nothing may write to `from` meanwhile. Everything is held in memory.
///
/// # Errors
/// [`CopyError`] says what is the case then.
pub async fn copy(
    from: &dyn Engine,
    to: &dyn Engine,
    mut tell: impl FnMut(Step) + Send,
) -> Result<Copied, CopyError> {
    tell(Step::Reading);
    let before = from.read(&[]).await?.version;
    let source = Everything::of(from).await?;
    // Of a copy that was broken off.
    saved_states::finish(to).await?;
    let there = Everything::of(to).await?;
    if !there.is_part_of(&source) {
        return Err(CopyError::NotEmpty);
    }
    if there != source {
        let (entries, credentials) = (source.entries.entries().len(), source.credentials.len());
        tell(Step::Writing { entries, credentials });
        write(to, &source).await?;
    }
    tell(Step::Verifying);
    if Everything::of(to).await? != source {
        return Err(CopyError::Different);
    }
    if from.read(&[]).await?.version != before {
        return Err(CopyError::Changed);
    }
    Ok(Copied { contents: source.entries.contents()?, credentials: source.credentials.len() })
}

async fn write(to: &dyn Engine, source: &Everything) -> Result<(), StoreError> {
    stores::clean_up(to).await?;
    migration::migrate(to).await?;
    for credential in &source.credentials {
        credentials::put(to, credential).await?;
    }
    saved_states::restore(to, &source.entries).await?;
    Ok(())
}
