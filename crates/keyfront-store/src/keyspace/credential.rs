//! Keys of credentials.

use crate::records::CredentialRecord;
use crate::{Key, Prefix, Table};

pub(super) static CREDENTIALS: Table<CredentialRecord> = Table::new(0x0c, "credential");

/// All credentials.
pub(crate) fn credentials() -> Prefix<CredentialRecord> {
    CREDENTIALS.prefix(&[])
}

/// True for the key of a credential.
pub(crate) fn is_credential(key: &[u8]) -> bool {
    key.first() == Some(&CREDENTIALS.first())
}

pub(crate) fn credential(access_key_id: &str) -> Key<CredentialRecord> {
    CREDENTIALS.key(&[access_key_id.as_bytes()])
}
