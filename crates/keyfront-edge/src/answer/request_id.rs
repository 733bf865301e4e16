//! Ids that CloudFront gives to requests and to its servers.
//!
//! They tell requests apart and are no secret, so the thread's fast generator makes them.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;

/// The id of a request, as in `X-Amz-Cf-Id`, in error pages and in logs: 56 characters of URL-safe base64 that end in
/// `==`, as all captured ones do.
pub fn request_id() -> String {
    let mut bytes = [0; 40];
    fastrand::fill(&mut bytes);
    BASE64_URL_SAFE.encode(bytes)
}

/// The name of an edge server, as in `Via`: 32 hexadecimal digits below `cloudfront.net`. One server keeps its name.
pub fn via_host() -> String {
    let mut bytes = [0; 16];
    fastrand::fill(&mut bytes);
    format!("{}.cloudfront.net", hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_cloudfronts_form_and_differ() {
        let (one, other) = (request_id(), request_id());
        assert_eq!(one.len(), "yNPsyYn7skvTzwWkq3Wcc8Nj_foxUjQUe9H1ifslzWhb0w7aLbFvGg==".len());
        let (digits, padding) = one.split_at(54);
        assert!(
            digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
            "{one}"
        );
        assert_eq!(padding, "==");
        assert_ne!(one, other);
    }

    #[test]
    fn servers_have_32_hexadecimal_digits() {
        let host = via_host();
        let digits = host.strip_suffix(".cloudfront.net").unwrap();
        assert_eq!(digits.len(), 32);
        assert!(digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{host}");
    }
}
