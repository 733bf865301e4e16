//! The control plane: operations of CloudFront 2020-05-31.

mod create_key_value_store;
mod delete_key_value_store;
mod describe_key_value_store;
mod if_match;
mod key_value_store;
mod list_key_value_stores;
mod list_tags_for_resource;
mod paging;
mod tag_resource;
mod tagging;
mod untag_resource;
mod update_key_value_store;

use crate::operation::Entry;
pub(crate) use if_match::stale;

/// Every operation of the control plane that Keyfront has. The rest of the model answers 501.
pub const OPERATIONS: &[Entry] = &[
    Entry::of::<create_key_value_store::CreateKeyValueStore>(),
    Entry::of::<delete_key_value_store::DeleteKeyValueStore>(),
    Entry::of::<describe_key_value_store::DescribeKeyValueStore>(),
    Entry::of::<list_key_value_stores::ListKeyValueStores>(),
    Entry::of::<list_tags_for_resource::ListTagsForResource>(),
    Entry::of::<tag_resource::TagResource>(),
    Entry::of::<untag_resource::UntagResource>(),
    Entry::of::<update_key_value_store::UpdateKeyValueStore>(),
];
