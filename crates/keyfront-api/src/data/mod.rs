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

use crate::operation::Entry;
pub(crate) use write::stale;

/// Every operation of the data plane.
pub const OPERATIONS: &[Entry] = &[
    Entry::of::<delete_key::DeleteKey>(),
    Entry::of::<describe_key_value_store::DescribeKeyValueStore>(),
    Entry::of::<get_key::GetKey>(),
    Entry::of::<list_keys::ListKeys>(),
    Entry::of::<put_key::PutKey>(),
    Entry::of::<update_keys::UpdateKeys>(),
];
