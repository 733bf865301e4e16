//! Ids that CloudFront gives to requests and to its servers.
//!
//! They tell requests apart and are no secret, so the thread's fast generator makes them.

use std::fmt;
use std::ops::Deref;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;

/// The characters of an id of a request.
const LENGTH: usize = 56;

/// The id of a request, as in `X-Amz-Cf-Id`, in error pages and in logs: 56 characters of URL-safe base64 that end in
/// `==`, as all captured ones do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RequestId([u8; LENGTH]);

impl RequestId {
    /// A new one.
    pub fn draw() -> RequestId {
        let mut bytes = [0; 40];
        fastrand::fill(&mut bytes);
        let mut id = [b'='; LENGTH];
        // Forty bytes are fifty-six characters, for which there is room.
        BASE64_URL_SAFE.encode_slice(bytes, &mut id).ok();
        RequestId(id)
    }
}

impl Deref for RequestId {
    type Target = str;

    fn deref(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
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
        let (one, other) = (RequestId::draw(), RequestId::draw());
        assert_eq!(one.len(), "yNPsyYn7skvTzwWkq3Wcc8Nj_foxUjQUe9H1ifslzWhb0w7aLbFvGg==".len());
        let (digits, padding) = one.split_at(54);
        assert!(
            digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
            "{one:?}"
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
