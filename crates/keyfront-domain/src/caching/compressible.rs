//! Which responses CloudFront compresses, and what becomes of their entity tags (AWS: Serve compressed files).
//!
//! That the behavior compresses, and which encodings its cache policy has, is known before: it makes the normalized
//! `Accept-Encoding`.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Sizes that are compressed, in bytes.
const SIZES: RangeInclusive<u64> = 1_000..=10_000_000;

/// Statuses of responses that are compressed.
const STATUSES: [u16; 3] = [200, 403, 404];

/// Values of `Content-Type` that are compressed, in the order of the guide.
const CONTENT_TYPES: [&str; 48] = [
    "application/dash+xml",
    "application/eot",
    "application/font",
    "application/font-sfnt",
    "application/javascript",
    "application/json",
    "application/opentype",
    "application/otf",
    "application/pdf",
    "application/pkcs7-mime",
    "application/protobuf",
    "application/rss+xml",
    "application/truetype",
    "application/ttf",
    "application/vnd.apple.mpegurl",
    "application/vnd.mapbox-vector-tile",
    "application/vnd.ms-fontobject",
    "application/wasm",
    "application/xhtml+xml",
    "application/xml",
    "application/x-font-opentype",
    "application/x-font-truetype",
    "application/x-font-ttf",
    "application/x-httpd-cgi",
    "application/x-javascript",
    "application/x-mpegurl",
    "application/x-opentype",
    "application/x-otf",
    "application/x-perl",
    "application/x-ttf",
    "font/eot",
    "font/opentype",
    "font/otf",
    "font/ttf",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/js",
    "text/plain",
    "text/richtext",
    "text/tab-separated-values",
    "text/xml",
    "text/x-component",
    "text/x-java-source",
    "text/x-script",
    "vnd.apple.mpegurl",
];

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli (RFC 7932).
    Brotli,
    /// gzip (RFC 1952).
    Gzip,
}

impl Encoding {
    /// Its name in `Accept-Encoding` and `Content-Encoding`.
    pub fn token(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
        }
    }

    /// What CloudFront takes of a normalized `Accept-Encoding`: Brotli before gzip.
    pub fn preferred(accept_encoding: &str) -> Option<Encoding> {
        let accepts = |encoding: &Encoding| {
            accept_encoding.split(',').any(|element| element.trim().eq_ignore_ascii_case(encoding.token()))
        };
        [Encoding::Brotli, Encoding::Gzip].into_iter().find(accepts)
    }
}

/// A response of an origin, as far as it decides about compression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Response<'a> {
    /// The status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// Whether there is a `Content-Encoding`, whatever it says.
    pub encoded: bool,
    /// `Content-Length`; `None` where it is missing or not a number.
    pub content_length: Option<u64>,
    /// `Cache-Control`.
    pub cache_control: Option<&'a str>,
}

impl Response<'_> {
    /// Whether CloudFront compresses it for a viewer that accepts an encoding.
    ///
    /// `no-transform` is respected, of which AWS does not speak: RFC 9110 §7.7 leaves an intermediary no choice.
    pub fn is_compressible(&self) -> bool {
        let content_type =
            self.content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let mut directives = self.cache_control.unwrap_or_default().split(',');
        STATUSES.contains(&self.status)
            && !self.encoded
            && self.content_length.is_some_and(|length| SIZES.contains(&length))
            && CONTENT_TYPES.iter().any(|listed| listed.eq_ignore_ascii_case(content_type))
            && !directives.any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
    }
}

/// The entity tag of a compressed object: a strong one becomes weak, a weak one stays, and `None` says that the object
/// has an invalid one, which is removed.
pub fn compressed_etag(etag: &str) -> Option<Cow<'_, str>> {
    let etag = etag.trim();
    if etag.starts_with("W/") {
        Some(Cow::Borrowed(etag))
    } else if etag.len() > 1 && etag.starts_with('"') && etag.ends_with('"') {
        Some(Cow::Owned(format!("W/{etag}")))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Response<'static> = Response {
        status: 200,
        content_type: Some("text/html"),
        encoded: false,
        content_length: Some(5_000),
        cache_control: None,
    };

    #[test]
    fn responses_are_compressed_by_status_type_and_size() {
        // AWS: Serve compressed files, "Conditions for compression".
        for (response, expected) in [
            (PAGE, true),
            (Response { status: 403, ..PAGE }, true),
            (Response { status: 404, ..PAGE }, true),
            (Response { status: 201, ..PAGE }, false),
            (Response { status: 206, ..PAGE }, false),
            (Response { status: 500, ..PAGE }, false),
            (Response { content_length: Some(999), ..PAGE }, false),
            (Response { content_length: Some(1_000), ..PAGE }, true),
            (Response { content_length: Some(10_000_000), ..PAGE }, true),
            (Response { content_length: Some(10_000_001), ..PAGE }, false),
            (Response { content_length: None, ..PAGE }, false),
            (Response { encoded: true, ..PAGE }, false),
            (Response { content_type: Some("Text/HTML; charset=utf-8"), ..PAGE }, true),
            (Response { content_type: Some("vnd.apple.mpegurl"), ..PAGE }, true),
            (Response { content_type: Some("font/ttf"), ..PAGE }, true),
            (Response { content_type: Some("font/woff2"), ..PAGE }, false),
            (Response { content_type: Some("application/octet-stream"), ..PAGE }, false),
            (Response { content_type: Some(""), ..PAGE }, false),
            (Response { content_type: None, ..PAGE }, false),
            // RFC 9110 §7.7.
            (Response { cache_control: Some("public, No-Transform"), ..PAGE }, false),
            (Response { cache_control: Some("public, max-age=60"), ..PAGE }, true),
        ] {
            assert_eq!(response.is_compressible(), expected, "{response:?}");
        }
    }

    #[test]
    fn brotli_is_preferred() {
        for (accept_encoding, expected) in [
            ("br,gzip", Some(Encoding::Brotli)),
            ("gzip, br", Some(Encoding::Brotli)),
            ("gzip", Some(Encoding::Gzip)),
            ("identity", None),
            ("", None),
        ] {
            assert_eq!(Encoding::preferred(accept_encoding), expected, "{accept_encoding}");
        }
    }

    #[test]
    fn compression_weakens_entity_tags() {
        // AWS: Serve compressed files, "ETag header conversion".
        for (etag, expected) in [
            (r#""abc""#, Some(r#"W/"abc""#)),
            (r#""""#, Some(r#"W/"""#)),
            (r#"W/"abc""#, Some(r#"W/"abc""#)),
            ("abc", None),
            (r#""abc"#, None),
            (r#"""#, None),
        ] {
            assert_eq!(compressed_etag(etag).as_deref(), expected, "{etag}");
        }
    }
}
