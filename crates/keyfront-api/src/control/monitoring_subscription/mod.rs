//! Monitoring subscriptions: CreateMonitoringSubscription, GetMonitoringSubscription and DeleteMonitoringSubscription.
//!
//! A subscription is a document that belongs to a distribution and goes with it. It has neither an id nor an ETag.

mod create;
mod delete;
mod document;
mod get;

use crate::operation::Handler;

/// The operations of monitoring subscriptions.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<create::CreateMonitoringSubscription>(),
    Handler::of::<get::GetMonitoringSubscription>(),
    Handler::of::<delete::DeleteMonitoringSubscription>(),
];
