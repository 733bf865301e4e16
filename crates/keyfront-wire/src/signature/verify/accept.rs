//! Checks of a claim that need neither key nor body, in the order in which the services make them.

use std::borrow::Cow;

use time::OffsetDateTime;

use super::{Algorithms, CheckedClaim, Expectation};
use crate::signature::canonical::sha256_hex;
use crate::signature::claim::{Algorithm, Claim};
use crate::signature::error::SignatureError;
use crate::signature::timestamp::basic;

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
const TERMINATOR: &str = "aws4_request";

/// The one `x-amz-` header that signers leave out: it is informational, and presigning drops it.
const MAY_BE_UNSIGNED: &str = "x-amz-user-agent";

impl Claim<'_> {
    /// Everything that can be refused without key and body: time, signed headers, algorithm, scope, regions. What is left is
    /// for [`Verifier::prove`](super::Verifier::prove).
    pub fn check(
        &self,
        now: OffsetDateTime,
        expected: &Expectation<'_>,
    ) -> Result<CheckedClaim<'_>, SignatureError> {
        self.check_time(now, expected)?;
        self.check_headers()?;
        self.check_algorithm(expected.algorithms)?;
        self.check_scope(expected)?;
        if self.content_sha256.as_deref() == Some(UNSIGNED_PAYLOAD) && !expected.unsigned_payload {
            return Err(SignatureError::UnsignedPayload);
        }
        Ok(CheckedClaim { claim: self, path: expected.path })
    }

    /// The payload's hash as the canonical request has it. A declared hash must be the body's.
    pub(super) fn payload_hash(&self, body: &[u8]) -> Result<Cow<'_, str>, SignatureError> {
        match self.content_sha256.as_deref() {
            // `check` has refused it where it is not allowed.
            Some(UNSIGNED_PAYLOAD) => Ok(Cow::Borrowed(UNSIGNED_PAYLOAD)),
            Some(declared) if declared != sha256_hex(body) => Err(SignatureError::PayloadMismatch),
            Some(declared) => Ok(Cow::Borrowed(declared)),
            None => Ok(Cow::Owned(sha256_hex(body))),
        }
    }

    fn check_time(&self, now: OffsetDateTime, expected: &Expectation<'_>) -> Result<(), SignatureError> {
        let (at, window) = (self.timestamp.at(), expected.clock_window);
        let signed = || self.timestamp.text().to_owned();
        if at - now > window {
            return Err(SignatureError::NotYetCurrent {
                signed: signed(),
                latest: basic(now.saturating_add(clamped(window))),
                now: basic(now),
                minutes: window.as_secs() / 60,
            });
        }
        match self.expires {
            Some(expires) if expires.is_zero() || expires > expected.max_presign => {
                Err(SignatureError::ExpiresOutOfRange { max_seconds: expected.max_presign.as_secs() })
            }
            Some(expires) if now - at > expires => Err(SignatureError::PresignExpired {
                signed: signed(),
                earliest: basic(now.saturating_sub(clamped(expires))),
                now: basic(now),
                expires: expires.as_secs(),
            }),
            None if now - at > window => Err(SignatureError::Expired {
                signed: signed(),
                earliest: basic(now.saturating_sub(clamped(window))),
                now: basic(now),
                minutes: window.as_secs() / 60,
            }),
            Some(_) | None => Ok(()),
        }
    }

    fn check_headers(&self) -> Result<(), SignatureError> {
        let is_signed = |name: &str| self.signed_headers().any(|signed| signed == name);
        if !is_signed("host") {
            return Err(SignatureError::HostUnsigned);
        }
        if let Some(absent) = self.signed_headers().find(|name| !self.request.has(name)) {
            return Err(SignatureError::SignedHeaderAbsent(absent.to_owned()));
        }
        // "At least host and any x-amz-* headers": what a service acts upon must not be added on the way. The SDKs
        // add `amz-sdk-*` and `x-amzn-trace-id` after signing, which do not begin with these letters.
        let unsigned = self
            .request
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .find(|name| name.starts_with("x-amz-") && *name != MAY_BE_UNSIGNED && !is_signed(name));
        unsigned.map_or(Ok(()), |name| Err(SignatureError::HeaderUnsigned(name.to_owned())))
    }

    fn check_algorithm(&self, accepted: Algorithms) -> Result<(), SignatureError> {
        match (accepted, self.algorithm) {
            (Algorithms::V4, Algorithm::V4a) => {
                Err(SignatureError::UnsupportedAlgorithm(self.algorithm.name().to_owned()))
            }
            (Algorithms::V4 | Algorithms::Both, Algorithm::V4) | (Algorithms::Both, Algorithm::V4a) => Ok(()),
        }
    }

    fn check_scope(&self, expected: &Expectation<'_>) -> Result<(), SignatureError> {
        let credential = &self.credential;
        let in_region = match (self.algorithm, expected.region) {
            (Algorithm::V4, Some(region)) => credential.region() == Some(region),
            (Algorithm::V4, None) => true,
            // Without a region set the signature is valid nowhere.
            (Algorithm::V4a, region) => {
                self.region_set().is_some_and(|set| region.is_none_or(|region| includes(set, region)))
            }
        };
        if !in_region {
            return Err(SignatureError::WrongRegion);
        }
        if credential.service() != expected.service {
            return Err(SignatureError::WrongService { expected: expected.service.to_owned() });
        }
        if credential.terminator() != TERMINATOR {
            return Err(SignatureError::WrongTerminator);
        }
        if credential.date() != self.timestamp.date() {
            return Err(SignatureError::DateMismatch {
                scope: credential.date().to_owned(),
                date: self.timestamp.date().to_owned(),
                timestamp: self.timestamp.text().to_owned(),
            });
        }
        Ok(())
    }
}

/// Whether a region set (`us-east-1,us-west-*`, `*`) includes a region.
pub(super) fn includes(set: &str, region: &str) -> bool {
    set.split(',').map(str::trim).any(|pattern| match pattern.split_once('*') {
        None => pattern == region,
        // One asterisk is all that the SDKs document. With a second one the tail matches no region.
        Some((head, tail)) => region.strip_prefix(head).is_some_and(|rest| rest.ends_with(tail)),
    })
}

/// The same duration in the other library's type; one too long for it is as good as its longest.
fn clamped(duration: std::time::Duration) -> time::Duration {
    duration.try_into().unwrap_or(time::Duration::MAX)
}
