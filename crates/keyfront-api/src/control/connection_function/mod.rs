//! Connection functions: code that decides about a connection with a client's certificate, in the stages DEVELOPMENT and
//! LIVE.
//!
//! They are like CloudFront Functions in most things. But for their ids they are ordinary resources of the store: their
//! code is small and no edge reads it, so it stands in the record.

mod connection;
mod create;
mod delete;
mod describe;
mod document;
mod get;
mod list;
mod publish;
mod test;
mod update;

use crate::operation::Handler;
pub(super) use document::is_published;

/// The operations of connection functions.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<create::CreateConnectionFunction>(),
    Handler::of::<delete::DeleteConnectionFunction>(),
    Handler::of::<describe::DescribeConnectionFunction>(),
    Handler::of::<get::GetConnectionFunction>(),
    Handler::of::<list::ListConnectionFunctions>(),
    Handler::of::<publish::PublishConnectionFunction>(),
    Handler::of::<test::TestConnectionFunction>(),
    Handler::of::<update::UpdateConnectionFunction>(),
];
