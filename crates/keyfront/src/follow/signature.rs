//! Signs the request for a change stream, as every request to the API is signed.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::{HeaderName, HeaderValue, Request};

use crate::config::FollowCredential;

/// The service and the region of the data plane, as its plain SigV4 names them.
const SERVICE: &str = "cloudfront-keyvaluestore";
const REGION: &str = "us-east-1";

/// Signs a request without a body. `url` is what it is sent to, with its host.
///
/// # Errors
/// The request is not one that can be signed.
pub(super) fn sign_request<B>(
    request: &mut Request<B>,
    url: &str,
    credential: &FollowCredential,
    now: SystemTime,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let FollowCredential { access_key_id, secret_access_key, .. } = credential;
    let identity = Credentials::new(access_key_id, secret_access_key, None, None, "keyfront").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(SERVICE)
        .time(now)
        .settings(SigningSettings::default())
        .build()?
        .into();
    let signable =
        SignableRequest::new(request.method().as_str(), url, std::iter::empty(), SignableBody::empty())?;
    let (instructions, _signature) = sign(signable, &params)?.into_parts();
    for (name, value) in instructions.headers() {
        let mut value = HeaderValue::from_str(value)?;
        value.set_sensitive(true);
        request.headers_mut().insert(HeaderName::from_bytes(name.as_bytes())?, value);
    }
    Ok(())
}
