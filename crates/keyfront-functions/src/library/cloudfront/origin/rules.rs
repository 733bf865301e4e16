//! Rules for the texts that describe an origin (AWS: "Helper methods for origin modification" and "Custom headers
//! that CloudFront can't add to origin requests"). Each rule answers with what the text must be.

use std::net::Ipv4Addr;

use keyfront_domain::name::is_header_name;

/// AWS: "General quotas on distributions", length of a custom header value.
const MOST_HEADER_BYTES: usize = 1_783;

/// Headers that CloudFront does not add to requests to an origin.
const DENIED_HEADERS: &[&str] = &[
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "request-range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-real-ip",
];

/// How other such headers begin.
const DENIED_BEGINNINGS: &[&str] = &["x-amz-", "x-edge-"];

type Rule = Result<(), &'static str>;

fn holds(rule: bool, must: &'static str) -> Rule {
    if rule { Ok(()) } else { Err(must) }
}

/// The host of an origin, for the connection, the `Host` header or TLS.
pub(super) fn host(text: &str) -> Rule {
    holds(!text.is_empty() && text.len() <= 253, "must have 1 to 253 characters")?;
    holds(!text.contains(':'), "cannot include a colon")?;
    holds(text.parse::<Ipv4Addr>().is_err(), "cannot be an IP address")?;
    holds(is_host_like(text), "must be a DNS name")
}

/// A name that a certificate may have.
pub(super) fn certificate_name(text: &str) -> Rule {
    holds(!text.is_empty() && text.len() <= 64, "must have 1 to 64 characters")?;
    holds(is_host_like(text.strip_prefix("*.").unwrap_or(text)), "must be a DNS name, or *. and one")
}

fn is_host_like(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.strip_suffix('.').unwrap_or(text).split('.').all(is_label)
}

/// What is put before the path of requests.
pub(super) fn origin_path(text: &str) -> Rule {
    holds(text.len() <= 255, "cannot have more than 255 characters")?;
    holds(text.is_empty() || text.starts_with('/'), "must begin with a slash")?;
    holds(!text.ends_with('/'), "cannot end with a slash")?;
    holds(text.bytes().all(|byte| byte.is_ascii_graphic()), "must be URL-encoded")
}

/// The id of an origin in the distribution.
pub(super) fn origin_id(text: &str) -> Rule {
    holds(!text.is_empty(), "cannot be empty")
}

/// The code of an AWS Region.
pub(super) fn region(text: &str) -> Rule {
    let mut parts = text.split('-');
    let lower = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    let number = |part: Option<&str>| {
        part.is_some_and(|part| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_code =
        lower(parts.next()) && lower(parts.next()) && number(parts.next()) && parts.next().is_none();
    holds(is_code, "must be the code of an AWS Region, such as us-east-1")
}

/// The name of a custom header.
pub(super) fn header_name(name: &str) -> Rule {
    holds(is_header_name(name), "is not the name of a header")?;
    holds(!name.bytes().any(|byte| byte.is_ascii_uppercase()), "must have its name in lower case")?;
    let denied = DENIED_HEADERS.contains(&name)
        || DENIED_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning));
    holds(!denied, "is a header that CloudFront does not add")
}

/// The value of a custom header.
pub(super) fn header_value(value: &str) -> Rule {
    holds(value.len() <= MOST_HEADER_BYTES, "cannot be longer than 1,783 characters")?;
    holds(
        value.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f)),
        "cannot hold control characters",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name, the rule, and texts that it takes and refuses.
    type Row<'a> = (&'a str, fn(&str) -> Rule, &'a [&'a str], &'a [&'a str]);

    #[test]
    fn rules() {
        let long = "a".repeat(254);
        let long_path = format!("/{}", "a".repeat(255));
        let long_name = "a".repeat(65);
        let table: &[Row<'_>] = &[
            (
                "host",
                host,
                &[
                    "www.example.com",
                    "localhost",
                    "a_b.s3.eu-west-1.amazonaws.com",
                    "example.com.",
                    "1.2.3.4.example.com",
                ],
                &[
                    "",
                    "example.com:80",
                    "1.2.3.4",
                    "::1",
                    "[::1]",
                    "a..b",
                    ".a",
                    "a/b",
                    "a b",
                    "exämple.com",
                    &long,
                ],
            ),
            (
                "certificate name",
                certificate_name,
                &["example.com", "*.example.com"],
                &["", "*", "*.", "a.*.com", "example.com/", &long_name],
            ),
            ("path", origin_path, &["", "/a", "/a/b%20c"], &["a", "/", "/a/", "/a b", "/ä", &long_path]),
            ("id", origin_id, &["a", "my origin"], &[""]),
            (
                "region",
                region,
                &["us-east-1", "ap-southeast-4"],
                &["", "us-east", "US-EAST-1", "us-east-1-x", "us--1", "Ohio"],
            ),
            (
                "header name",
                header_name,
                &["x-stage", "accept", "authorization", "x-amzn-a"],
                &["", "X-Stage", "a b", "host", "x-amz-meta", "x-edge-a", "via", "a:b", "ü"],
            ),
            ("header value", header_value, &["", "a b\t", "ü"], &["a\r\nb", "\0", "\u{7f}"]),
        ];
        for (name, rule, accepted, refused) in table {
            for text in *accepted {
                assert_eq!(rule(text), Ok(()), "{name} {text:?}");
            }
            for text in *refused {
                assert!(rule(text).is_err(), "{name} {text:?}");
            }
        }
    }
}
