//! Invalidations: CreateInvalidation, GetInvalidation and ListInvalidations.
//!
//! The same three are there for the tenants of distributions, whose invalidations are kept alike.

pub(super) mod batch;
mod create;
mod document;
mod get;
mod list;
mod of_distribution;
pub(super) mod verbs;

use crate::operation::Handler;

/// The operations of invalidations.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<create::CreateInvalidation>(),
    Handler::of::<get::GetInvalidation>(),
    Handler::of::<list::ListInvalidations>(),
];
