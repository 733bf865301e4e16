//! Profiles of field-level encryption: which fields are encrypted with which public key.

use std::collections::BTreeSet;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::field_level_encryption::FieldLevelEncryptionProfileConfig;
use keyfront_domain::public_key::{KeyKind, PublicKey};
use keyfront_domain::{Quotas, Refusal, id};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::configuration::{Names, Refusals, Resource, Summary, Time, counted};
use crate::control::public_key::NO_SUCH_PUBLIC_KEY;
use crate::operation::Subject;

/// A profile of field-level encryption.
pub(super) struct FieldLevelEncryptionProfile;

/// What others answer who refer to a profile that is not there.
pub(in crate::control) const NO_SUCH_PROFILE: Refusal = Refusal::new(
    "NoSuchFieldLevelEncryptionProfile",
    "The specified profile for field-level encryption doesn't exist.",
);

const ALREADY_EXISTS: Refusal = Refusal::new(
    "FieldLevelEncryptionProfileAlreadyExists",
    "The specified profile for field-level encryption already exists.",
);

impl Resource for FieldLevelEncryptionProfile {
    const KIND: ResourceKind = ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE;
    const NAMES: Names = Names {
        create: "CreateFieldLevelEncryptionProfile",
        get: "GetFieldLevelEncryptionProfile",
        get_config: "GetFieldLevelEncryptionProfileConfig",
        update: "UpdateFieldLevelEncryptionProfile",
        delete: "DeleteFieldLevelEncryptionProfile",
        list: "ListFieldLevelEncryptionProfiles",
        document: "FieldLevelEncryptionProfile",
        config: "FieldLevelEncryptionProfileConfig",
        page: "FieldLevelEncryptionProfileList",
        path: "field-level-encryption-profile",
        time: Time::LastModified,
        summary: Summary::Flat,
    };
    const SUBJECT: Subject = Subject::Resource(Self::KIND);
    const REFUSALS: Refusals = Refusals {
        absent: NO_SUCH_PROFILE,
        name_taken: ALREADY_EXISTS,
        caller_reference_used: ALREADY_EXISTS,
        too_many: Refusal::new(
            "TooManyFieldLevelEncryptionProfiles",
            "The maximum number of profiles for field-level encryption have been created.",
        ),
        in_use: Refusal::new(
            "FieldLevelEncryptionProfileInUse",
            "The specified profile for field-level encryption is in use.",
        ),
        no_such_target: NO_SUCH_PUBLIC_KEY,
    };
    type Config = FieldLevelEncryptionProfileConfig;

    fn id(random: Uuid) -> String {
        id::coded('P', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.field_level_encryption_profiles_per_account
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

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    fn caller_reference(config: &Self::Config) -> Option<&str> {
        Some(&config.caller_reference)
    }

    fn references(config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        config.public_key_ids().into_iter().map(|id| (ResourceKind::PUBLIC_KEY, id)).collect()
    }

    /// Nothing can be encrypted with an ECDSA key.
    fn check_target(target: &Map<String, Value>) -> Result<(), Refusal> {
        let encoded = target.get("EncodedKey").and_then(Value::as_str).unwrap_or_default();
        match PublicKey::parse(encoded)?.kind {
            KeyKind::RsaBits2048 => Ok(()),
            KeyKind::EcdsaP256 => {
                Err(Refusal::argument("PublicKeyId", "Field-level encryption needs an RSA key of 2048 bits."))
            }
        }
    }
}
