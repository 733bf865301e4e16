//! Rules of origins.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use keyfront_error::{Code, ServiceError};

use super::super::config::{CustomOriginConfig, NoIdentity, Origin};
use super::super::finding::{Findings, Place};
use super::{CONFIG, DistributionConfig, S3Hosts, names, tenants};
use crate::Quotas;

/// Most characters of a path (AWS: Quotas on distributions).
const MAX_PATH: usize = 255;
/// Most characters of the name of a header (AWS: Quotas on headers).
const MAX_HEADER_NAME: usize = 256;
/// Most characters of the value of a header (AWS: Quotas on headers).
const MAX_HEADER_VALUE: usize = 1783;
/// Most characters of all names and values of an origin (AWS: Quotas on headers).
const MAX_HEADERS: usize = 10_240;
/// Times that the origin is tried (AWS: Quotas on distributions).
const CONNECTION_ATTEMPTS: RangeInclusive<i64> = 1..=3;
/// Seconds (AWS: Quotas on distributions).
const CONNECTION_TIMEOUT: RangeInclusive<i64> = 1..=10;

pub(super) fn check(config: &DistributionConfig, quotas: &Quotas, hosts: &S3Hosts, findings: &mut Findings) {
    let mut ids = BTreeSet::new();
    for (index, origin) in config.origins.items.iter().enumerate() {
        let place = &CONFIG.item("Origins", index);
        if origin.id.is_empty() {
            findings.refuse(place, "Id", ServiceError::required("Id"));
        } else if !ids.insert(origin.id.as_str()) {
            findings.refuse(place, "Id", ServiceError::not_unique("Id"));
        }
        let host = tenants::filled_in(config, &origin.domain_name);
        let host_checked = names::check_host(&host);
        let is_host = host_checked.is_ok();
        findings.take(place, "DomainName", host_checked);
        check_path(config, origin, place, findings);
        check_headers(origin, place, findings);
        check_kind(origin, place, findings);
        if is_host && origin.s3_origin_config.is_some() && !hosts.is_bucket(&host) {
            let text = "The parameter Origin DomainName does not refer to a valid S3 bucket.";
            findings.refuse(place, "DomainName", ServiceError::new(Code::InvalidArgument, text));
        }
        check_access(origin, place, findings);
        check_server(origin, place, findings);
        check_times(origin, quotas, place, findings);
    }
}

fn check_path(config: &DistributionConfig, origin: &Origin, place: &Place<'_>, findings: &mut Findings) {
    let path = tenants::filled_in(config, &origin.origin_path);
    if path.chars().count() > MAX_PATH {
        findings.refuse(place, "OriginPath", ServiceError::too_big("OriginPath"));
    } else if !path.is_empty() && (!path.starts_with('/') || path.ends_with('/')) {
        findings.refuse(place, "OriginPath", ServiceError::invalid("OriginPath"));
    }
}

fn check_headers(origin: &Origin, place: &Place<'_>, findings: &mut Findings) {
    let mut found = BTreeSet::new();
    let mut characters = 0;
    for (index, header) in origin.custom_headers.items.iter().enumerate() {
        let place = &place.item("CustomHeaders", index);
        let (name, value) = (header.header_name.as_str(), header.header_value.as_str());
        let lengths = [name, value].map(|text| text.chars().count());
        characters += lengths.iter().sum::<usize>();
        let refusal = if name.is_empty() {
            Some(ServiceError::required("HeaderName"))
        } else if lengths[0] > MAX_HEADER_NAME {
            Some(ServiceError::too_big("HeaderName"))
        } else if !names::is_header_name(name) || names::is_forbidden_for_origins(name) {
            let text = format!("The parameter HeaderName contains {name} that is not allowed.");
            Some(ServiceError::with(Code::InvalidArgument, text))
        } else if found.insert(name.to_ascii_lowercase()) {
            None
        } else {
            Some(ServiceError::not_unique("HeaderName"))
        };
        if let Some(refusal) = refusal {
            findings.refuse(place, "HeaderName", refusal);
        }
        if lengths[1] > MAX_HEADER_VALUE {
            findings.refuse(place, "HeaderValue", ServiceError::too_big("HeaderValue"));
        } else if value.chars().any(char::is_control) {
            findings.refuse(place, "HeaderValue", ServiceError::invalid("HeaderValue"));
        }
    }
    if characters > MAX_HEADERS {
        findings.refuse(place, "CustomHeaders", ServiceError::too_big("CustomHeaders"));
    }
}

