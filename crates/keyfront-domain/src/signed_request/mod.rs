//! Signed URLs and signed cookies: verifying them as CloudFront's edge does, and signing them.
//!
//! [`verify`] answers a request: who signed it and what the origin gets, or the first reason to refuse.
//! [`examine`] goes on behind the first reason and tells all of them, for a person; [`diagnose`] finds out how a
//! wrong signature was made. All take the time and the viewer's address as arguments; nothing here reads a
//! clock or remembers a request.
//!
//! The order of the checks is: is there a key pair id, is it known, can the signature be decoded, can the
//! policy be read, is the hash known, does the signature hold, and then the conditions: dates, resource,
//! address.
//!
//! # What may change without changing the meaning
//!
//! No byte of the URL, the policy or the signature can be changed and still verify, except:
//! - CloudFront's parameters may stand anywhere in the query and in any order, and so may a single `&` at
//!   its end, or a `?` with nothing behind it;
//! - the values of CloudFront's parameters in a query may be percent-encoded;
//! - `Hash-Algorithm=SHA1` may be added where nothing is said, `Expires` where there is a `Policy`;
//! - the URL may be any that the pattern of a custom policy takes; letter case in protocol and domain of
//!   the pattern and of the URL does not matter (it does with a canned policy);
//! - an ECDSA signature `(r, s)` has the twin `(r, n - s)`, as always with ECDSA.
//!
//! Sources: AWS: Use signed URLs; Use signed cookies; Create a signature for a signed URL.

pub mod base64;
mod denial;
mod diagnosis;
mod document;
mod form;
mod generate;
mod key;
mod parameters;
mod pattern;
mod policy;
mod sign;
mod signing_key;
mod target;

use std::borrow::Cow;
use std::net::IpAddr;

pub use denial::{Code, Denial, Section};
pub use diagnosis::{Diagnosis, ForeignEncoding, SignedText, diagnose};
pub use form::{Form, Parameter, PolicyKind};
pub use generate::{GeneratedKey, GenerationFailed, generate};
pub use key::{HashAlgorithm, UnusableKey, VerifyingKey};
pub use parameters::{SignatureParameters, SignedPolicy, is_key_pair_id};
pub use pattern::Url;
pub use policy::{Policy, SourceIp, canned_text};
pub use sign::{CustomPolicy, InvalidUrl, Signer, Terms, without_white_space};
pub use signing_key::{SigningFailed, SigningKey, SigningKeyError};
pub use target::strip;

/// Longest URL that is looked at, in bytes (AWS: Quotas, "Maximum length of a URL").
pub const MAX_URL_BYTES: usize = 8192;

/// Longest custom policy that is looked at, in characters of base64. In a URL it is limited by the URL.
pub const MAX_POLICY_BYTES: usize = 8192;

/// Longest signature that is looked at, in characters of base64. A real one has 344 at most.
pub const MAX_SIGNATURE_BYTES: usize = 1024;

/// Longest key pair id that is looked at, in bytes. A real one has 14 at most.
pub const MAX_KEY_PAIR_ID_BYTES: usize = 128;

/// The last second of the year 9999, since the epoch. A time above it is refused as malformed, as the service refuses
/// times in milliseconds; where its own limit lies is not known.
pub const MAX_EPOCH_SECONDS: u64 = 253_402_300_799;

/// What of a viewer's request matters here. It has no `Debug`, because cookies are secrets.
#[derive(Clone, Copy)]
pub struct ViewerRequest<'r> {
    /// `http` or `https`: how the viewer reached the edge.
    pub scheme: &'r str,
    /// The `Host` that the viewer sent, with its port if it has one.
    pub host: &'r str,
    /// Path and query exactly as sent.
    pub target: &'r str,
    /// The values of all `Cookie` headers, in order.
    pub cookies: &'r [&'r [u8]],
    /// Where the request comes from.
    pub viewer_ip: IpAddr,
    /// The time of the request, in seconds since the epoch.
    pub now: u64,
}

/// A request that may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<'r> {
    /// Where the signature stood.
    pub form: Form,
    /// What kind of policy was signed.
    pub kind: PolicyKind,
    /// The id of the key that signed.
    pub key_pair_id: Cow<'r, str>,
    /// The first second at which it will not pass any more, since the epoch.
    pub expires: u64,
    /// Path and query without CloudFront's parameters, for the origin.
    pub target: Cow<'r, str>,
}

