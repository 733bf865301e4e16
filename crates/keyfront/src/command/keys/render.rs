//! Renders a public key.

use keyfront_client::StoredPublicKey;
use keyfront_domain::public_key::PublicKey;
use serde_json::{Value, json};

/// The kind of a key, such as `RSA 2048`.
pub(super) fn kind(key: &StoredPublicKey) -> String {
    PublicKey::parse(&key.encoded_key).map_or_else(|_other| "unknown".to_owned(), |key| key.kind.to_string())
}

/// A key as the control plane describes it, by the service's names, and its kind.
pub(super) fn as_json(key: &StoredPublicKey) -> Value {
    json!({
        "Id": key.id,
        "Name": key.name,
        "Type": kind(key),
        "Comment": key.comment,
        "CreatedTime": key.created,
        "EncodedKey": key.encoded_key,
    })
}
