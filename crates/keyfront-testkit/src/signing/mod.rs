//! A client's half of AWS Signature Version 4 and 4A, by the official `aws-sigv4` crate.
//!
//! It shares no line with the verification it tests. What it produces is what the SDKs send to these services:
//! the path encoded twice, no `x-amz-content-sha256` header, the region set `*`. [`tamper`] then changes one thing
//! of a signed request. It is for tests: what cannot be signed is a mistake of the test, and panics.

#![expect(clippy::expect_used, reason = "test support: what cannot be signed is a mistake of the test")]

mod tamper;

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningParams, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::{v4, v4a};
use bytes::Bytes;
use http::Request;
use http::header::HOST;

pub use tamper::{Tamper, tamper};

/// The algorithm, with the regions it binds a signature to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Algorithm {
    /// `AWS4-HMAC-SHA256` for one region.
    V4 {
        /// The region in the scope.
        region: String,
    },
    /// `AWS4-ECDSA-P256-SHA256` for a set of regions.
    V4a {
        /// What `X-Amz-Region-Set` says.
        region_set: String,
    },
}

/// Where the signature goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The `Authorization` header.
    Header,
    /// The query, with this lifetime.
    Presigned(Duration),
}

/// What is signed of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// Its hash, which the request does not name: what the SDKs do for these services.
    Hashed,
    /// Its hash, which `x-amz-content-sha256` repeats.
    Declared,
    /// `UNSIGNED-PAYLOAD`, which `x-amz-content-sha256` says if the signature stands in the header.
    Unsigned,
}

/// Signs requests as one access key for one service. Its secret is a test's, so `Debug` shows it.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The token of temporary credentials.
    pub session_token: Option<String>,
    /// The signing name of the service.
    pub service: String,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// Header or presigned.
    pub form: Form,
    /// What is signed of the body.
    pub payload: Payload,
    /// Whether dot segments and empty segments are left out of the signed path, as the SDK for Rust and botocore
    /// do. The SDK for Go signs the path as it sends it.
    pub normalize_path: bool,
    /// Headers of the request that are left unsigned, in lower case.
    pub unsigned_headers: Vec<String>,
}

impl Signer {
    /// Signs as the SDKs do for the control plane: SigV4, service `cloudfront`, region `us-east-1`.
    #[must_use]
    pub fn control_plane(access_key_id: &str, secret_access_key: &str) -> Self {
        let algorithm = Algorithm::V4 { region: "us-east-1".to_owned() };
        Self::new(access_key_id, secret_access_key, "cloudfront", algorithm)
    }

    /// Signs as the SDKs do for the data plane: SigV4A, service `cloudfront-keyvaluestore`, all regions.
    #[must_use]
    pub fn data_plane(access_key_id: &str, secret_access_key: &str) -> Self {
        let algorithm = Algorithm::V4a { region_set: "*".to_owned() };
        Self::new(access_key_id, secret_access_key, "cloudfront-keyvaluestore", algorithm)
    }

    /// Signs for any service, in the header, with the path as sent.
    #[must_use]
    pub fn new(access_key_id: &str, secret_access_key: &str, service: &str, algorithm: Algorithm) -> Self {
        Self {
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
            session_token: None,
            service: service.to_owned(),
            algorithm,
            form: Form::Header,
            payload: Payload::Hashed,
            normalize_path: false,
            unsigned_headers: Vec::new(),
        }
    }

    /// The request with its signature. A `Host` header that is not there is made from the URI.
    ///
    /// # Panics
    ///
    /// If the request has no host, or a header that is not text.
    #[must_use]
    pub fn sign(&self, mut request: Request<Bytes>, at: impl Into<SystemTime>) -> Request<Bytes> {
        let host = request.uri().authority().map(|authority| authority.as_str().parse().expect("a host"));
        if let Some(host) = host {
            request.headers_mut().entry(HOST).or_insert(host);
        }
        let instructions = {
            let headers = request.headers().iter();
            let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().expect("text")));
            let body = match self.payload {
                Payload::Hashed | Payload::Declared => SignableBody::Bytes(request.body()),
                Payload::Unsigned => SignableBody::UnsignedPayload,
            };
            let uri = request.uri().to_string();
            let signable =
                SignableRequest::new(request.method().as_str(), uri, headers, body).expect("a URI");
            self.instructions(signable, at.into())
        };
        instructions.apply_to_request_http1x(&mut request);
        request
    }

    fn instructions(
        &self,
        request: SignableRequest<'_>,
        time: SystemTime,
    ) -> aws_sigv4::http_request::SigningInstructions {
        let token = self.session_token.clone();
        let identity =
            Credentials::new(&self.access_key_id, &self.secret_access_key, token, None, "test").into();
        let settings = self.settings();
        let params: SigningParams<'_> = match &self.algorithm {
            Algorithm::V4 { region } => v4::SigningParams::builder()
                .identity(&identity)
                .region(region)
                .name(&self.service)
                .time(time)
                .settings(settings)
                .build()
                .expect("complete")
                .into(),
            Algorithm::V4a { region_set } => v4a::SigningParams::builder()
                .identity(&identity)
                .region_set(region_set)
                .name(&self.service)
                .time(time)
                .settings(settings)
                .build()
                .expect("complete")
                .into(),
        };
        sign(request, &params).expect("a request that can be signed").into_parts().0
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        settings.uri_path_normalization_mode = UriPathNormalizationMode::from(self.normalize_path);
        if self.payload != Payload::Hashed {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        if let Form::Presigned(lifetime) = self.form {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(lifetime);
        }
        let unsigned = self.unsigned_headers.iter().cloned().map(Into::into);
        settings.excluded_headers.get_or_insert_default().extend(unsigned);
        settings
    }
}
