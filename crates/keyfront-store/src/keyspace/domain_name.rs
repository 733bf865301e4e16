//! Keys of domain names, which belong to one resource of one account among all accounts.

use crate::records::{OwnerArn, Present};
use crate::{Key, Prefix, Table};

static DOMAIN_NAMES: Table<OwnerArn> = Table::new(0x26, "domain name");
static GUARD: Table<Present> = Table::new(0x26, "guard of domain names");

/// Who answers for a name.
pub(crate) fn domain_name(name: &str) -> Key<OwnerArn> {
    DOMAIN_NAMES.key(&[reversed(name).as_bytes()])
}

/// The names that end with a dot and this one; wildcards among them begin with `*`.
pub(crate) fn domain_names_below(name: &str) -> Prefix<OwnerArn> {
    DOMAIN_NAMES.prefix(&[reversed(name).as_bytes(), b"."])
}

/// What every change of names writes. No name is empty, so this is the key of none.
pub(crate) fn domain_names_guard() -> Key<Present> {
    GUARD.key(&[])
}

fn reversed(name: &str) -> String {
    name.rsplit('.').collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below_one_lie_together() {
        let range = domain_names_below("example.com").range();
        for (name, inside) in [
            ("www.example.com", true),
            ("*.example.com", true),
            ("a.b.example.com", true),
            ("example.com", false),
            ("myexample.com", false),
            ("example.com.org", false),
        ] {
            let key = domain_name(name).bytes();
            assert_eq!(range.start <= key && key < range.end, inside, "{name}");
        }
    }
}
