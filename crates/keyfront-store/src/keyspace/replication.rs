//! Keys of what edges follow: which tables travel to them, and where both sides note how far they are.

use bytes::Bytes;
use keyfront_domain::AccountId;

use super::function::{FUNCTION_CODE, FUNCTIONS};
use super::invalidation::INVALIDATIONS;
use super::key_value_store::{PAIR, PAIRS, STAGED_PAIR};
use super::resource::RESOURCES;
use super::{FORMATS, join};
use crate::records::{CopyMark, ReplicaMark, ReplicaRecord, TimelinesRecord};
use crate::{Key, Prefix, Range, Table};

static TIMELINES: Table<TimelinesRecord> = Table::new(FORMATS.first(), "timelines");
static REPLICA_MARK: Table<ReplicaMark> = Table::new(FORMATS.first(), "replica mark");
static COPYING: Table<CopyMark> = Table::new(FORMATS.first(), "copy mark");
static REPLICAS: Table<ReplicaRecord> = Table::new(FORMATS.first(), "replica");

/// The tables that an edge gets: those that the projections of `keyfront-view` read, and no other. A table that is added
/// later stays at home until it is named here.
const TRAVELLING: [u8; 7] = [
    PAIRS.first(),
    PAIR,
    STAGED_PAIR,
    RESOURCES.first(),
    INVALIDATIONS.first(),
    FUNCTIONS.first(),
    FUNCTION_CODE.first(),
];

/// What of an account travels to an edge, in key order.
pub(crate) fn travelling(account: AccountId) -> Vec<Range> {
    TRAVELLING.map(|table| Range::prefix(join(table, &[account.as_bytes()]))).into()
}

/// The timelines of a store.
pub(crate) fn timelines() -> Key<TimelinesRecord> {
    TIMELINES.key(&[b"timelines"])
}

/// What marks a replica.
pub(crate) fn replica_mark() -> Key<ReplicaMark> {
    REPLICA_MARK.key(&[b"replica"])
}

/// What marks a store into which a copy is being made.
pub(crate) fn copying() -> Key<CopyMark> {
    COPYING.key(&[b"copying"])
}

/// How far a replica has followed an account.
pub(crate) fn replica(account: AccountId) -> Key<ReplicaRecord> {
    REPLICAS.key(&[b"replica/", account.as_bytes()])
}

/// How far a replica has followed each of its accounts. The account follows the prefix.
pub(crate) fn replicas() -> Prefix<ReplicaRecord> {
    REPLICAS.prefix(&[b"replica/"])
}

/// The account behind the prefix of [`replicas`].
pub(crate) fn replica_account(rest: &Bytes) -> Option<AccountId> {
    std::str::from_utf8(rest).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is decided about each table: whether it travels, and why it does not.
    const DECISIONS: [(u8, Result<(), &str>); 26] = [
        (0x00, Err("of the engine's own data")),
        (0x03, Err("of the control plane")),
        (0x05, Ok(())),
        (0x06, Ok(())),
        (0x08, Err("the server's own work")),
        (0x09, Err("of the control plane")),
        (0x0a, Err("of the control plane")),
        (0x0b, Err("of the control plane")),
        (0x0c, Err("credentials, whose secrets are sealed")),
        (0x0d, Ok(())),
        (0x0e, Err("the server's own work")),
        (0x0f, Err("the server's own work")),
        (0x10, Err("the server's own work")),
        (0x20, Ok(())),
        (0x21, Err("of the control plane")),
        (0x22, Err("of the control plane")),
        (0x23, Err("of the control plane")),
        (0x24, Err("of the control plane")),
        (0x25, Err("of the control plane")),
        (0x26, Err("of no account; an edge reads names from the documents")),
        (0x27, Ok(())),
        (0x28, Err("of the control plane")),
        (0x29, Err("of the control plane")),
        (0x2a, Err("of the control plane")),
        (0x30, Ok(())),
        (0x31, Ok(())),
    ];

    /// The tables that the keyspace has, from its own sources: the table of keys, and every table that is made.
    fn tables() -> BTreeSet<u8> {
        let documented = include_str!("mod.rs").lines().filter_map(|line| line.strip_prefix("//! | `"));
        let sources = [
            include_str!("credential.rs"),
            include_str!("domain_name.rs"),
            include_str!("function.rs"),
            include_str!("invalidation.rs"),
            include_str!("key_value_store.rs"),
            include_str!("mod.rs"),
            include_str!("resource.rs"),
            include_str!("saved_state.rs"),
        ];
        let made = sources.into_iter().flat_map(|source| {
            let new = source.split("Table::new(0x").skip(1);
            new.chain(source.split(": u8 = 0x").skip(1))
        });
        documented.chain(made).map(|text| u8::from_str_radix(text.get(..2).unwrap(), 16).unwrap()).collect()
    }

    #[test]
    fn it_is_decided_for_every_table_whether_it_travels_to_edges() {
        let decided: BTreeSet<u8> = DECISIONS.into_iter().map(|(table, _)| table).collect();
        assert_eq!(decided, tables(), "say in DECISIONS whether a new table travels");
        let ranges = travelling(AccountId::DEVELOPMENT);
        for (table, travels) in DECISIONS {
            let key = join(table, &[AccountId::DEVELOPMENT.as_bytes(), b"rest"]);
            let held = ranges.iter().filter(|range| range.start <= key && key < range.end).count();
            assert_eq!(held, usize::from(travels.is_ok()), "table {table:02x}");
        }
        assert!(TRAVELLING.is_sorted());
    }

    #[test]
    fn nothing_of_another_account_travels_and_no_key_without_an_account() {
        let account: AccountId = "123456789012".parse().unwrap();
        let other: AccountId = "123456789013".parse().unwrap();
        for table in 0..=u8::MAX {
            for key in [join(table, &[other.as_bytes(), b"x"]), join(table, &[b"x"]), join(table, &[])] {
                let held = travelling(account).iter().any(|range| range.start <= key && key < range.end);
                assert!(!held, "{key:?}");
            }
        }
    }

    #[test]
    fn the_account_of_a_replica_is_found_in_its_key() {
        let key = replica(AccountId::DEVELOPMENT).bytes();
        assert!(key.starts_with(&replicas().range().start));
        assert_eq!(replica_account(&replicas().rest(&key)), Some(AccountId::DEVELOPMENT));
        assert!(!replica_mark().bytes().starts_with(&replicas().range().start));
    }
}
