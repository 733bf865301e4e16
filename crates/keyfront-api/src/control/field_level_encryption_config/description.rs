//! Configurations of field-level encryption: which profile a request gets.

use std::collections::BTreeSet;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::{Quotas, field_level_encryption, id};
use keyfront_error::{Code, ServiceError};

use uuid::Uuid;

use crate::configuration::{Layout, Names, Refusals, Resource, Summary, Target, Time, counted};
use crate::control::field_level_encryption_profile::NO_SUCH_PROFILE;
use crate::operation::Members;

/// A configuration of field-level encryption.
pub(super) struct FieldLevelEncryption;

const ALREADY_EXISTS: ServiceError = ServiceError::new(
    Code::FieldLevelEncryptionConfigAlreadyExists,
    "The specified configuration for field-level encryption already exists.",
);

impl Resource for FieldLevelEncryption {
    const KIND: ResourceKind = ResourceKind::FIELD_LEVEL_ENCRYPTION_CONFIG;
    const NAMES: Names = Names {
        create: "CreateFieldLevelEncryptionConfig",
        create_with_tags: None,
        get: "GetFieldLevelEncryption",
        get_config: Some("GetFieldLevelEncryptionConfig"),
        update: "UpdateFieldLevelEncryptionConfig",
        delete: "DeleteFieldLevelEncryptionConfig",
        list: "ListFieldLevelEncryptionConfigs",
        document: "FieldLevelEncryption",
        config: Some("FieldLevelEncryptionConfig"),
        page: "FieldLevelEncryptionList",
        path: "field-level-encryption",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 1;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(
            Code::NoSuchFieldLevelEncryptionConfig,
            "The specified configuration for field-level encryption doesn't exist.",
        ),
        name_taken: None,
        caller_reference_used: Some(ALREADY_EXISTS),
        too_many: ServiceError::new(
            Code::TooManyFieldLevelEncryptionConfigs,
            "The maximum number of configurations for field-level encryption have been created.",
        ),
        in_use: ServiceError::new(
            Code::FieldLevelEncryptionConfigInUse,
            "The specified configuration for field-level encryption is in use.",
        ),
    };
    const TARGETS: &'static [Target] = &[Target {
        kind: ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE,
        absent: NO_SUCH_PROFILE,
        check: |_target| Ok(()),
        built_in: |_id| false,
    }];
    const RULES: &'static [Code] = &[
        Code::InconsistentQuantities,
        Code::QueryArgProfileEmpty,
        Code::TooManyFieldLevelEncryptionContentTypeProfiles,
        Code::TooManyFieldLevelEncryptionQueryArgProfiles,
    ];
    const CHANGE_RULES: &'static [Code] = &[Code::IllegalUpdate];
    type Config = field_level_encryption::FieldLevelEncryptionConfig;

    fn id(random: Uuid) -> String {
        id::coded('C', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.field_level_encryption_configs_per_account
    }

    fn complete(config: &mut Members) {
        counted::complete(config);
    }

    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), ServiceError> {
        config.check(quotas)
    }

    fn check_change(before: &Self::Config, after: &Self::Config) -> Result<(), ServiceError> {
        before.check_change(after)
    }

    fn caller_reference(config: &Self::Config) -> Option<&str> {
        Some(&config.caller_reference)
    }

    fn references(config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        let kind = ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE;
        config.profile_ids().into_iter().map(|id| (kind, id)).collect()
    }
}
