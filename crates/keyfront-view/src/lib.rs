//! State in memory that follows the engine's commits, for readers that must not wait.
//!
//! Who serves viewers reads a store many times per request and never asks the engine meanwhile. So what a request
//! needs is kept in memory as a *projection*: a value that is built from entries of the engine, changed with every
//! commit that the engine tells of, and swapped in whole. It is the state after one whole commit; it goes from one
//! commit to the next and never back.
//!
//! | module | what it has |
//! |---|---|
//! | [`projection`] | what a value has to say of itself to be followed: `ranges`, `from_snapshot`, `apply` |
//! | [`followed`] | the readers' side: they take one pointer and share what it leads to |
//! | `follower` | the task that watches, applies commits, and reads afresh from one snapshot when it lags |
//! | [`pairs`] | the pairs of key value stores, by store |
//! | [`functions`] | functions by ARN and stage, prepared to run |
//! | [`trust`] | public keys and key groups by account, ready to verify |
//! | [`documents`] | configuration documents by ARN |
//! | [`invalidations`] | invalidations of distributions and tenants |
//!
//! To add a projection: implement [`Projection`] in a module of its own, give readers a type
//! around [`Followed`], and add it to [`View`].
//!
//! A part of a projection is read when it is first asked for, and followed until it is deleted or no reader took it
//! for a while. A follower that lags, or whose engine fails, reads its parts again from one snapshot; until that has
//! worked readers see what it has, and it tries again with growing pauses.
//!
//! Nothing here decides when a caller has to wait for a write: `reached` is for those that have to.

pub mod documents;
pub mod followed;
mod follower;
pub mod functions;
mod history;
pub mod invalidations;
pub mod pairs;
pub mod projection;
mod records;
pub mod trust;

use std::sync::Arc;
use std::time::Duration;

use keyfront_store::Engine;

pub use documents::Documents;
pub use followed::Followed;
pub use functions::Functions;
pub use invalidations::Invalidations;
pub use keyfront_store::records::{InvalidationRecord, ResourceRecord};
pub use keyfront_store::{StoreError, Version};
pub use pairs::Pairs;
pub use projection::Projection;
pub use trust::Trust;

/// How much is kept, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What no reader takes for this time, or up to a quarter longer, is forgotten.
    pub forget_after: Duration,
    /// Bytes of prepared functions that are kept, about.
    pub prepared_bytes: u64,
    /// Whether functions are prepared here, for threads of this process. Processes that run functions prepare them
    /// themselves.
    pub prepares_functions: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            forget_after: Duration::from_mins(10),
            prepared_bytes: 16 * 1024 * 1024,
            prepares_functions: true,
        }
    }
}

/// All projections of an engine. Clones share them; the last one that is dropped ends the following.
#[derive(Clone)]
pub struct View {
    /// The pairs of key value stores.
    pub pairs: Pairs,
    /// Functions, prepared.
    pub functions: Functions,
    /// Public keys and key groups.
    pub trust: Trust,
    /// Configuration documents.
    pub documents: Documents,
    /// Invalidations.
    pub invalidations: Invalidations,
}

impl View {
    /// Follows an engine, with nothing loaded yet.
    ///
    /// It has to be called on a Tokio runtime with timers; tasks of that runtime do the following.
    pub fn follow(engine: &Arc<dyn Engine>, settings: &Settings) -> View {
        let forget_after = Some(settings.forget_after);
        View {
            pairs: Pairs::follow(Arc::clone(engine), forget_after),
            functions: Functions::follow(Arc::clone(engine), settings),
            trust: Trust::follow(Arc::clone(engine), forget_after),
            documents: Documents::follow(Arc::clone(engine)),
            invalidations: Invalidations::follow(Arc::clone(engine)),
        }
    }
}