fn check_kind(origin: &Origin, place: &Place<'_>, findings: &mut Findings) {
    let kinds = [
        origin.s3_origin_config.is_some(),
        origin.custom_origin_config.is_some(),
        origin.vpc_origin_config.is_some(),
    ];
    if kinds.iter().filter(|given| **given).count() != 1 {
        let text = "Exactly one of CustomOriginConfig and S3OriginConfig must be specified";
        findings.refuse_whole(place, ServiceError::new(Code::InvalidArgument, text));
    }
    if origin.vpc_origin_config.as_ref().is_some_and(|vpc| vpc.vpc_origin_id.is_empty()) {
        let place = &place.member("VpcOriginConfig");
        // Capture of CreateDistribution of 2026-10 in MiniStack's tests.
        let text = "The parameter vpcOriginId must not be empty for VPC Origin.";
        findings.refuse(place, "VpcOriginId", ServiceError::new(Code::InvalidArgument, text));
    }
}

/// An origin access identity is the older way, an origin access control the newer one; no origin has both.
fn check_access(origin: &Origin, place: &Place<'_>, findings: &mut Findings) {
    let identity = origin.origin_access_identity();
    if let Some(Err(NoIdentity)) = identity {
        let refusal = ServiceError::new(
            Code::InvalidOriginAccessIdentity,
            "The specified origin access identity does not exist or is not valid.",
        );
        findings.refuse(&place.member("S3OriginConfig"), "OriginAccessIdentity", refusal);
    }
    if identity.is_some() && !origin.origin_access_control_id.is_empty() {
        let refusal = ServiceError::new(
            Code::IllegalOriginAccessConfiguration,
            "An origin cannot contain both an origin access control (OAC) and an origin access identity (OAI).",
        );
        findings.refuse(place, "OriginAccessControlId", refusal);
    }
}

fn check_server(origin: &Origin, place: &Place<'_>, findings: &mut Findings) {
    let Some(server) = &origin.custom_origin_config else { return };
    let place = &place.member("CustomOriginConfig");
    let CustomOriginConfig { http_port, https_port, .. } = *server;
    for (member, port) in [("HTTPPort", http_port), ("HTTPSPort", https_port)] {
        // AWS: Values that you specify, HTTP port.
        if !matches!(port, 80 | 443 | 1024..=65_535) {
            findings.refuse(place, member, ServiceError::invalid(member));
        }
    }
    if server.origin_ssl_protocols.items.is_empty() {
        findings.refuse(place, "OriginSslProtocols", ServiceError::required("OriginSslProtocols"));
    }
}

fn check_times(origin: &Origin, quotas: &Quotas, place: &Place<'_>, findings: &mut Findings) {
    let server = origin.custom_origin_config.as_ref();
    let server = server.map(|server| {
        ("CustomOriginConfig", server.origin_read_timeout, Some(server.origin_keepalive_timeout))
    });
    let vpc = origin.vpc_origin_config.as_ref();
    let vpc = vpc.map(|vpc| ("VpcOriginConfig", vpc.origin_read_timeout, Some(vpc.origin_keepalive_timeout)));
    let bucket = origin.s3_origin_config.as_ref();
    let bucket = bucket.map(|bucket| ("S3OriginConfig", bucket.origin_read_timeout, None));
    let within = |seconds: i64, limit: u64| seconds >= 1 && u64::try_from(seconds).is_ok_and(|s| s <= limit);
    let mut read_timeout = 0;
    for (kind, read, keepalive) in [bucket, server, vpc].into_iter().flatten() {
        let place = &place.member(kind);
        read_timeout = read_timeout.max(read);
        if !within(read, quotas.origin_response_timeout_seconds) {
            let refusal = ServiceError::new(
                Code::InvalidOriginReadTimeout,
                "The read timeout specified for the origin is not valid.",
            );
            findings.refuse(place, "OriginReadTimeout", refusal);
        }
        if keepalive.is_some_and(|keepalive| !within(keepalive, quotas.origin_keepalive_timeout_seconds)) {
            let refusal = ServiceError::new(
                Code::InvalidOriginKeepaliveTimeout,
                "The keep alive timeout specified for the origin is not valid.",
            );
            findings.refuse(place, "OriginKeepaliveTimeout", refusal);
        }
    }
    if !CONNECTION_ATTEMPTS.contains(&origin.connection_attempts) {
        findings.refuse(place, "ConnectionAttempts", ServiceError::invalid("ConnectionAttempts"));
    }
    if !CONNECTION_TIMEOUT.contains(&origin.connection_timeout) {
        findings.refuse(place, "ConnectionTimeout", ServiceError::invalid("ConnectionTimeout"));
    }
    if origin.response_completion_timeout.is_some_and(|whole| whole < read_timeout) {
        let refusal = ServiceError::invalid("ResponseCompletionTimeout");
        findings.refuse(place, "ResponseCompletionTimeout", refusal);
    }
    let shield = &origin.origin_shield;
    if shield.enabled && shield.origin_shield_region.as_ref().is_none_or(String::is_empty) {
        let refusal = ServiceError::required("OriginShieldRegion");
        findings.refuse(&place.member("OriginShield"), "OriginShieldRegion", refusal);
    }
}
