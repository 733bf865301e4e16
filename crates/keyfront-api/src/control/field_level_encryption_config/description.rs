//! Configurations of field-level encryption: which profile a request gets.

use std::collections::BTreeSet;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::{Quotas, Refusal, field_level_encryption, id};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::configuration::{Names, Refusals, Resource, Summary, Time, counted};
use crate::control::field_level_encryption_profile::NO_SUCH_PROFILE;
use crate::operation::Subject;

/// A configuration of field-level encryption.
pub(super) struct FieldLevelEncryption;

const ALREADY_EXISTS: Refusal = Refusal::new(
    "FieldLevelEncryptionConfigAlreadyExists",
    "The specified configuration for field-level encryption already exists.",
);

impl Resource for FieldLevelEncryption {
    const KIND: ResourceKind = ResourceKind::FIELD_LEVEL_ENCRYPTION_CONFIG;
    const NAMES: Names = Names {
        create: "CreateFieldLevelEncryptionConfig",
        get: "GetFieldLevelEncryption",
        get_config: "GetFieldLevelEncryptionConfig",
        update: "UpdateFieldLevelEncryptionConfig",
        delete: "DeleteFieldLevelEncryptionConfig",
        list: "ListFieldLevelEncryptionConfigs",
        document: "FieldLevelEncryption",
        config: "FieldLevelEncryptionConfig",
        page: "FieldLevelEncryptionList",
        path: "field-level-encryption",
        time: Time::LastModified,
        summary: Summary::Flat,
    };
    const SUBJECT: Subject = Subject::Resource(Self::KIND);
    const REFUSALS: Refusals = Refusals {
        absent: Refusal::new(
            "NoSuchFieldLevelEncryptionConfig",
            "The specified configuration for field-level encryption doesn't exist.",
        ),
        // It has none.
        name_taken: ALREADY_EXISTS,
        caller_reference_used: ALREADY_EXISTS,
        too_many: Refusal::new(
            "TooManyFieldLevelEncryptionConfigs",
            "The maximum number of configurations for field-level encryption have been created.",
        ),
        in_use: Refusal::new(
            "FieldLevelEncryptionConfigInUse",
            "The specified configuration for field-level encryption is in use.",
        ),
        no_such_target: NO_SUCH_PROFILE,
    };
    type Config = field_level_encryption::FieldLevelEncryptionConfig;

    fn id(random: Uuid) -> String {
        id::coded('C', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.field_level_encryption_configs_per_account
    }

    fn complete(config: &mut Map<String, Value>) {
        counted::complete(config);
    }

    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), Refusal> {
        config.check(quotas)
    }

    fn check_change(before: &Self::Config, after: &Self::Config) -> Result<(), Refusal> {
        before.check_change(after)
    }

    fn name(_config: &Self::Config) -> Option<&str> {
        None
    }

    fn caller_reference(config: &Self::Config) -> Option<&str> {
        Some(&config.caller_reference)
    }

    fn references(config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        let kind = ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE;
        config.profile_ids().into_iter().map(|id| (kind, id)).collect()
    }
}
