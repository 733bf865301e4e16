//! Keys of credentials.

use crate::records::CredentialRecord;
use crate::{Key, Prefix, Table};

pub(super) static CREDENTIALS: Table<CredentialRecord> = Table::new(0x0c, "credential");

/// All credentials.
pub(crate) fn credentials() -> Prefix<CredentialRecord> {
    CREDENTIALS.prefix(&[])
}

pub(crate) fn credential(access_key_id: &str) -> Key<CredentialRecord> {
    CREDENTIALS.key(&[access_key_id.as_bytes()])
}
