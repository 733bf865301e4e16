//! The certificates of a viewer in a request for an origin, where a policy selects their headers (AWS: "Viewer mTLS
//! headers for cache policies and forwarded to origin").

use http::header::{HeaderMap, HeaderName, HeaderValue};
use keyfront_domain::forwarding::{CloudFrontHeader, byte_sequence};

use super::viewer_headers::readable;
use super::{CLIENT_CERT, CLIENT_CERT_CHAIN, ForwardPlan};
use crate::message::ViewerMtls;

impl ForwardPlan {
    /// Adds the certificate as PEM where it was checked, else the certificate and its chain as RFC 9440 has them.
    pub(super) fn tell_certificates(&self, mtls: &ViewerMtls, forwarded: &mut HeaderMap) {
        let Some((own, chain)) = mtls.certificates.split_first() else { return };
        if mtls.checked {
            if self.names_pem
                && let Some(certificate) = readable(own)
            {
                let name = HeaderName::from_static(CloudFrontHeader::ViewerCertPem.name());
                insert(forwarded, name, &certificate.pem());
            }
            return;
        }
        if self.takes(&CLIENT_CERT) {
            insert(forwarded, CLIENT_CERT, &byte_sequence(own));
        }
        if self.takes(&CLIENT_CERT_CHAIN) && !chain.is_empty() {
            let chain: Vec<_> = chain.iter().map(|certificate| byte_sequence(certificate)).collect();
            insert(forwarded, CLIENT_CERT_CHAIN, &chain.join(", "));
        }
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests;
