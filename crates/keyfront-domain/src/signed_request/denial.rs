//! Why a signed request is denied: for a person in full, for a viewer in CloudFront's words.

use std::net::IpAddr;

use super::MAX_EPOCH_SECONDS;
use super::base64::Undecodable;
use super::form::{Form, Parameter, PolicyKind};
use super::key::HashAlgorithm;

/// A section of a resource pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// `http` or `https`.
    Protocol,
    /// The host with its port.
    Domain,
    /// From the first slash to the query.
    Path,
    /// What follows the question mark.
    Query,
}

/// Why a request is denied. `Display` tells a person; [`Denial::code`] tells the viewer.
///
/// It holds the policy and the URL, never a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// Nothing in the request belongs to a signature.
    #[error("the request is not signed: there is neither a Key-Pair-Id query parameter nor a signed cookie")]
    NotSigned,
    /// A parameter that is not there, or is empty.
    #[error("the {form} {} is missing or empty", .parameter.name(*.form))]
    Missing {
        /// Where it was looked for.
        form: Form,
        /// Which one. [`Parameter::Policy`] stands for `Policy` and `Expires`: one of them must be there.
        parameter: Parameter,
    },
    /// A query parameter that comes twice.
    #[error("the query parameter {} comes twice", .parameter.name(Form::Url))]
    Repeated {
        /// Which one.
        parameter: Parameter,
    },
    /// A part of the request is longer than Keyfront looks at.
    #[error("the {part} has {bytes} bytes, and the limit is {limit}")]
    TooLong {
        /// The name of the parameter, or `URL`.
        part: &'static str,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// The key pair id has characters that no id has. A public key in place of its id is the usual cause.
    #[error("the {form} {} is not the id of a public key, such as K2JCJMDEHXQW5F", Parameter::KeyPairId.name(*.form))]
    MalformedKeyPairId {
        /// Where it stands.
        form: Form,
    },
    /// No trusted key has the id.
    #[error("the public key {key_pair_id} is not in a key group that the behavior trusts")]
    UnknownKey {
        /// The id that was sent.
        key_pair_id: String,
    },
    /// The signature is not base64.
    #[error("the signature cannot be decoded: {0}")]
    MalformedSignature(Undecodable),
    /// The policy is not base64.
    #[error("the policy cannot be decoded: {0}")]
    UndecodablePolicy(Undecodable),
    /// The policy is not what CloudFront's documentation describes.
    #[error("the policy is not valid: {}", on_one_line(.reason))]
    MalformedPolicy {
        /// What is wrong, and where.
        reason: String,
        /// The policy, as far as it is text.
        policy: String,
    },
    /// The expiration of a canned policy is not a number of seconds.
    #[error("{expires:?} is not a time in whole seconds since 1970-01-01T00:00:00Z, written in digits{}",
        milliseconds_hint(.expires))]
    MalformedExpires {
        /// The text that was sent.
        expires: String,
    },
    /// A hash that CloudFront does not have.
    #[error("the hash algorithm {value:?} is not supported; it is SHA1 or SHA256")]
    UnsupportedHash {
        /// The text that was sent.
        value: String,
    },
    /// The signature does not belong to the policy, the key and the hash.
    ///
    /// With a canned policy this is also what another URL or another expiration looks like.
    #[error("the key {key_pair_id} did not sign this policy with {hash}: {}", on_one_line(.policy))]
    WrongSignature {
        /// The key that verified.
        key_pair_id: String,
        /// The hash that was asked for.
        hash: HashAlgorithm,
        /// Whether the policy was sent or rebuilt.
        kind: PolicyKind,
        /// The policy that should have been signed.
        policy: String,
    },
    /// `DateLessThan` has passed.
    #[error("it expired {} seconds ago, at {expires}; now it is {now}", .now.saturating_sub(*.expires))]
    Expired {
        /// The first second that is too late, since the epoch.
        expires: u64,
        /// The time of the request, in seconds since the epoch.
        now: u64,
    },
    /// `DateGreaterThan` has not passed.
    #[error("it begins to be valid after {not_before}; now it is {now}, {} seconds too early",
        .not_before.saturating_sub(*.now).saturating_add(1))]
    NotYetValid {
        /// The last second that is too early, since the epoch.
        not_before: u64,
        /// The time of the request, in seconds since the epoch.
        now: u64,
    },
    /// The policy is for other URLs.
    #[error("the resource {pattern:?} is not for this URL: the {section} does not match, {} is not {}",
        shown(.found.as_deref()), shown(.wanted.as_deref()))]
    WrongResource {
        /// The whole pattern.
        pattern: String,
        /// The first section that does not match.
        section: Section,
        /// That section of the pattern, if the pattern has it.
        wanted: Option<String>,
        /// That section of the URL, if the URL has it.
        found: Option<String>,
    },
    /// The policy is for other viewers.
    #[error("the policy is for the address {allowed}, and the viewer has {viewer}")]
    WrongAddress {
        /// The range of the policy.
        allowed: String,
        /// Where the request came from.
        viewer: IpAddr,
    },
}

