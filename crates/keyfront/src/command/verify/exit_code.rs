//! The exit codes of `keyfront verify`: one for each cause of a denial, with a name.
//!
//! Scripts rely on both, so their meaning never changes. Those of every command are in `crate::exit_code`.

use keyfront_domain::signed_request::Denial;

/// Why a request is refused, for a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    /// What `verify` ends with.
    pub(super) exit_code: u8,
    /// Its name in JSON.
    pub(super) name: &'static str,
}

const fn with(exit_code: u8, name: &'static str) -> Cause {
    Cause { exit_code, name }
}

/// The cause that a denial belongs to.
pub(super) const fn cause(denial: &Denial) -> Cause {
    match denial {
        Denial::NotSigned => with(10, "not-signed"),
        Denial::Missing { .. } => with(11, "missing"),
        Denial::Repeated { .. } => with(12, "repeated"),
        Denial::TooLong { .. } => with(13, "too-long"),
        Denial::MalformedKeyPairId { .. } => with(20, "malformed-key-pair-id"),
        Denial::UnknownKey { .. } => with(21, "unknown-key"),
        Denial::MalformedSignature(_) => with(30, "malformed-signature"),
        Denial::UndecodablePolicy(_) => with(31, "undecodable-policy"),
        Denial::MalformedPolicy { .. } => with(32, "malformed-policy"),
        Denial::MalformedExpires { .. } => with(33, "malformed-expires"),
        Denial::UnsupportedHash { .. } => with(34, "unsupported-hash"),
        Denial::WrongSignature { .. } => with(40, "wrong-signature"),
        Denial::Expired { .. } => with(50, "expired"),
        Denial::NotYetValid { .. } => with(51, "not-yet-valid"),
        Denial::WrongResource { .. } => with(52, "wrong-resource"),
        Denial::WrongAddress { .. } => with(53, "wrong-address"),
    }
}

/// What `--help` says about it.
pub(super) const HELP: &str = "\
Exit codes:
   0  CloudFront would serve it
   1  the command failed, for example because a file cannot be read
   2  the command line cannot be understood
  10  not-signed: there is no signature at all (MissingKey)
  11  missing: a part of the signature is missing (MissingKey without Key-Pair-Id, else AccessDenied)
  12  repeated: a query parameter comes twice (AccessDenied)
  13  too-long: the URL or a part of the signature is too long (AccessDenied)
  20  malformed-key-pair-id: Key-Pair-Id is not an id (MissingKey)
  21  unknown-key: the key is not trusted (InvalidKey)
  30  malformed-signature: the signature is not in CloudFront's base64 (MalformedSignature)
  31  undecodable-policy: the policy is not in CloudFront's base64 (MalformedPolicy)
  32  malformed-policy: the policy is not valid (MalformedPolicy)
  33  malformed-expires: Expires is not a number of seconds (MalformedPolicy)
  34  unsupported-hash: the hash is neither SHA1 nor SHA256 (AccessDenied)
  40  wrong-signature: the signature does not belong to the URL, the policy and the key (AccessDenied)
  50  expired: it has expired (AccessDenied)
  51  not-yet-valid: it is not valid yet (AccessDenied)
  52  wrong-resource: the policy is for other URLs (AccessDenied)
  53  wrong-address: the policy is for other viewers (AccessDenied)

Of several causes the first counts, which is what CloudFront answers; all of them are printed.";
