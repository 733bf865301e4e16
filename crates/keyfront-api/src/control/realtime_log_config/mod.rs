//! Real-time log configurations: CreateRealtimeLogConfig, GetRealtimeLogConfig, UpdateRealtimeLogConfig,
//! DeleteRealtimeLogConfig and ListRealtimeLogConfigs.
//!
//! Unlike other configurations they have no ETag, and their id is their name, which can pass to another one. So they are
//! kept like the others and have operations of their own.

mod create;
mod delete;
mod document;
mod get;
mod list;
mod subject;
mod update;

use crate::operation::Handler;

/// The operations of real-time log configurations.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<create::CreateRealtimeLogConfig>(),
    Handler::of::<get::GetRealtimeLogConfig>(),
    Handler::of::<update::UpdateRealtimeLogConfig>(),
    Handler::of::<delete::DeleteRealtimeLogConfig>(),
    Handler::of::<list::ListRealtimeLogConfigs>(),
];
