//! Invalidations: CreateInvalidation, GetInvalidation and ListInvalidations.
//!
//! The same three are there for the tenants of distributions, whose invalidations are kept alike.

pub(super) mod batch;
mod create;
mod document;
mod get;
mod list;
pub(super) mod verbs;

use crate::control::distribution::{NO_SUCH_DISTRIBUTION, OfDistribution};
use crate::operation::Handler;
use verbs::Owner;

/// The operations of invalidations.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<create::CreateInvalidation>(),
    Handler::of::<get::GetInvalidation>(),
    Handler::of::<list::ListInvalidations>(),
];

/// A distribution as what has invalidations.
fn owner(distribution: OfDistribution) -> Owner {
    Owner { arn: distribution.into_arn(), absent: NO_SUCH_DISTRIBUTION, path: "distribution" }
}
