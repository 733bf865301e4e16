//! Public keys: what signed URLs and cookies are verified with, and what fields are encrypted with.

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::public_key::{PublicKeyConfig, with_final_newline};
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};

use serde_json::Value;
use uuid::Uuid;

use crate::configuration::{Layout, NameTaken, Names, Refusals, Resource, Summary, Time};
use crate::operation::Members;

/// A public key that verifies signed requests or encrypts fields.
pub(super) struct PublicKey;

/// What others answer who refer to a public key that is not there.
pub(in crate::control) const NO_SUCH_PUBLIC_KEY: ServiceError =
    ServiceError::new(Code::NoSuchPublicKey, "The specified public key doesn't exist.");

impl Resource for PublicKey {
    const KIND: ResourceKind = ResourceKind::PUBLIC_KEY;
    const NAMES: Names = Names {
        create: "CreatePublicKey",
        create_with_tags: None,
        get: "GetPublicKey",
        get_config: Some("GetPublicKeyConfig"),
        update: "UpdatePublicKey",
        delete: "DeletePublicKey",
        list: "ListPublicKeys",
        document: "PublicKey",
        config: Some("PublicKeyConfig"),
        page: "PublicKeyList",
        path: "public-key",
    };
    const LAYOUT: Layout = Layout { times: &[Time::Created], summary: Summary::Flat };
    // IAM knows no resource type for public keys, so a policy cannot name one.
    const HAS_POLICY_ARN: bool = false;
    const FIRST_VERSION: u64 = 1;
    const REFUSALS: Refusals = Refusals {
        absent: NO_SUCH_PUBLIC_KEY,
        name_taken: Some(NameTaken {
            refusal: ServiceError::new(
                Code::PublicKeyAlreadyExists,
                "The name that you are using to create a CloudFront public key is associated with another public \
             key in your account.",
            ),
            on_update: false,
        }),
        caller_reference_used: Some(ServiceError::new(
            Code::PublicKeyAlreadyExists,
            "The specified public key already exists.",
        )),
        too_many: ServiceError::new(
            Code::TooManyPublicKeys,
            "Processing your request will cause you to exceed the maximum number of CloudFront public keys \
             allowed.",
        ),
        in_use: ServiceError::new(
            Code::PublicKeyInUse,
            "The Cloudfront public key is currently associated with either Key Group or a field level \
             encryption profile.",
        ),
    };
    const CHANGE_RULES: &'static [Code] = &[Code::CannotChangeImmutablePublicKeyFields];
    type Config = PublicKeyConfig;

    fn id(random: Uuid) -> String {
        id::coded('K', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.public_keys_per_account
    }

    /// A comment that was left out comes back empty, the key with one newline at its end.
    fn complete(config: &mut Members) {
        if let Some(Value::String(key)) = config.get_mut("EncodedKey") {
            *key = with_final_newline(key);
        }
        config.entry("Comment").or_insert_with(|| "".into());
    }

    fn check(config: &PublicKeyConfig, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    fn check_change(before: &PublicKeyConfig, after: &PublicKeyConfig) -> Result<(), ServiceError> {
        before.check_change(after)
    }

    fn name(config: &PublicKeyConfig) -> Option<&str> {
        Some(&config.name)
    }

    fn caller_reference(config: &PublicKeyConfig) -> Option<&str> {
        Some(&config.caller_reference)
    }
}
