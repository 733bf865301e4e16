//! The causes of a refusal: the name and the exit code of each.
//!
//! Scripts rely on both, so none changes its meaning. 1 and 64 are what every command ends with when it fails
//! and when it is misused.

use keyfront_domain::signed_request::Refusal;

/// Why a request is refused, for a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    /// What `verify` ends with.
    pub(super) exit_code: u8,
    /// Its name in JSON.
    pub(super) name: &'static str,
}

const fn cause(exit_code: u8, name: &'static str) -> Cause {
    Cause { exit_code, name }
}

/// The cause that a refusal belongs to.
pub(super) const fn of(refusal: &Refusal) -> Cause {
    match refusal {
        Refusal::NotSigned => cause(10, "not-signed"),
        Refusal::Missing { .. } => cause(11, "missing"),
        Refusal::Repeated { .. } => cause(12, "repeated"),
        Refusal::TooLong { .. } => cause(13, "too-long"),
        Refusal::MalformedKeyPairId { .. } => cause(20, "malformed-key-pair-id"),
        Refusal::UnknownKey { .. } => cause(21, "unknown-key"),
        Refusal::MalformedSignature(_) => cause(30, "malformed-signature"),
        Refusal::UndecodablePolicy(_) => cause(31, "undecodable-policy"),
        Refusal::MalformedPolicy { .. } => cause(32, "malformed-policy"),
        Refusal::MalformedExpires { .. } => cause(33, "malformed-expires"),
        Refusal::UnsupportedHash { .. } => cause(34, "unsupported-hash"),
        Refusal::WrongSignature { .. } => cause(40, "wrong-signature"),
        Refusal::Expired { .. } => cause(50, "expired"),
        Refusal::NotYetValid { .. } => cause(51, "not-yet-valid"),
        Refusal::WrongResource { .. } => cause(52, "wrong-resource"),
        Refusal::WrongAddress { .. } => cause(53, "wrong-address"),
    }
}

/// What `--help` says about it.
pub(super) const HELP: &str = "\
Exit codes:
   0  CloudFront would serve it
   1  the command failed, for example because a file cannot be read
  10  not-signed: there is no signature at all (MissingKey)
  11  missing: a part of the signature is missing (MissingKey without Key-Pair-Id, else AccessDenied)
  12  repeated: a query parameter comes twice (AccessDenied)
  13  too-long: the URL or a part of the signature is too long (AccessDenied)
  20  malformed-key-pair-id: Key-Pair-Id is no id (MissingKey)
  21  unknown-key: the key is not trusted (InvalidKey)
  30  malformed-signature: the signature is not in CloudFront's base64 (MalformedSignature)
  31  undecodable-policy: the policy is not in CloudFront's base64 (MalformedPolicy)
  32  malformed-policy: the policy is not valid (MalformedPolicy)
  33  malformed-expires: Expires is not a number of seconds (MalformedPolicy)
  34  unsupported-hash: the hash is neither SHA1 nor SHA256 (AccessDenied)
  40  wrong-signature: the signature does not belong to the URL, the policy and the key (AccessDenied)
  50  expired: its time is over (AccessDenied)
  51  not-yet-valid: its time has not come (AccessDenied)
  52  wrong-resource: the policy is for other URLs (AccessDenied)
  53  wrong-address: the policy is for other viewers (AccessDenied)
  64  the command line cannot be understood

Of several causes the first counts, which is what CloudFront answers; all of them are printed.";
