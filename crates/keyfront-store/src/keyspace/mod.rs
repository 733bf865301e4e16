//! The table of keys, byte by byte. Nothing else in the workspace makes or takes apart a key.
//!
//! | key                                            | value                                            |
//! |------------------------------------------------|--------------------------------------------------|
//! | `00` `format`                                  | [`Format`]: which steps of the [migration](crate::migration) were made |
//! | `00` `guard`                                   | nothing: earlier versions wrote it with every change |
//! | `00` `restoring`                               | `RestoreMark`: the restore that is being made in steps |
//! | `00` `timelines`                               | `TimelinesRecord`: the runs of servers that wrote the store |
//! | `00` `copying`                                 | `CopyMark`: a copy into this store is being made  |
//! | `00` `replica`                                 | `ReplicaMark`: this is an edge's replica, not a store |
//! | `00` `replica/` account                        | `ReplicaRecord`: how far a replica has followed an account |
//! | `03` account id                                | `KeyValueStoreRecord`: what the control plane keeps |
//! | `05` account id                                | `PairsRecord`: version, count and size of the pairs |
//! | `06` account id key                            | a pair's value, in the first generation of a store |
//! | `08` account id                                | nothing: an import that is not finished          |
//! | `09` account arn                               | `TagsRecord`                                   |
//! | `0a` account arn                               | `ReferencesRecord`: how many refer to a resource |
//! | `0b` account arn `00` arn                      | nothing: who refers to it, the second            |
//! | `0c` access key id                             | `CredentialRecord`                             |
//! | `0d` account id generation key                 | a pair's value, in a later generation            |
//! | `0e` account id version                        | nothing: a generation that is being staged, which is the version of this entry |
//! | `0f` account id generation                     | nothing: a generation that nothing reads any more |
//! | `10` restore number                            | `JournalStep`: a step of a restore               |
//! | `20` account kind `/` id                       | `ResourceRecord`: a configuration resource     |
//! | `21` account kind `/` created id               | nothing: the resources of a kind in the order of their creation |
//! | `22` account kind                              | `CountRecord`: how many resources of a kind the account has |
//! | `22` account kind `/` part                     | `CountRecord`: how many of them are of a part with a quota of its own |
//! | `23` account kind `/` name                     | `OwnerId`: the resource that has the name      |
//! | `24` account kind `/` caller reference         | `OwnerId`: the resource that a request made    |
//! | `25` account kind `/` id                       | `DeletedRecord`: an id that was used once      |
//! | `26` reversed domain name                      | `OwnerArn`: the resource that answers for the name     |
//! | `27` account arn `00` id                       | `InvalidationRecord`: an invalidation of a distribution or a tenant |
//! | `28` account arn `00` downwards id             | nothing: the invalidations of one, the newest first |
//! | `29` account arn `00` caller reference         | `OwnerId`: the invalidation that a request made |
//! | `2a` account arn                               | `ProgressRecord`: the invalidations that may be in progress |
//! | `30` account name                              | `FunctionRecord`: a function with both its stages |
//! | `31` account stage name                        | `Code`: the code of that stage                 |
//!
//! An account is its twelve digits. An id in the tables `03` to `08` and `0d` to `0f` is the sixteen bytes of a store's UUID, in the
//! others the id as ARNs show it. A moment is eight big-endian bytes of milliseconds since the epoch, a
//! generation, a version and a number are eight big-endian bytes, a restore is the sixteen bytes of a UUID; an ARN is its
//! text, which holds no zero byte; a kind is the word for it in ARNs, which holds no slash. A stage is the byte `D`
//! or `L`. A name, a key, an ARN or an id that is text stands last, so nothing needs a length or an escape. Every
//! value that is not empty begins with a version byte; see [`crate::records`].
//!
//! A reversed domain name has its labels from the last to the first, so that the names below one lie together. Downwards
//! is a moment whose bits are turned, so that later ones come first.
//!
//! The tables `21` to `25` are about resources of every kind: `22` counts stores and functions too, and `21`, `23`
//! and `25` have stores. Functions are found and listed by name, so table `30` is their order and their names.
//!
//! The tables `01`, `02`, `04` and `07` held counts, names, order and deleted ids of stores alone, and the values of
//! `23` and `24` were empty; the migration moves what it finds. Their bytes are not used again.

