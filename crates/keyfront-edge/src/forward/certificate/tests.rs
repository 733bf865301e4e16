//! Tests of the headers that an origin gets of a viewer's certificate.

use std::sync::Arc;

use http::Method;
use keyfront_domain::forwarding::byte_sequence;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use crate::forward::tests::{head, headers, request, viewer};
use crate::forward::{Audience, set_viewer_headers};
use crate::message::{Viewer, ViewerMtls};

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(include_bytes!("viewer.pem")).unwrap()
}

/// What a viewer-request function sees and what an origin gets of certificates, of a viewer that also sends such headers
/// itself.
fn told(policy: &Value, mtls: Option<ViewerMtls>) -> (Vec<String>, Vec<String>) {
    let viewer = Viewer { mtls, ..viewer() };
    let rules = headers(policy);
    let mut sent = head(
        Method::GET,
        &[
            ("client-cert", ":AA==:"),
            ("client-cert-chain", ":AA==:"),
            ("cloudfront-viewer-cert-present", "1"),
        ],
    );
    set_viewer_headers(&mut sent, &viewer, &rules.cloudfront_headers);
    let asked = request(&rules, &sent, &viewer, Audience::Everyone);
    let about = |headers: &http::HeaderMap| {
        let about = headers.iter().filter(|(name, _)| name.as_str().contains("cert"));
        let mut lines: Vec<_> =
            about.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        lines.sort();
        lines
    };
    (about(&sent.headers), about(&asked.headers))
}

/// AWS: "Viewer mTLS headers for cache policies and forwarded to origin"; what viewers cannot send themselves is of
/// "Helper methods for mutual TLS".
#[test]
fn an_origin_hears_of_a_certificate_what_its_policy_names() {
    let all = json!({ "HeaderBehavior": "allViewer" });
    let named = |names: &[&str]| json!({ "HeaderBehavior": "whitelist", "Headers": { "Quantity": names.len(), "Items": names } });
    let facts = named(&["CloudFront-Viewer-Cert-Present", "CloudFront-Viewer-Cert-Serial-Number"]);
    let pem = named(&["CloudFront-Viewer-Cert-Pem"]);
    let raw = named(&["Client-Cert", "Client-Cert-Chain"]);
    let shown = |checked, certificates: &[CertificateDer<'static>]| {
        Some(ViewerMtls { certificates: Arc::from(certificates), checked })
    };
    let one = &[certificate()][..];
    let own = byte_sequence(&certificate());
    let two = &[certificate(), certificate()][..];
    let (spoofed, present) =
        (["client-cert-chain: :AA==:", "client-cert: :AA==:"], "cloudfront-viewer-cert-present");
    let serial = "cloudfront-viewer-cert-serial-number: ca:3f:5c:92:d1:e8:7b:6c";
    let raw_own = format!("client-cert: {own}");
    let raw_chain = format!("client-cert-chain: {own}");
    for (policy, mtls, function, origin) in [
        (&facts, None, &spoofed[..], &[][..]),
        (&all, None, &spoofed, &spoofed),
        (&facts, shown(true, &[]), &[&format!("{present}: 0")], &[&format!("{present}: 0")]),
        (&facts, shown(true, one), &[&format!("{present}: 1"), serial], &[&format!("{present}: 1"), serial]),
        (&facts, shown(false, one), &[&format!("{present}: 1"), serial], &[&format!("{present}: 1"), serial]),
        (&all, shown(true, one), &[], &[]),
        (&raw, shown(true, two), &[], &[]),
        (&pem, shown(true, &[]), &[], &[]),
        (&pem, shown(false, one), &[], &[]),
        (&raw, shown(false, one), &[], &[&raw_own]),
        (&raw, shown(false, two), &[], &[&raw_chain, &raw_own]),
        (&all, shown(false, two), &[], &[&raw_chain, &raw_own]),
        (&raw, shown(false, &[]), &[], &[]),
    ] {
        let (seen, asked) = told(policy, mtls.clone());
        assert_eq!(seen, function, "function: {policy} {mtls:?}");
        assert_eq!(asked, origin, "origin: {policy} {mtls:?}");
    }
    let (seen, asked) = told(&pem, shown(true, two));
    assert!(seen.is_empty(), "{seen:?}");
    let [line] = &asked[..] else { panic!("{asked:?}") };
    let (_, value) = line.split_once(": ").unwrap();
    let decoded = percent_encoding::percent_decode_str(value).decode_utf8().unwrap();
    assert_eq!(decoded, include_str!("viewer.pem"));
}
