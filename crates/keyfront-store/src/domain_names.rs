//! Domain names: the one resource of all accounts that answers for each.
//!
//! A name is an alias, a name that the service gave, or a wildcard such as `*.example.com`, which stands for every name
//! that ends with `.example.com`. A name and a wildcard that covers it can belong to different resources of one account,
//! never of two.

use std::collections::BTreeSet;

use keyfront_domain::arn::Arn;

use crate::records::{OwnerArn, Present};
use crate::{Abort, StoreError, Transaction, keyspace};

/// A name is another resource's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The name that was wanted.
    pub name: String,
    /// The resource that has it, or one of another account that overlaps with it.
    pub owner: Arn,
}

/// Longest domain name, in bytes (RFC 1035, section 2.3.4, as text without the final dot).
const LONGEST: usize = 253;

/// Whether a text can be the name of anything. The empty key is that of the guard.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST
}

/// The resource that has a name; wildcards are not considered. For a text that cannot be a domain name, nothing.
pub async fn owner(tx: &Transaction<'_>, name: &str) -> Result<Option<Arn>, StoreError> {
    if !is_name(name) {
        return Ok(None);
    }
    Ok(tx.get(&keyspace::domain_name(name)).await?.map(|owner| owner.0))
}

/// The names that overlap with one, each with the resource that has it: the name itself, wildcards that cover it, and
/// what it covers as a wildcard.
pub async fn overlapping(tx: &Transaction<'_>, name: &str) -> Result<Vec<(String, Arn)>, StoreError> {
    let mut found = Vec::new();
    if !is_name(name) {
        return Ok(found);
    }
    for covering in covering(name) {
        found.extend(owner(tx, &covering).await?.map(|owner| (covering, owner)));
    }
    if let Some(parent) = name.strip_prefix("*.").filter(|parent| !parent.is_empty()) {
        let (below, guard) = (keyspace::domain_names_below(parent), keyspace::domain_names_guard());
        for (rest, OwnerArn(owner)) in tx.scan(&below, usize::MAX, &guard).await? {
            let rest = String::from_utf8_lossy(&rest).into_owned();
            let labels = rest.rsplit('.').collect::<Vec<_>>().join(".");
            let full = format!("{labels}.{parent}");
            if !found.iter().any(|(known, _)| *known == full) {
                found.push((full, owner));
            }
        }
    }
    Ok(found)
}

/// The name, and the wildcards that cover it.
fn covering(name: &str) -> impl Iterator<Item = String> {
    let parents = name.match_indices('.').filter_map(|(dot, _)| name.get(dot + 1..));
    let wildcards: Vec<_> =
        parents.map(|parent| format!("*.{parent}")).filter(|wildcard| wildcard != name).collect();
    std::iter::once(name.to_owned()).chain(wildcards)
}

/// Gives `resource` the names in `after`, and takes those that were only in `before`.
pub(crate) async fn change(
    tx: &Transaction<'_>,
    resource: &Arn,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Result<(), Abort<Taken>> {
    if before == after {
        return Ok(());
    }
    for name in before.difference(after) {
        tx.delete(&keyspace::domain_name(name));
    }
    for name in after.difference(before) {
        for (overlapping, owner) in overlapping(tx, name).await? {
            if overlapping == *name || owner.account != resource.account {
                return Err(Abort::Refused(Taken { name: name.clone(), owner }));
            }
        }
        tx.put(&keyspace::domain_name(name), &OwnerArn(resource.clone()))?;
    }
    Ok(tx.put(&keyspace::domain_names_guard(), &Present)?)
}
