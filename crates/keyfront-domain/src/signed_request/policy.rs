//! Policies of signed requests: their exact text, their meaning, and who passes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use super::denial::Denial;
use super::document;
use super::pattern::{self, Url};

/// What a policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Which URLs; without it, all that the key may sign for.
    pub resource: Option<String>,
    /// The first second that is too late, since the epoch (`DateLessThan`).
    pub expires: u64,
    /// The last second that is too early, since the epoch (`DateGreaterThan`).
    pub not_before: Option<u64>,
    /// Which viewers.
    pub source_ip: Option<SourceIp>,
}

/// The viewers that a policy is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceIp {
    /// An IPv4 address or a range of them.
    V4(Ipv4Net),
    /// Something with IPv6, which CloudFront does not support here: no viewer has it.
    V6(String),
}

impl Policy {
    /// Reads a policy. Members that CloudFront's documentation does not have are refused, as are members
    /// that come twice: a condition that silently does nothing is a hole.
    pub fn parse(json: &[u8]) -> Result<Policy, Denial> {
        document::parse(json).map_err(|error| Denial::MalformedPolicy {
            reason: error.to_string(),
            policy: String::from_utf8_lossy(json).into_owned(),
        })
    }

    /// Everything in the policy that does not hold for a request, in the order in which it is checked.
    /// Nothing means that the viewer passes. `now` is in seconds since the epoch. The signature is not
    /// looked at.
    pub fn violations(&self, url: Url<'_>, viewer: IpAddr, now: u64) -> impl Iterator<Item = Denial> {
        let dates = [self.expired(now), self.too_early(now)].into_iter();
        let others = std::iter::once_with(move || self.wrong_resource(url))
            .chain(std::iter::once_with(move || self.wrong_address(viewer)));
        dates.chain(others).flatten()
    }

    fn expired(&self, now: u64) -> Option<Denial> {
        let expires = self.expires;
        (now >= expires).then_some(Denial::Expired { expires, now })
    }

    fn too_early(&self, now: u64) -> Option<Denial> {
        let not_before = self.not_before?;
        (now <= not_before).then_some(Denial::NotYetValid { not_before, now })
    }

    fn wrong_resource(&self, url: Url<'_>) -> Option<Denial> {
        let pattern = self.resource.as_deref()?;
        let mismatch = pattern::compare(pattern, url).err()?;
        Some(Denial::WrongResource {
            pattern: pattern.to_owned(),
            section: mismatch.section,
            wanted: mismatch.wanted.map(str::to_owned),
            found: mismatch.found.map(str::to_owned),
        })
    }

    fn wrong_address(&self, viewer: IpAddr) -> Option<Denial> {
        let source_ip = self.source_ip.as_ref()?;
        let viewer = viewer.to_canonical();
        let passes = match (source_ip, viewer) {
            (SourceIp::V4(range), IpAddr::V4(viewer)) => range.contains(&viewer),
            (SourceIp::V4(_), IpAddr::V6(_)) | (SourceIp::V6(_), _) => false,
        };
        (!passes).then(|| Denial::WrongAddress { allowed: source_ip.to_string(), viewer })
    }
}

impl SourceIp {
    /// Reads an address or a range in CIDR notation.
    pub fn parse(text: &str) -> Option<SourceIp> {
        let v4 = text.parse().or_else(|_reason| text.parse().map(|address: Ipv4Addr| address.into())).ok();
        let is_v6 = || text.parse::<Ipv6Net>().is_ok() || text.parse::<Ipv6Addr>().is_ok();
        v4.map(SourceIp::V4).or_else(|| is_v6().then(|| SourceIp::V6(text.to_owned())))
    }
}

impl SourceIp {
    /// One of the viewers, if there is any.
    #[must_use]
    pub fn one_viewer(&self) -> Option<IpAddr> {
        match self {
            SourceIp::V4(range) => Some(range.network().into()),
            SourceIp::V6(_) => None,
        }
    }
}

impl std::fmt::Display for SourceIp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SourceIp::V4(range) => write!(f, "{range}"),
            SourceIp::V6(text) => f.write_str(text),
        }
    }
}

/// The text of a canned policy, byte for byte what signers sign. `expires` is the text of `Expires`.
///
/// Source: AWS: Create a signed URL using a canned policy.
#[must_use]
pub fn canned_text(url: Url<'_>, expires: &str) -> String {
    let Url { scheme, host, target } = url;
    let mut text = String::with_capacity(128 + scheme.len() + host.len() + target.len());
    text.push_str(r#"{"Statement":[{"Resource":""#);
    for part in [scheme, "://", host, target] {
        push_json(&mut text, part);
    }
    text.push_str(r#"","Condition":{"DateLessThan":{"AWS:EpochTime":"#);
    text.push_str(expires);
    text.push_str("}}}]}");
    text
}

/// Writes the inside of a JSON string as JavaScript's `JSON.stringify` does, so that no URL can end the
/// string early.
pub(super) fn push_json(json: &mut String, text: &str) {
    if !text.contains(|c: char| c < ' ' || matches!(c, '"' | '\\')) {
        return json.push_str(text);
    }
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\u{8}' => json.push_str("\\b"),
            '\t' => json.push_str("\\t"),
            '\n' => json.push_str("\\n"),
            '\u{c}' => json.push_str("\\f"),
            '\r' => json.push_str("\\r"),
            c if c < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
}
