//! CloudFront Functions: code with a configuration, in the stages DEVELOPMENT and LIVE.

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
pub(super) use test::associated_pairs;

/// The operations of functions.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<create::CreateFunction>(),
    Handler::of::<delete::DeleteFunction>(),
    Handler::of::<describe::DescribeFunction>(),
    Handler::of::<get::GetFunction>(),
    Handler::of::<list::ListFunctions>(),
    Handler::of::<publish::PublishFunction>(),
    Handler::of::<test::TestFunction>(),
    Handler::of::<update::UpdateFunction>(),
];
