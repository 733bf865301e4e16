//! Alternate domain names: what may be one, which of them overlap, and which certificates cover them.
//!
//! A wildcard stands for exactly one label, the first (AWS: Requirements for using alternate domain names).

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

/// Whether a name, perhaps a wildcard, stands for another: for itself, or as a wildcard for what has one more label.
pub fn covers(name: &str, other: &str) -> bool {
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
    covers(name, other) || covers(other, name)
}

/// Whether a certificate with these DNS names covers an alternate domain name.
pub fn is_covered<'n>(alias: &str, dns_names: impl IntoIterator<Item = &'n str>) -> bool {
    dns_names.into_iter().any(|name| covers(name, alias))
}

/// Which of the names that a host has is asked for: the most specific one that stands for it.
pub fn most_specific<'n>(host: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let matching = names.into_iter().filter(|name| covers(name, host));
    matching.min_by_key(|name| name.starts_with("*."))
}

#[cfg(test)]
mod tests;
