//! Key value stores on the control plane: the store itself, not its pairs.

mod create;
mod delete;
mod describe;
mod document;
mod list;
mod subject;
mod update;

use crate::operation::Handler;

/// The operations of key value stores.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<create::CreateKeyValueStore>(),
    Handler::of::<delete::DeleteKeyValueStore>(),
    Handler::of::<describe::DescribeKeyValueStore>(),
    Handler::of::<list::ListKeyValueStores>(),
    Handler::of::<update::UpdateKeyValueStore>(),
];
