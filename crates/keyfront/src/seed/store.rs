//! A store of a seed, and its id.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use keyfront_domain::AccountId;
use keyfront_store::records::TagsRecord;
use keyfront_store::stores::NewKeyValueStore;
use uuid::Uuid;

/// The namespace of the ids of what a seed makes (RFC 9562, version 5).
const NAMESPACE: Uuid = Uuid::from_u128(0xe80a_d86c_dd47_458a_b617_bfcf_6efc_576a);

/// A store of a seed.
pub(super) struct SeedStore {
    pub(super) account: AccountId,
    pub(super) name: String,
    pub(super) pairs: Vec<(String, String)>,
}

impl SeedStore {
    /// The store to create.
    pub(super) fn describe(&self, now_ms: i64) -> NewKeyValueStore {
        NewKeyValueStore {
            account: self.account,
            id: seeded_id(self.account, &self.name),
            name: self.name.clone(),
            comment: None,
            tags: TagsRecord::default(),
            import: None,
            held: false,
            now_ms,
        }
    }

    /// Its name, as it is shown.
    pub(super) fn display_name(&self) -> String {
        display_name(self.account, &self.name)
    }
}

/// A name of a seed, with its account unless that is the usual one.
pub(super) fn display_name(account: AccountId, name: &str) -> String {
    if account == AccountId::DEVELOPMENT { name.to_owned() } else { format!("{account}/{name}") }
}

/// The id of a store of a seed: a UUID of version 5 in [`NAMESPACE`], of `ACCOUNT/NAME`. What resources draw is of
/// `ACCOUNT/NAME/NUMBER`.
pub(super) fn seeded_id(account: AccountId, name: &str) -> Uuid {
    let mut text = NAMESPACE.as_bytes().to_vec();
    text.extend_from_slice(format!("{account}/{name}").as_bytes());
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, &text);
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.as_ref()) {
        *byte = *hashed;
    }
    uuid::Builder::from_sha1_bytes(bytes).into_uuid()
}
