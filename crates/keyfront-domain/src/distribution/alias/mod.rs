//! Alternate domain names: what may be one, which of them overlap, and which certificates cover them.
//!
//! A wildcard among them stands for any number of labels, `*.example.com` for `a.b.example.com` too (AWS: "Use wildcards in
//! alternate domain names"), one in a certificate for exactly one (RFC 9525, section 6.3).

/// Most bytes of a domain name, and of a label of one (RFC 1035).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Whether a distribution may have this alternate domain name: a domain name in small letters with at least two
/// labels, of which the first may be `*`.
pub fn is_alias(name: &str) -> bool {
    let name_of_wildcard = name.strip_prefix("*.").unwrap_or(name);
    let letters =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    name.len() <= MAX_NAME
        && name_of_wildcard.contains('.')
        && name_of_wildcard.split('.').all(|label| {
            (1..=MAX_LABEL).contains(&label.len())
                && label.bytes().all(letters)
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// Whether an alternate domain name, perhaps a wildcard, stands for another name: for itself, or as a wildcard for all that
/// are below its own, wildcards among them.
pub fn stands_for(name: &str, other: &str) -> bool {
    if name.eq_ignore_ascii_case(other) {
        return true;
    }
    let Some(parent) = name.strip_prefix('*') else { return false };
    let split = other.len().checked_sub(parent.len()).filter(|labels| *labels > 0);
    let split = split.and_then(|labels| other.split_at_checked(labels));
    split.is_some_and(|(_, rest)| parent.eq_ignore_ascii_case(rest))
}

/// Whether a name of a certificate covers another one: itself, or as a wildcard what has one more label.
fn covers(name: &str, other: &str) -> bool {
    if name.eq_ignore_ascii_case(other) {
        return true;
    }
    let (Some(parent), Some((label, rest))) = (name.strip_prefix("*."), other.split_once('.')) else {
        return false;
    };
    !label.is_empty() && label != "*" && parent.eq_ignore_ascii_case(rest)
}

/// Whether two names can stand for the same host. Names that overlap may belong to different distributions, and the
/// more specific one wins; only the same name twice is a conflict.
pub fn overlap(name: &str, other: &str) -> bool {
    stands_for(name, other) || stands_for(other, name)
}

/// Whether a certificate with these DNS names covers an alternate domain name.
pub fn is_covered<'n>(alias: &str, dns_names: impl IntoIterator<Item = &'n str>) -> bool {
    dns_names.into_iter().any(|name| covers(name, alias))
}

/// Which of the names that a host has is asked for: the most specific one that stands for it, as
/// [`HostTable`](crate::routing::HostTable) finds it too.
pub fn most_specific<'n>(host: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let matching = names.into_iter().filter(|name| stands_for(name, host));
    // A longer wildcard stands for fewer names.
    matching.min_by_key(|name| (name.starts_with('*'), std::cmp::Reverse(name.len())))
}

#[cfg(test)]
mod tests;
