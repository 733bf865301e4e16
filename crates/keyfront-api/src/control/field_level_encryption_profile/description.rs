//! Profiles of field-level encryption: which fields are encrypted with which public key.

use std::collections::BTreeSet;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::field_level_encryption::FieldLevelEncryptionProfileConfig;
use keyfront_domain::public_key::{KeyKind, PublicKey};
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};
use serde_json::Value;
use uuid::Uuid;

use crate::configuration::{Layout, NameTaken, Names, Refusals, Resource, Summary, Target, Time, counted};
use crate::control::public_key::NO_SUCH_PUBLIC_KEY;
use crate::operation::Members;

/// A profile of field-level encryption.
pub(super) struct FieldLevelEncryptionProfile;

/// What others answer who refer to a profile that is not there.
pub(in crate::control) const NO_SUCH_PROFILE: ServiceError = ServiceError::new(
    Code::NoSuchFieldLevelEncryptionProfile,
    "The specified profile for field-level encryption doesn't exist.",
);

const ALREADY_EXISTS: ServiceError = ServiceError::new(
    Code::FieldLevelEncryptionProfileAlreadyExists,
    "The specified profile for field-level encryption already exists.",
);

impl Resource for FieldLevelEncryptionProfile {
    const KIND: ResourceKind = ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE;
    const NAMES: Names = Names {
        create: "CreateFieldLevelEncryptionProfile",
        create_with_tags: None,
        get: "GetFieldLevelEncryptionProfile",
        get_config: Some("GetFieldLevelEncryptionProfileConfig"),
        update: "UpdateFieldLevelEncryptionProfile",
        delete: "DeleteFieldLevelEncryptionProfile",
        list: "ListFieldLevelEncryptionProfiles",
        document: "FieldLevelEncryptionProfile",
        config: Some("FieldLevelEncryptionProfileConfig"),
        page: "FieldLevelEncryptionProfileList",
        path: "field-level-encryption-profile",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 1;
    const REFUSALS: Refusals = Refusals {
        absent: NO_SUCH_PROFILE,
        name_taken: Some(NameTaken { refusal: ALREADY_EXISTS, on_update: true }),
        caller_reference_used: Some(ALREADY_EXISTS),
        too_many: ServiceError::new(
            Code::TooManyFieldLevelEncryptionProfiles,
            "The maximum number of profiles for field-level encryption have been created.",
        ),
        in_use: ServiceError::new(
            Code::FieldLevelEncryptionProfileInUse,
            "The specified profile for field-level encryption is in use.",
        ),
    };
    const TARGETS: &'static [Target] = &[Target {
        kind: ResourceKind::PUBLIC_KEY,
        absent: NO_SUCH_PUBLIC_KEY,
        check: can_encrypt,
        built_in: |_id| false,
    }];
    const RULES: &'static [Code] = &[
        Code::InconsistentQuantities,
        Code::TooManyFieldLevelEncryptionEncryptionEntities,
        Code::TooManyFieldLevelEncryptionFieldPatterns,
    ];
    const CHANGE_RULES: &'static [Code] = &[Code::IllegalUpdate];
    type Config = FieldLevelEncryptionProfileConfig;

    fn id(random: Uuid) -> String {
        id::coded('P', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.field_level_encryption_profiles_per_account
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

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    fn caller_reference(config: &Self::Config) -> Option<&str> {
        Some(&config.caller_reference)
    }

    fn references(config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        config.public_key_ids().into_iter().map(|id| (ResourceKind::PUBLIC_KEY, id)).collect()
    }
}

/// Nothing can be encrypted with an ECDSA key.
fn can_encrypt(public_key: &Members) -> Result<(), ServiceError> {
    let encoded = public_key.get("EncodedKey").and_then(Value::as_str).unwrap_or_default();
    match PublicKey::parse(encoded)?.kind {
        KeyKind::RsaBits2048 => Ok(()),
        KeyKind::EcdsaP256 => Err(ServiceError::argument(
            "PublicKeyId",
            "Field-level encryption needs an RSA key of 2048 bits.",
        )),
    }
}
