//! The headers with which browsers protect their user, as they are sent.

use super::super::SecurityHeadersConfig;
use super::super::security::{StrictTransportSecurity, XssProtection};
use super::AddedHeader;

/// The headers of a section, in the order of the guide.
pub(super) fn headers(config: &SecurityHeadersConfig) -> Vec<AddedHeader> {
    let added = |name: &str, value: String, overrides| AddedHeader {
        name: name.to_owned(),
        value,
        overrides,
        secure: name == "Strict-Transport-Security",
    };
    let policy = config.content_security_policy.as_ref();
    let referrer = config.referrer_policy.as_ref();
    let transport = config.strict_transport_security.as_ref();
    let sniffing = config.content_type_options.as_ref();
    let frames = config.frame_options.as_ref();
    let scripts = config.xss_protection.as_ref();
    [
        policy.map(|it| added("Content-Security-Policy", it.content_security_policy.clone(), it.overrides)),
        referrer.map(|it| added("Referrer-Policy", it.referrer_policy.clone(), it.overrides)),
        transport.map(|it| added("Strict-Transport-Security", transport_security(it), it.overrides)),
        sniffing.map(|it| added("X-Content-Type-Options", "nosniff".to_owned(), it.overrides)),
        frames.map(|it| added("X-Frame-Options", it.frame_option.clone(), it.overrides)),
        scripts.map(|it| added("X-XSS-Protection", xss_protection(it), it.overrides)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// RFC 6797 §6.1; `preload` is the browsers' own.
fn transport_security(config: &StrictTransportSecurity) -> String {
    let mut value = format!("max-age={}", config.access_control_max_age_sec);
    if config.include_subdomains == Some(true) {
        value.push_str("; includeSubDomains");
    }
    if config.preload == Some(true) {
        value.push_str("; preload");
    }
    value
}

fn xss_protection(config: &XssProtection) -> String {
    let report = config.report_uri.as_deref().filter(|uri| !uri.is_empty());
    match (config.protection, config.mode_block, report) {
        (false, _mode, _report) => "0".to_owned(),
        (true, Some(true), _report) => "1; mode=block".to_owned(),
        (true, _mode, Some(uri)) => format!("1; report={uri}"),
        (true, _mode, None) => "1".to_owned(),
    }
}
