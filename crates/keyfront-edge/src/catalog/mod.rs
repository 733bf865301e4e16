//! Everything that is served, as one commit left it: an immutable image that is replaced whole.
//!
//! A request takes its distribution once, at its beginning, and goes on with it to its end. What documents say is
//! compiled when they change and never while a viewer waits.
//!
//! | module | part |
//! |---|---|
//! | `distribution`, `behavior` | compiled forms of a distribution or tenant, and of a cache behavior |
//! | `compile` | from documents to a catalog, with what did not change taken from the one before |
//! | `documents` | typed reading of documents, which notes what was read |
//! | `staging` | which requests a staging distribution answers |
//! | `tenant` | a tenant's own form of its multi-tenant distribution |
//! | `follow`, `follow_invalidations` | the tasks that follow the documents and the invalidations |

mod behavior;
mod compile;
mod distribution;
mod documents;
mod follow;
mod follow_invalidations;
mod staging;
mod tenant;

use std::collections::HashMap;
use std::sync::Arc;

use keyfront_domain::routing::HostTable;

pub(crate) use behavior::{Behavior, FieldLevelEncryption, ViewerProtocol};
pub(crate) use compile::Compiled;
pub(crate) use distribution::{Distribution, Geography};
pub(crate) use follow::follow;
pub(crate) use follow_invalidations::follow_invalidations;
pub(crate) use staging::{Pair, Staging, remove_session};

/// What is served. A clone shares the distributions.
#[derive(Clone, Default)]
pub(crate) struct Catalog {
    /// By the names that viewers use.
    hosts: HostTable<Arc<Distribution>>,
    /// By id, in lower case, of the distribution or the tenant.
    ids: HashMap<String, Arc<Distribution>>,
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
        self.ids.get(&id.to_ascii_lowercase())
    }

    /// The one that is there, if it is the only one.
    pub(crate) fn only(&self) -> Option<&Arc<Distribution>> {
        let mut all = self.ids.values();
        all.next().filter(|_| all.next().is_none())
    }

    /// How many are served.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }
}
