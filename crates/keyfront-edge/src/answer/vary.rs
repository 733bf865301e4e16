//! What CloudFront leaves of an origin's `Vary` (AWS: "HTTP response headers that CloudFront removes or replaces").

use http::HeaderMap;
use http::header::{HeaderValue, VARY};

/// Headers that tell the viewer's kind of device; an origin that gets one of them varies by `User-Agent`.
const DEVICE_HEADERS: [&str; 4] = [
    "cloudfront-is-desktop-viewer",
    "cloudfront-is-mobile-viewer",
    "cloudfront-is-smarttv-viewer",
    "cloudfront-is-tablet-viewer",
];

/// Leaves `Accept-Encoding`, `Cookie` and headers that the behavior forwards, by their names in lower case. `*` stays
/// where `keeps_asterisk` says so, which is for behaviors whose minimum TTL is 0.
pub fn reduce_vary(headers: &mut HeaderMap, forwards: impl Fn(&str) -> bool, keeps_asterisk: bool) {
    if !headers.contains_key(VARY) {
        return;
    }
    let keeps = |name: &str| {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "accept-encoding" | "cookie" => true,
            "*" => keeps_asterisk,
            "user-agent" => forwards("user-agent") || DEVICE_HEADERS.iter().any(|header| forwards(header)),
            other => forwards(other),
        }
    };
    let lines = headers.get_all(VARY).iter().filter_map(|line| line.to_str().ok());
    let names: Vec<&str> = lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty() && keeps(name))
        .collect();
    match HeaderValue::try_from(names.join(", ")) {
        Ok(value) if !names.is_empty() => headers.insert(VARY, value),
        Ok(_) | Err(_) => headers.remove(VARY),
    };
}

/// Names a header in `Vary`, unless it is there or an asterisk is.
pub(super) fn add_to_vary(headers: &mut HeaderMap, name: &'static str) {
    let named = headers.get_all(VARY).iter().filter_map(|line| line.to_str().ok()).any(|line| {
        line.split(',').map(str::trim).any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
    });
    if !named {
        headers.append(VARY, HeaderValue::from_static(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (VARY, HeaderValue::from_static(line))).collect()
    }

    #[test]
    fn vary_names_what_is_forwarded() {
        for (lines, forwarded, asterisk, expected) in [
            (&["Accept-Encoding, Cookie"][..], &[][..], false, Some("Accept-Encoding, Cookie")),
            (&["Accept-Encoding", "Origin"], &[], false, Some("Accept-Encoding")),
            (&["accept-encoding", "Origin"], &["origin"], false, Some("accept-encoding, Origin")),
            (
                &["Accept-Charset,Accept-Language"],
                &["accept-charset", "accept-language"],
                false,
                Some("Accept-Charset, Accept-Language"),
            ),
            (&["User-Agent"], &["cloudfront-is-mobile-viewer"], false, Some("User-Agent")),
            (&["User-Agent"], &["user-agent"], false, Some("User-Agent")),
            (&["User-Agent"], &[], false, None),
            (&["*"], &[], true, Some("*")),
            (&["*"], &[], false, None),
            (&[""], &[], false, None),
            (&[], &[], true, None),
        ] {
            let mut headers = with(lines);
            reduce_vary(&mut headers, |name| forwarded.contains(&name), asterisk);
            let left: Vec<_> = headers.get_all(VARY).iter().collect();
            assert_eq!(left, Vec::from_iter(expected), "{lines:?} {forwarded:?}");
        }
    }

    #[test]
    fn a_name_is_added_once() {
        for (lines, expected) in [
            (&[][..], &["Origin"][..]),
            (&["Cookie"], &["Cookie", "Origin"]),
            (&["Cookie, origin"], &["Cookie, origin"]),
            (&["*"], &["*"]),
        ] {
            let mut headers = with(lines);
            add_to_vary(&mut headers, "Origin");
            assert_eq!(headers.get_all(VARY).iter().collect::<Vec<_>>(), expected, "{lines:?}");
        }
    }
}
