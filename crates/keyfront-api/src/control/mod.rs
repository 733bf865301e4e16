//! The control plane: operations of CloudFront 2020-05-31.

mod create_function;
mod create_key_value_store;
mod delete_function;
mod delete_key_value_store;
mod describe_function;
mod describe_key_value_store;
mod field_level_encryption_config;
mod field_level_encryption_profile;
mod function;
mod get_function;
mod if_match;
mod key_group;
mod key_value_store;
mod list_distributions_by_key_group;
mod list_functions;
mod list_key_value_stores;
mod list_tags_for_resource;
mod paging;
mod public_key;
mod publish_function;
mod resource;
mod tag_resource;
mod tagging;
mod test_function;
mod untag_resource;
mod update_function;
mod update_key_value_store;

use crate::operation::Entry;
pub(crate) use if_match::conflict;

/// Every operation of the control plane that Keyfront has. The rest of the model answers 501.
pub const OPERATIONS: &[Entry] = &[
    Entry::of::<field_level_encryption_config::CreateFieldLevelEncryptionConfig>(),
    Entry::of::<field_level_encryption_profile::CreateFieldLevelEncryptionProfile>(),
    Entry::of::<create_function::CreateFunction>(),
    Entry::of::<key_group::CreateKeyGroup>(),
    Entry::of::<create_key_value_store::CreateKeyValueStore>(),
    Entry::of::<public_key::CreatePublicKey>(),
    Entry::of::<field_level_encryption_config::DeleteFieldLevelEncryptionConfig>(),
    Entry::of::<field_level_encryption_profile::DeleteFieldLevelEncryptionProfile>(),
    Entry::of::<delete_function::DeleteFunction>(),
    Entry::of::<key_group::DeleteKeyGroup>(),
    Entry::of::<delete_key_value_store::DeleteKeyValueStore>(),
    Entry::of::<public_key::DeletePublicKey>(),
    Entry::of::<describe_function::DescribeFunction>(),
    Entry::of::<describe_key_value_store::DescribeKeyValueStore>(),
    Entry::of::<field_level_encryption_config::GetFieldLevelEncryption>(),
    Entry::of::<field_level_encryption_config::GetFieldLevelEncryptionConfig>(),
    Entry::of::<field_level_encryption_profile::GetFieldLevelEncryptionProfile>(),
    Entry::of::<field_level_encryption_profile::GetFieldLevelEncryptionProfileConfig>(),
    Entry::of::<get_function::GetFunction>(),
    Entry::of::<key_group::GetKeyGroup>(),
    Entry::of::<key_group::GetKeyGroupConfig>(),
    Entry::of::<public_key::GetPublicKey>(),
    Entry::of::<public_key::GetPublicKeyConfig>(),
    Entry::of::<list_distributions_by_key_group::ListDistributionsByKeyGroup>(),
    Entry::of::<field_level_encryption_config::ListFieldLevelEncryptionConfigs>(),
    Entry::of::<field_level_encryption_profile::ListFieldLevelEncryptionProfiles>(),
    Entry::of::<list_functions::ListFunctions>(),
    Entry::of::<key_group::ListKeyGroups>(),
    Entry::of::<list_key_value_stores::ListKeyValueStores>(),
    Entry::of::<public_key::ListPublicKeys>(),
    Entry::of::<list_tags_for_resource::ListTagsForResource>(),
    Entry::of::<publish_function::PublishFunction>(),
    Entry::of::<tag_resource::TagResource>(),
    Entry::of::<test_function::TestFunction>(),
    Entry::of::<untag_resource::UntagResource>(),
    Entry::of::<field_level_encryption_config::UpdateFieldLevelEncryptionConfig>(),
    Entry::of::<field_level_encryption_profile::UpdateFieldLevelEncryptionProfile>(),
    Entry::of::<update_function::UpdateFunction>(),
    Entry::of::<key_group::UpdateKeyGroup>(),
    Entry::of::<update_key_value_store::UpdateKeyValueStore>(),
    Entry::of::<public_key::UpdatePublicKey>(),
];