/// Decides about a request. `trusted` finds a key of the trusted key groups by its id.
pub fn verify<'r, 'k>(
    request: &ViewerRequest<'r>,
    trusted: impl Fn(&str) -> Option<&'k VerifyingKey>,
) -> Result<Verified<'r>, Denial> {
    verify_by(request, trusted, VerifyingKey::signed)
}

/// Decides about a request as [`verify`] does, with another way to find out whether a key signed a message, whose
/// arguments are the key, the hash, the message and the signature: one that remembers what [`VerifyingKey::signed`] said.
/// Dates, resource and address are checked in any case.
pub fn verify_by<'r, 'k>(
    request: &ViewerRequest<'r>,
    trusted: impl Fn(&str) -> Option<&'k VerifyingKey>,
    signed_by: impl Fn(&VerifyingKey, HashAlgorithm, &[u8], &[u8]) -> bool,
) -> Result<Verified<'r>, Denial> {
    let parameters = SignatureParameters::collect(request)?;
    let key_pair_id = parameters.key_pair_id()?;
    let key = find(&key_pair_id, trusted)?;
    let signature = parameters.signature()?;
    let signed = parameters.policy()?;
    check_signature(&key_pair_id, key, parameters.hash()?, &signed, &signature, &signed_by)?;
    let ViewerRequest { viewer_ip, now, .. } = *request;
    if let Some(denial) = signed.policy.violations(parameters.url(), viewer_ip, now).next() {
        return Err(denial);
    }
    Ok(Verified {
        form: parameters.form,
        kind: signed.kind,
        key_pair_id,
        expires: signed.policy.expires,
        target: parameters.into_target(),
    })
}

/// Everything that is wrong with a request, in the order of the checks: the first is what [`verify`] says,
/// and nothing means that the request passes. What cannot be checked because of something else, such as
/// the signature of an unknown key, is left out.
pub fn examine<'k>(
    request: &ViewerRequest<'_>,
    trusted: impl Fn(&str) -> Option<&'k VerifyingKey>,
) -> Vec<Denial> {
    let parameters = match SignatureParameters::collect(request) {
        Ok(parameters) => parameters,
        Err(denial) => return vec![denial],
    };
    let mut denials = Vec::new();
    let mut note = |denial| denials.push(denial);
    let key_pair_id = parameters.key_pair_id().map_err(&mut note).ok();
    let key = key_pair_id.and_then(|id| {
        let key = find(&id, trusted).map_err(&mut note).ok()?;
        Some((id, key))
    });
    let signature = parameters.signature().map_err(&mut note).ok();
    let signed = parameters.policy().map_err(&mut note).ok();
    let hash = parameters.hash().map_err(&mut note).ok();
    if let (Some((id, key)), Some(signature), Some(signed), Some(hash)) = (key, signature, &signed, hash) {
        check_signature(&id, key, hash, signed, &signature, &VerifyingKey::signed).unwrap_or_else(&mut note);
    }
    if let Some(signed) = signed {
        let violations = signed.policy.violations(parameters.url(), request.viewer_ip, request.now);
        denials.extend(violations);
    }
    denials
}

fn find<'k>(
    key_pair_id: &str,
    trusted: impl Fn(&str) -> Option<&'k VerifyingKey>,
) -> Result<&'k VerifyingKey, Denial> {
    trusted(key_pair_id).ok_or_else(|| Denial::UnknownKey { key_pair_id: key_pair_id.to_owned() })
}

fn check_signature(
    key_pair_id: &str,
    key: &VerifyingKey,
    hash: HashAlgorithm,
    signed: &SignedPolicy,
    signature: &[u8],
    signed_by: &impl Fn(&VerifyingKey, HashAlgorithm, &[u8], &[u8]) -> bool,
) -> Result<(), Denial> {
    if signed_by(key, hash, &signed.text, signature) {
        return Ok(());
    }
    Err(Denial::WrongSignature {
        key_pair_id: key_pair_id.to_owned(),
        hash,
        kind: signed.kind,
        policy: String::from_utf8_lossy(&signed.text).into_owned(),
    })
}

#[cfg(test)]
mod tests;
