//! The data plane: operations of CloudFront KeyValueStore 2022-07-26.

mod delete_key;
mod describe_key_value_store;
mod get_key;
mod list_keys;
mod next_token;
mod put_key;
pub(crate) mod store;
mod update_keys;
pub(crate) mod write;

use crate::operation::Handler;
pub(crate) use write::stale;

/// Every operation of the data plane.
pub const OPERATIONS: &[Handler] = &[
    Handler::of::<delete_key::DeleteKey>(),
    Handler::of::<describe_key_value_store::DescribeKeyValueStore>(),
    Handler::of::<get_key::GetKey>(),
    Handler::of::<list_keys::ListKeys>(),
    Handler::of::<put_key::PutKey>(),
    Handler::of::<update_keys::UpdateKeys>(),
];
