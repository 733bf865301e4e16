//! CloudFront's own headers about the viewer, among the headers of its request.

use http::Version;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use keyfront_domain::forwarding::{
    ClientCertificate, CloudFrontHeader, Device, Shown, TlsFacts, ViewerFacts, is_cloudfront_header,
};

use crate::message::{RequestHead, Viewer};

/// Whether a request has headers that are for the edge alone, or gets such: otherwise neither [`set_viewer_headers`] nor the
/// removal of what `Connection` names changes it.
pub(crate) fn concerns_edge_alone(headers: &HeaderMap, viewer: &Viewer, named: &[CloudFrontHeader]) -> bool {
    !named.is_empty()
        || viewer.mtls.is_some()
        || headers.contains_key(header::CONNECTION)
        || headers.keys().any(|name| is_cloudfront_header(name.as_str()))
}

/// Removes all headers from a request that only CloudFront may set, and adds those that the policies of its behavior name
/// and that are known. To be called once for a request, before its viewer-request function runs, which sees them: the
/// certificate itself is not among them (AWS: "CloudFront-Viewer-Cert-Pem header is not exposed to edge functions").
///
/// A viewer that is asked for certificates cannot send those headers itself that an origin would get with them.
pub fn set_viewer_headers(head: &mut RequestHead, viewer: &Viewer, named: &[CloudFrontHeader]) {
    let values = values(head, viewer, named);
    let spoofed: Vec<HeaderName> =
        head.headers.keys().filter(|name| is_cloudfront_header(name.as_str())).cloned().collect();
    for name in spoofed {
        head.headers.remove(name);
    }
    if viewer.mtls.is_some() {
        head.headers.remove(super::CLIENT_CERT);
        head.headers.remove(super::CLIENT_CERT_CHAIN);
    }
    for (name, value) in values {
        head.headers.insert(name, value);
    }
}

fn values(head: &RequestHead, viewer: &Viewer, named: &[CloudFrontHeader]) -> Vec<(HeaderName, HeaderValue)> {
    if named.is_empty() {
        return Vec::new();
    }
    let tells = |what: fn(CloudFrontHeader) -> bool| named.iter().any(|header| what(*header));
    let sent = if tells(CloudFrontHeader::tells_headers) { names(head, viewer.version) } else { Vec::new() };
    let device = if tells(CloudFrontHeader::tells_device) { device(head) } else { Device::default() };
    let tells_certificate = tells(CloudFrontHeader::tells_certificate);
    let certificates = viewer.mtls.as_ref().filter(|_| tells_certificate).map(|mtls| &mtls.certificates);
    let certificate = certificates.and_then(|certificates| readable(certificates.first()?));
    let facts = ViewerFacts {
        address: viewer.address,
        secure: viewer.secure,
        http_version: http_version(viewer.version),
        // Whether a session was resumed is not among a viewer's facts.
        tls: viewer.tls.as_ref().map(|tls| TlsFacts {
            version: tls.version,
            cipher: tls.cipher,
            handshake: "fullHandshake",
        }),
        certificate: match (&viewer.mtls, &certificate) {
            (None, _) => Shown::NotAsked,
            (Some(_), None) => Shown::Nothing,
            (Some(_), Some(certificate)) => Shown::Certificate(certificate),
        },
        country: Some(viewer.country.as_str()).filter(|country| !country.is_empty()),
        country_name: None,
        region: None,
        asn: None,
        device,
        header_names: sent.iter(),
    };
    let value = |header: &CloudFrontHeader| {
        let value = HeaderValue::from_str(&header.value(&facts)?).ok()?;
        Some((HeaderName::from_static(header.name()), value))
    };
    named.iter().filter(|header| **header != CloudFrontHeader::ViewerCertPem).filter_map(value).collect()
}

/// A certificate that can be read; the origin hears of no other.
pub(super) fn readable(der: &[u8]) -> Option<ClientCertificate<'_>> {
    let certificate = ClientCertificate::read(der);
    certificate.inspect_err(|error| tracing::warn!(%error, "no header tells of it")).ok()
}

fn device(head: &RequestHead) -> Device {
    let user_agent = head.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Device::of(user_agent.unwrap_or_default())
}

fn http_version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 | Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2.0",
        Version::HTTP_3 => "3.0",
        _ => "1.1",
    }
}

/// The names of all headers, in the order in which they came first. Their case is lost on arrival: over HTTP/1 they are
/// written as clients commonly write them.
fn names(head: &RequestHead, version: Version) -> Vec<String> {
    let is_lower = matches!(version, Version::HTTP_2 | Version::HTTP_3);
    let as_sent =
        |name: &HeaderName| if is_lower { name.as_str().to_owned() } else { title_case(name.as_str()) };
    head.headers.iter().map(|(name, _)| as_sent(name)).collect()
}

fn title_case(name: &str) -> String {
    let mut begins = true;
    let letters = name.chars().map(|letter| {
        let written = if begins { letter.to_ascii_uppercase() } else { letter };
        begins = letter == '-';
        written
    });
    letters.collect()
}
