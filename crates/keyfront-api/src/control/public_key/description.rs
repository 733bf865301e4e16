//! Public keys: what signed URLs and cookies are verified with, and what fields are encrypted with.

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::public_key::PublicKeyConfig;
use keyfront_domain::{Quotas, Refusal, id};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::configuration::{Names, Refusals, Resource, Summary, Time};
use crate::operation::Subject;

/// A public key that verifies signed requests or encrypts fields.
pub(super) struct PublicKey;

/// What others answer who refer to a public key that is not there.
pub(in crate::control) const NO_SUCH_PUBLIC_KEY: Refusal =
    Refusal::new("NoSuchPublicKey", "The specified public key doesn't exist.");

impl Resource for PublicKey {
    const KIND: ResourceKind = ResourceKind::PUBLIC_KEY;
    const NAMES: Names = Names {
        create: "CreatePublicKey",
        get: "GetPublicKey",
        get_config: "GetPublicKeyConfig",
        update: "UpdatePublicKey",
        delete: "DeletePublicKey",
        list: "ListPublicKeys",
        document: "PublicKey",
        config: "PublicKeyConfig",
        page: "PublicKeyList",
        path: "public-key",
        time: Time::Created,
        summary: Summary::Flat,
    };
    // IAM knows no resource type for public keys, so a policy cannot name one.
    const SUBJECT: Subject = Subject::Account;
    const REFUSALS: Refusals = Refusals {
        absent: NO_SUCH_PUBLIC_KEY,
        name_taken: Refusal::new(
            "PublicKeyAlreadyExists",
            "The name that you are using to create a CloudFront public key is associated with another public \
             key in your account.",
        ),
        caller_reference_used: Refusal::new(
            "PublicKeyAlreadyExists",
            "The specified public key already exists.",
        ),
        too_many: Refusal::new(
            "TooManyPublicKeys",
            "Processing your request will cause you to exceed the maximum number of CloudFront public keys \
             allowed.",
        ),
        in_use: Refusal::new(
            "PublicKeyInUse",
            "The Cloudfront public key is currently associated with either Key Group or a field level \
             encryption profile.",
        ),
        // It refers to nothing.
        no_such_target: NO_SUCH_PUBLIC_KEY,
    };
    type Config = PublicKeyConfig;

    fn id(random: Uuid) -> String {
        id::coded('K', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.public_keys_per_account
    }

    /// A comment that was left out comes back empty.
    fn complete(config: &mut Map<String, Value>) {
        config.entry("Comment").or_insert_with(|| "".into());
    }

    fn check(config: &PublicKeyConfig, _quotas: &Quotas) -> Result<(), Refusal> {
        config.check()
    }

    fn check_change(before: &PublicKeyConfig, after: &PublicKeyConfig) -> Result<(), Refusal> {
        before.check_change(after)
    }

    fn name(config: &PublicKeyConfig) -> Option<&str> {
        Some(&config.name)
    }

    fn caller_reference(config: &PublicKeyConfig) -> Option<&str> {
        Some(&config.caller_reference)
    }
}
