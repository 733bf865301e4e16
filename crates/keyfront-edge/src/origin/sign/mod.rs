//! Signatures of requests to origins: SigV4, for origin access controls and identities.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use http::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use keyfront_functions::event::AccessControlledOrigin;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::settings::OriginCredentials;

const SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// Headers of a viewer's own signature, which ours takes the place of.
const OF_A_SIGNATURE: [HeaderName; 4] = [
    AUTHORIZATION,
    HeaderName::from_static("x-amz-date"),
    HeaderName::from_static("x-amz-security-token"),
    SHA256,
];

/// What S3 leaves as it is in a canonical path (AWS: "Create a signed AWS API request", UriEncode).
const CANONICAL_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The service and the region that a request is signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) origin: AccessControlledOrigin,
    pub(super) region: String,
}

impl Scope {
    /// The scope's region by the name of a host that says it: `ID.lambda-url.REGION.on.aws`,
    /// `ID.data.mediastore.REGION.amazonaws.com`, `ID.egress.ID.mediapackagev2.REGION.amazonaws.com`.
    pub(super) fn region_of_host(host: &str) -> Option<&str> {
        let mut labels = host.split('.');
        labels.find(|label| matches!(*label, "lambda-url" | "mediastore" | "mediapackagev2"))?;
        labels.next()
    }

    fn service(&self) -> &'static str {
        match self.origin {
            AccessControlledOrigin::S3 => "s3",
            AccessControlledOrigin::MediaPackageV2 => "mediapackagev2",
            AccessControlledOrigin::MediaStore => "mediastore",
            AccessControlledOrigin::Lambda => "lambda",
        }
    }
}

/// Signs a request whose `Host` is among its headers. `target` is its path and query as they are sent. A body is not
/// read: the viewer gives its digest in `x-amz-content-sha256`, or the body is not signed, which S3 takes and Lambda
/// refuses (AWS: "Restrict access to an AWS Lambda function URL origin").
///
/// # Errors
/// A header is not text, or the request is not one that can be signed.
pub(super) fn sign_request(
    credentials: &OriginCredentials,
    scope: &Scope,
    now: SystemTime,
    method: &Method,
    target: &str,
    headers: &mut HeaderMap,
) -> Result<(), String> {
    let digest = headers.get(SHA256).and_then(|value| value.to_str().ok()).map(str::to_owned);
    for name in OF_A_SIGNATURE {
        headers.remove(name);
    }
    let is_s3 = scope.origin == AccessControlledOrigin::S3;
    let has_no_body = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let body = match digest {
        Some(digest) if !has_no_body => SignableBody::Precomputed(digest),
        Some(_) | None if has_no_body && !is_s3 => SignableBody::empty(),
        Some(_) | None => SignableBody::UnsignedPayload,
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let path = if is_s3 { canonical_path(path) } else { path.to_owned() };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let url = format!("https://{host}{path}{query}");
    let signed = headers
        .iter()
        .filter(|(name, _)| **name == HOST || name.as_str().starts_with("x-amz-"))
        .map(|(name, value)| value.to_str().map(|value| (name.as_str(), value)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    let signable = SignableRequest::new(method.as_str(), url, signed.into_iter(), body)
        .map_err(|error| error.to_string())?;
    let identity = Credentials::new(
        &credentials.access_key_id,
        &credentials.secret_access_key,
        credentials.session_token.clone(),
        None,
        "keyfront",
    )
    .into();
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    if is_s3 {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&scope.region)
        .name(scope.service())
        .time(now)
        .settings(settings)
        .build()
        .map_err(|error| error.to_string())?
        .into();
    let (instructions, _signature) = sign(signable, &params).map_err(|error| error.to_string())?.into_parts();
    for (name, value) in instructions.headers() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
        let mut value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
        value.set_sensitive(name == AUTHORIZATION);
        headers.insert(name, value);
    }
    Ok(())
}

/// The path as S3 computes it from what it receives: decoded and encoded anew.
fn canonical_path(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8();
    decoded.map_or_else(
        |_not_utf8| path.to_owned(),
        |path| utf8_percent_encode(&path, CANONICAL_PATH).to_string(),
    )
}

#[cfg(test)]
mod tests;