/// CloudFront's code for a denied request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request has no key pair id.
    MissingKey,
    /// The key pair id is not trusted.
    InvalidKey,
    /// The signature is not base64.
    MalformedSignature,
    /// The policy cannot be read.
    MalformedPolicy,
    /// Everything else.
    AccessDenied,
}

impl Code {
    /// The HTTP status, whatever the code.
    pub const STATUS: u16 = 403;

    /// The media type of [`Code::body`].
    pub const CONTENT_TYPE: &str = "text/xml";

    /// The code as the service writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Code::MissingKey => "MissingKey",
            Code::InvalidKey => "InvalidKey",
            Code::MalformedSignature => "MalformedSignature",
            Code::MalformedPolicy => "MalformedPolicy",
            Code::AccessDenied => "AccessDenied",
        }
    }

    /// The service's own text.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Code::MissingKey => "Missing Key-Pair-Id query parameter or cookie value",
            Code::InvalidKey => "Unknown Key",
            Code::MalformedSignature => "Could not unencode Signature",
            Code::MalformedPolicy => "Malformed Policy",
            Code::AccessDenied => "Access denied",
        }
    }

    /// The body of the answer, byte for byte the service's.
    #[must_use]
    pub fn body(self) -> String {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>{}</Code><Message>{}</Message></Error>"#,
            self.name(),
            self.message()
        )
    }
}

impl Denial {
    /// What the viewer is told.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Denial::NotSigned
            | Denial::Missing { parameter: Parameter::KeyPairId, .. }
            | Denial::MalformedKeyPairId { .. } => Code::MissingKey,
            Denial::UnknownKey { .. } => Code::InvalidKey,
            Denial::MalformedSignature(_) => Code::MalformedSignature,
            Denial::UndecodablePolicy(_)
            | Denial::MalformedPolicy { .. }
            | Denial::MalformedExpires { .. } => Code::MalformedPolicy,
            Denial::Missing { .. }
            | Denial::Repeated { .. }
            | Denial::TooLong { .. }
            | Denial::UnsupportedHash { .. }
            | Denial::WrongSignature { .. }
            | Denial::Expired { .. }
            | Denial::NotYetValid { .. }
            | Denial::WrongResource { .. }
            | Denial::WrongAddress { .. } => Code::AccessDenied,
        }
    }
}

impl std::fmt::Display for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Section::Protocol => "protocol",
            Section::Domain => "domain",
            Section::Path => "path",
            Section::Query => "query",
        })
    }
}

fn shown(section: Option<&str>) -> String {
    section.map_or_else(|| "nothing".to_owned(), |section| format!("{section:?}"))
}

/// A stranger's text without line ends and other controls, so that it cannot pretend to be lines of a log.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What to say of a time with more digits than any year has.
fn milliseconds_hint(text: &str) -> &'static str {
    let is_too_large = text.parse().is_ok_and(|seconds: u64| seconds > MAX_EPOCH_SECONDS);
    if is_too_large { "; it looks like milliseconds" } else { "" }
}
