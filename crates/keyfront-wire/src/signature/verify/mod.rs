//! Verifies a claim against a secret, a body and what the service expects.

mod accept;

use std::num::NonZeroUsize;
use std::time::Duration;

use time::OffsetDateTime;

use super::canonical::{signed_paths, string_to_sign};
use super::claim::{Algorithm, Claim};
use super::error::SignatureError;
use super::secret::Secret;
use super::v4a::V4aProof;
use super::{v4, v4a};

/// How far a signer's clock may be from ours ("Troubleshoot Signature Version 4 signing": within five minutes).
pub const CLOCK_WINDOW: Duration = Duration::from_mins(5);

/// How long a presigned request may live: seven days ("Authenticating requests: using query parameters").
pub const MAX_PRESIGN: Duration = Duration::from_hours(7 * 24);

/// How many keys of each algorithm a [`Verifier`] keeps by default.
pub const KEPT_KEYS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4095);

/// Which algorithms a service takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithms {
    /// Only `AWS4-HMAC-SHA256`.
    V4,
    /// Either.
    Both,
}

/// Which path a signer is expected to have signed. It is encoded once more in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    /// The path as sent.
    AsSent,
    /// The path without dot segments and empty segments.
    Normalized,
    /// The path as sent, or else the normalized one.
    ///
    /// Real clients differ: the SDK for Go signs `/keys/..` as it sends it, the SDK for Rust signs it without the
    /// dot segments and sends it with them, and botocore's signer leaves out the slash that would remain at the end.
    /// It makes a difference only for a path that has such segments.
    ///
    /// To let both in is safe where routing takes the path as it is, dots, empty segments and a slash at the end
    /// included: a signed request that an attacker respells with more of them then leads to no operation, as no
    /// operation's path has any, except for a last label `.` or `..`. Its normalized path is `…/keys` or `…`, so a
    /// signed list or description of a store can be respelled into a read of the pair `.` or `..` of the same store.
    /// The caller's policy is asked about that read, so this opens nothing that the signer could not open.
    Either,
}

/// What a service expects of a signature.
#[derive(Debug, Clone, Copy)]
pub struct Expectation<'a> {
    /// The service's signing name, such as `cloudfront`.
    pub service: &'a str,
    /// The region that a scope must name, or a region set include. Nothing: every region will do.
    pub region: Option<&'a str>,
    /// The accepted algorithms.
    pub algorithms: Algorithms,
    /// How paths are signed.
    pub path: PathStyle,
    /// Whether `UNSIGNED-PAYLOAD` may stand for the hash of the body.
    pub unsigned_payload: bool,
    /// How far the time of signing may be from ours.
    pub clock_window: Duration,
    /// How long a presigned request may live.
    pub max_presign: Duration,
}

impl<'a> Expectation<'a> {
    /// What a service expects as a rule: either algorithm, any region, a signed body, the limits of AWS.
    #[must_use]
    pub const fn new(service: &'a str) -> Self {
        Self {
            service,
            region: None,
            algorithms: Algorithms::Both,
            path: PathStyle::Either,
            unsigned_payload: false,
            clock_window: CLOCK_WINDOW,
            max_presign: MAX_PRESIGN,
        }
    }
}

/// A claim in which nothing is wrong, as far as that shows without key and body.
#[derive(Clone, Copy, Debug)]
pub struct CheckedClaim<'c> {
    claim: &'c Claim<'c>,
    path: PathStyle,
}

/// Verifies signatures. It is shared by all requests and keeps the keys that it derived.
pub struct Verifier {
    v4_keys: v4::SigningKeys,
    v4a_keys: v4a::V4aKeys,
}

impl Verifier {
    /// A verifier that keeps at most this many keys of each algorithm, and proves signatures of SigV4A in this way.
    #[must_use]
    pub fn new(kept_keys: NonZeroUsize, proof: V4aProof) -> Self {
        Self { v4_keys: v4::SigningKeys::new(kept_keys), v4a_keys: v4a::V4aKeys::new(kept_keys, proof) }
    }

    /// Succeeds if the request, with this body, was signed with this secret, at this time, for this service.
    ///
    /// `secret` must be the one of [`Claim::access_key_id`].
    pub fn verify(
        &self,
        claim: &Claim<'_>,
        body: &[u8],
        secret: &Secret,
        now: OffsetDateTime,
        expected: &Expectation<'_>,
    ) -> Result<(), SignatureError> {
        self.prove(&claim.check(now, expected)?, body, secret)
    }

    /// The part of [`Verifier::verify`] that needs key and body, for a claim that was checked before its body was read: a
    /// slow body does not outlive its signature in between.
    pub fn prove(
        &self,
        &CheckedClaim { claim, path }: &CheckedClaim<'_>,
        body: &[u8],
        secret: &Secret,
    ) -> Result<(), SignatureError> {
        let payload_hash = claim.payload_hash(body)?;
        let mut paths = signed_paths(path, claim.request.path);
        let proven = match claim.algorithm {
            Algorithm::V4 => {
                let signature = v4::decode(&claim.signature)?;
                let text = |path: &str| string_to_sign(claim, path, &payload_hash);
                self.v4_keys.prove(&claim.credential, secret, |key| {
                    paths.any(|path| v4::holds(key, &text(&path), &signature))
                })
            }
            Algorithm::V4a => {
                let signature = v4a::decode(&claim.signature)?;
                let key = self.v4a_keys.get(claim.access_key_id(), secret)?;
                paths.any(|path| key.key.holds(&string_to_sign(claim, &path, &payload_hash), &signature))
            }
        };
        if proven { Ok(()) } else { Err(SignatureError::Mismatch) }
    }
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new(KEPT_KEYS, V4aProof::default())
    }
}

#[cfg(test)]
mod tests;
