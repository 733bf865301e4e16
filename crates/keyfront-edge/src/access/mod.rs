//! Signed URLs and signed cookies: whether a viewer may pass, where a cache behavior trusts key groups.

mod memo;

use http::HeaderValue;
use http::header::COOKIE;
use keyfront_domain::signed_request::{self, Denial, VerifyingKey, ViewerRequest};
use keyfront_view::trust::TrustedKeys;

pub(crate) use memo::SignatureMemo;

use crate::message::{RequestHead, Viewer};

/// What a cache behavior asks of viewers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trusted {
    /// Nothing: every viewer may pass.
    Everyone,
    /// A signature with a key of one of these key groups, by id. Accounts as trusted signers have no keys here, so a
    /// behavior that trusts them alone lets none pass.
    KeyGroups(Vec<String>),
}

/// A request that may pass.
pub(crate) struct Granted {
    /// Path and query without CloudFront's parameters.
    pub(crate) target: String,
    /// The id of the key that signed.
    pub(crate) key_pair_id: String,
}

/// Lets a request pass and gives its target without CloudFront's parameters, or says why not.
pub(crate) fn check(
    head: &RequestHead,
    host: &str,
    viewer: &Viewer,
    (groups, keys, memo): (&[String], &TrustedKeys, &SignatureMemo),
    now_ms: i64,
) -> Result<Granted, Denial> {
    let cookies: Vec<&[u8]> = head.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    let target = head.target();
    let request = ViewerRequest {
        scheme: if viewer.secure { "https" } else { "http" },
        host,
        target: &target,
        cookies: &cookies,
        viewer_ip: viewer.address.ip(),
        now: u64::try_from(now_ms / 1000).unwrap_or_default(),
    };
    let key =
        |id: &str| -> Option<&VerifyingKey> { groups.iter().find_map(|group| keys.key_of_group(group, id)) };
    let signed = |key: &VerifyingKey, hash, message: &[u8], signature: &[u8]| {
        memo.signed(key, hash, message, signature)
    };
    let verified = signed_request::verify_by(&request, key, signed)?;
    let (target, key_pair_id) = (verified.target.into_owned(), verified.key_pair_id.into_owned());
    Ok(Granted { target, key_pair_id })
}
