//! Requests for keys that the client of S3 does not take for a path, such as `a/` and `a//b`.
//!
//! The client is asked for another key, without a signature. On the way out the request gets the key as it is, and is
//! signed. Everything else is as with other keys: proxies, TLS, attempts, limits.

use std::fmt;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use http::{HeaderName, HeaderValue, Uri};
use keyfront_api::Clock;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    ReqwestConnector,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::clock::SystemClock;

/// The key that the client is asked for.
pub(super) const STAND_IN: &str = "stand-in";

/// What stays as it is in a path of S3 (AWS: "Signature Calculations for the Authorization Header", `UriEncode`).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Whether a key can be requested at all: the segments `.` and `..` do not reach a server, however they are written
/// (WHATWG URL Standard, "path state").
pub(super) fn can_be_requested(key: &str) -> bool {
    !key.is_empty() && !key.split('/').any(|segment| segment == "." || segment == "..")
}

/// Puts a key in the place of [`STAND_IN`], and signs.
#[derive(Clone)]
pub(super) struct ExactKey {
    pub(super) key: String,
    pub(super) region: String,
    pub(super) credentials: Credentials,
}

/// The secret is not printed.
impl fmt::Debug for ExactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExactKey({})", self.key)
    }
}

#[derive(Debug)]
struct ExactKeyClient {
    client: HttpClient,
    exact: ExactKey,
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

impl HttpConnector for ExactKey {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(ExactKeyClient { client, exact: self.clone() }))
    }
}

#[async_trait]
impl HttpService for ExactKeyClient {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.exact
            .apply(&mut request)
            .map_err(|cause| HttpError::new(HttpErrorKind::Unknown, std::io::Error::other(cause)))?;
        self.client.execute(request).await
    }
}

impl ExactKey {
    fn apply<B>(&self, request: &mut http::Request<B>) -> Result<(), Cause> {
        *request.uri_mut() = self.target(request.uri())?;
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("s3")
            .time(SystemClock.now().into())
            .settings(settings)
            .build()?
            .into();
        let url = request.uri().to_string();
        let body = SignableBody::UnsignedPayload;
        let signable = SignableRequest::new(request.method().as_str(), url, std::iter::empty(), body)?;
        let (instructions, _signature) = sign(signable, &params)?.into_parts();
        for (name, value) in instructions.headers() {
            let mut value = HeaderValue::from_str(value)?;
            value.set_sensitive(true);
            request.headers_mut().insert(HeaderName::from_bytes(name.as_bytes())?, value);
        }
        Ok(())
    }

    /// The URL with the key in its place, which is the end of it.
    fn target(&self, uri: &Uri) -> Result<Uri, Cause> {
        let mut parts = uri.clone().into_parts();
        let bucket = uri.path().strip_suffix(STAND_IN).ok_or("the request is for something else")?;
        let path = format!("{bucket}{}", utf8_percent_encode(&self.key, ESCAPED));
        parts.path_and_query = Some(path.try_into()?);
        Ok(Uri::from_parts(parts)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_in_the_url_as_it_is() {
        for (url, key, expected) in [
            ("http://127.0.0.1:9000/bucket/stand-in", "a/", "http://127.0.0.1:9000/bucket/a/"),
            ("http://127.0.0.1:9000/bucket/stand-in", "a//b", "http://127.0.0.1:9000/bucket/a//b"),
            ("http://127.0.0.1:9000/bucket/stand-in", "/a", "http://127.0.0.1:9000/bucket//a"),
            (
                "https://bucket.s3.eu-west-1.amazonaws.com/stand-in",
                "ü +/",
                "https://bucket.s3.eu-west-1.amazonaws.com/%C3%BC%20%2B/",
            ),
        ] {
            let credentials = Credentials::new("AKID", "secret", None, None, "test");
            let exact = ExactKey { key: key.to_owned(), region: "eu-west-1".to_owned(), credentials };
            let mut request = http::Request::get(url).body(()).unwrap();
            exact.apply(&mut request).unwrap();
            assert_eq!(request.uri().to_string(), expected);
            let authorization = request.headers()["authorization"].to_str().unwrap();
            assert!(authorization.contains("/eu-west-1/s3/aws4_request"), "{authorization}");
            assert_eq!(request.headers()["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
        }
    }

    #[test]
    fn segments_that_no_client_sends_cannot_be_requested() {
        for (key, expected) in
            [("a/", true), ("a//b", true), ("a/..b", true), ("a/../b", false), ("./a", false), ("", false)]
        {
            assert_eq!(can_be_requested(key), expected, "{key}");
        }
    }
}
