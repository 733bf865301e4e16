//! The cookies of a request that are selected, in the form in which they are in cache keys and at origins.

use http::header::{self, HeaderMap};
use keyfront_domain::forwarding::Selection;

/// The selected cookies, `name=value` each, sorted by name; cookies with the same name stay in their order.
///
/// What has no `=` or no name, and names that begin with `$`, are not forwarded (AWS: Cache content based on cookies).
pub(crate) fn selected_cookies<'h>(headers: &'h HeaderMap, selection: &Selection) -> Vec<&'h [u8]> {
    if *selection == Selection::None {
        return Vec::new();
    }
    let pairs =
        headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let named = pairs.filter_map(|pair| {
        let pair = pair.trim_ascii();
        let name =
            pair.split(|byte| *byte == b'=').next().filter(|name| name.len() < pair.len())?.trim_ascii();
        let is_valid = !name.is_empty() && !name.starts_with(b"$");
        (is_valid && selection.takes(name)).then_some((name, pair))
    });
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|(name, _)| *name);
    named.into_iter().map(|(_, pair)| pair).collect()
}