mod credential;
mod domain_name;
mod function;
mod invalidation;
mod key_value_store;
mod replication;
mod resource;
mod saved_state;

use bytes::Bytes;

use crate::records::Format;
use crate::{Key, Range, Table};

pub(crate) use credential::{credential, credentials, is_credential};
pub(crate) use domain_name::{domain_name, domain_names_below, domain_names_guard};
pub(crate) use function::{all_functions, function, function_code, function_of, functions};
pub(crate) use invalidation::{
    all_invalidations, invalidated, invalidation, invalidation_order, invalidation_reference, invalidations,
    invalidations_ended, newest_id, progress,
};
pub(crate) use key_value_store::{
    all_pairs, import, imports, is_pair, is_pairs, later_pairs, leftover, leftover_of, leftovers,
    owner_of_pair, pair, pair_key, pairs, pairs_of, stage, staged_pairs, stages, store, store_in, store_of,
    store_of_stage,
};
pub(crate) use replication::{
    copying, replica, replica_account, replica_mark, replicas, timelines, travelling,
};
pub(crate) use resource::{
    all_resources, caller_reference, count, count_of_part, counts, created_id, creation, creations, deleted,
    has_owner, kind_of_resource, name, references, referrer, referrers, resource, resource_in, resources,
    stored_resource, tags,
};

pub(crate) use saved_state::{journal, journal_step, journals, restoring};

use credential::CREDENTIALS;
use key_value_store::{LEFTOVER, PAIR, STAGE, STAGED_PAIR};
use saved_state::JOURNAL;

static FORMATS: Table<Format> = Table::new(0x00, "format");

/// The tables that no saved state holds and no restore touches: the steps of the migration belong to the engine's data,
/// generations of pairs to the store, and a test does not put credentials back. Every other table belongs to a saved
/// state, also one that is added later.
const NOT_SAVED: [u8; 6] = [FORMATS.first(), CREDENTIALS.first(), STAGED_PAIR, STAGE, LEFTOVER, JOURNAL];

/// The tables that [`restorable_records`] leaves out.
const NO_RECORDS: [u8; 7] =
    [FORMATS.first(), PAIR, CREDENTIALS.first(), STAGED_PAIR, STAGE, LEFTOVER, JOURNAL];

fn join(table: u8, parts: &[&[u8]]) -> Bytes {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(table);
    for part in parts {
        key.extend_from_slice(part);
    }
    Bytes::from(key)
}

/// Everything that belongs to a saved state, in key order: all tables but those that are [`NOT_SAVED`].
pub(crate) fn restorable() -> Vec<Range> {
    all_but(&NOT_SAVED)
}

/// What belongs to a saved state, without pairs of any generation.
pub(crate) fn restorable_records() -> Vec<Range> {
    all_but(&NO_RECORDS)
}

/// All tables but these, which are in order.
fn all_but(tables: &[u8]) -> Vec<Range> {
    let mut ranges = Vec::with_capacity(tables.len() + 1);
    let mut start = Bytes::new();
    for table in tables {
        let apart = Range::prefix(join(*table, &[]));
        ranges.push(Range::new(start, apart.start));
        start = apart.end;
    }
    ranges.push(Range::new(start, Bytes::new()));
    ranges.retain(|range| !range.is_empty());
    ranges
}

/// Which steps of the migration were made.
pub(crate) fn format() -> Key<Format> {
    FORMATS.key(&[b"format"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_but_those_that_are_not_saved_is_restored_also_one_that_is_added_later() {
        let ranges = restorable();
        for table in 0..=u8::MAX {
            let key = join(table, &[b"rest"]);
            let holds = |range: &Range| range.start <= key && (range.end.is_empty() || key < range.end);
            let held = ranges.iter().filter(|range| holds(range)).count();
            assert_eq!(held, usize::from(!NOT_SAVED.contains(&table)), "table {table:02x}");
        }
        assert!(NOT_SAVED.is_sorted());
    }
}
