//! Everything that is served, as one commit left it: an immutable image that is replaced whole.
//!
//! A request takes its distribution once, at its beginning, and goes on with it to its end. What documents say is
//! compiled when they change and never while a viewer waits.
//!
//! | module | part |
//! |---|---|
//! | `distribution`, `behavior` | compiled forms of a distribution or tenant, and of a cache behavior |
//! | `compiled` | what was compiled, and what it was made of |
//! | `compile` | from documents to a catalog, with what did not change taken from the one before |
//! | `documents` | typed reading of documents, which notes what was read |
//! | `staging` | which requests a staging distribution answers |
//! | `tenant` | a tenant's own form of its multi-tenant distribution |
//! | `follow`, `follow_invalidations` | the tasks that follow the documents and the invalidations |

mod behavior;
mod compile;
mod compiled;
mod distribution;
mod documents;
mod follow;
mod follow_invalidations;
mod staging;
mod tenant;

use std::sync::Arc;

use immutable_chunkmap::map::Map;
use keyfront_domain::routing::HostTable;

pub(crate) use behavior::{Behavior, FieldLevelEncryption, ViewerProtocol};
pub(crate) use distribution::{Distribution, Geography};
pub(crate) use follow::follow;
pub(crate) use follow_invalidations::follow_invalidations;
pub(crate) use staging::{Pair, Staging, remove_session};

use compiled::Compiled;

/// Ids that lie in one piece of memory, at most. A change of the catalog copies one piece.
const IDS_PER_PIECE: usize = 16;

/// What is served. A clone shares everything, and a change of it copies what the change touches.
#[derive(Clone, Default)]
pub(crate) struct Catalog {
    /// By the names that viewers use.
    hosts: HostTable<Arc<Distribution>>,
    /// By id, in lower case, of the distribution or the tenant.
    ids: Map<Arc<str>, Arc<Distribution>, IDS_PER_PIECE>,
    /// What the next catalog can take over.
    compiled: Compiled,
}

impl Catalog {
    /// The distribution or tenant that answers for a host.
    pub(crate) fn by_host(&self, host: &str) -> Option<&Arc<Distribution>> {
        let by_id = || self.by_id(host.strip_suffix(".localhost")?);
        self.hosts.get(host).or_else(by_id)
    }

    /// The distribution or tenant of an id, in whatever case.
    pub(crate) fn by_id(&self, id: &str) -> Option<&Arc<Distribution>> {
        self.ids.get(id.to_ascii_lowercase().as_str())
    }

    /// The one that is there, if it is the only one.
    pub(crate) fn only(&self) -> Option<&Arc<Distribution>> {
        let mut all = self.ids.into_iter();
        all.next().filter(|_| all.next().is_none()).map(|(_id, distribution)| distribution)
    }

    /// How many are served.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }
}
