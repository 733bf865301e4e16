//! What an operation works with: the store, the time, ids, limits. Nothing else knows the time.

use std::sync::Arc;

use arc_swap::ArcSwap;
use keyfront_domain::distribution::S3Hosts;
use keyfront_domain::policy::Policy;
use keyfront_domain::{Quotas, Settling};
use keyfront_follow::Feeds;
use keyfront_functions::Invoker;
use keyfront_store::Engine;
use keyfront_view::View;
use keyfront_wire::signature::Secret;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::certificates::Certificates;
use crate::control::Summaries;
use crate::faults::Faults;
use crate::import::{ImportQueue, ObjectSource};

/// The time of day.
pub trait Clock: Send + Sync + 'static {
    /// Now, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// Fresh ids.
pub trait Ids: Send + Sync + 'static {
    /// An id that was never given out before.
    fn uuid(&self) -> Uuid;
}

/// What the operator decided and may decide otherwise while the server runs.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The limits.
    pub quotas: Quotas,
    /// How long a change takes to settle.
    pub settling: Settling,
    /// The certificates that distributions can name.
    pub certificates: Certificates,
    /// Hosts that are buckets beside those of S3 itself.
    pub s3_hosts: S3Hosts,
}

/// The rules in force. Clones share them.
#[derive(Clone, Debug)]
pub struct RulesInForce(Arc<ArcSwap<Rules>>);

impl RulesInForce {
    /// Puts rules in force, all at once. What is under way may end by those before.
    pub fn replace(&self, rules: Rules) {
        self.0.store(Arc::new(rules));
    }
}

impl From<Rules> for RulesInForce {
    fn from(rules: Rules) -> RulesInForce {
        RulesInForce(Arc::new(ArcSwap::from_pointee(rules)))
    }
}

/// What every operation can reach.
#[derive(Clone)]
pub struct Context {
    /// The store.
    pub engine: Arc<dyn Engine>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
    /// What the operator decided, as it is in force.
    pub rules: RulesInForce,
    /// Where a new store with an import source is announced.
    pub imports: ImportQueue,
    /// Where objects come from that an operation reads itself.
    pub objects: Arc<dyn ObjectSource>,
    /// Where functions run.
    pub functions: Arc<dyn Invoker>,
    /// What follows the store in memory.
    pub view: View,
    /// What edges follow.
    pub feeds: Arc<Feeds>,
    /// What goes wrong on purpose.
    pub faults: Arc<Faults>,
    /// What lists showed before.
    pub summaries: Arc<Summaries>,
}

impl Context {
    /// The rules as they are now.
    pub fn rules(&self) -> Arc<Rules> {
        self.rules.0.load_full()
    }

    /// Now, in milliseconds since the epoch, as records keep it.
    pub fn now_ms(&self) -> i64 {
        let milliseconds = self.clock.now().unix_timestamp_nanos() / 1_000_000;
        i64::try_from(milliseconds).unwrap_or(i64::MAX)
    }
}

/// A credential, ready for use.
#[derive(Debug)]
pub struct Credential {
    /// Such as `AKIAIOSFODNN7EXAMPLE`.
    pub access_key_id: String,
    /// The account that it acts in.
    pub account: keyfront_domain::AccountId,
    /// The user that it belongs to.
    pub user_name: String,
    /// The user's ARN, `arn:aws:iam::ACCOUNT:user/NAME`.
    pub user_arn: String,
    /// The user's unique id, `AIDA…`.
    pub user_id: String,
    /// The secret access key.
    pub secret: Secret,
    /// What it may do.
    pub policy: Policy,
    /// When it was made, in milliseconds since the epoch.
    pub created_ms: i64,
}

/// Who sent a request, after its signature was verified.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The credential that signed it.
    pub credential: Arc<Credential>,
}

impl Caller {
    /// The account that the request acts in.
    pub fn account(&self) -> keyfront_domain::AccountId {
        self.credential.account
    }
}
