//! Origins and groups of them.

use serde_json::{Map, Value, json};

use super::attributes::{Attributes, Unknown};
use super::list::list;

pub(super) fn origins(resource: &Attributes<'_>, unknown: &mut Unknown) -> Value {
    let origins = resource.blocks("origin");
    let one =
        |(index, origin): (usize, &Attributes<'_>)| of(origin, &format!("Origins.Items[{index}]"), unknown);
    list(origins.iter().enumerate().map(one).collect())
}

fn of(origin: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Value {
    let place = |member: &str| format!("{at}.{member}");
    let mut config = Map::new();
    for (member, attribute) in [
        ("Id", "origin_id"),
        ("DomainName", "domain_name"),
        ("OriginPath", "origin_path"),
        ("OriginAccessControlId", "origin_access_control_id"),
    ] {
        config.insert(member.to_owned(), origin.text(attribute, &place(member), unknown).into());
    }
    for (member, attribute) in
        [("ConnectionAttempts", "connection_attempts"), ("ConnectionTimeout", "connection_timeout")]
    {
        config.insert(member.to_owned(), origin.number(attribute, &place(member), unknown).into());
    }
    config.insert("CustomHeaders".to_owned(), headers(origin, at, unknown));
    config.extend(kind(origin, at, unknown));
    if let Some(shield) = origin.block("origin_shield") {
        let mut settings = Map::new();
        settings.insert("Enabled".to_owned(), shield.flag("enabled").into());
        let region = shield.text("origin_shield_region", &place("OriginShield.OriginShieldRegion"), unknown);
        if !region.is_empty() {
            settings.insert("OriginShieldRegion".to_owned(), region.into());
        }
        config.insert("OriginShield".to_owned(), settings.into());
    }
    config.into()
}

/// The settings of each kind that there is a block for. An origin without any is a bucket to the provider.
fn kind(origin: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Map<String, Value> {
    let mut kinds = Map::new();
    let mut put = |member: &str, settings: Value| kinds.insert(member.to_owned(), settings);
    let place = |member: &str| format!("{at}.{member}");
    if let Some(server) = origin.block("custom_origin_config") {
        put("CustomOriginConfig", custom(&server, &place("CustomOriginConfig"), unknown));
    }
    if let Some(bucket) = origin.block("s3_origin_config") {
        let place = place("S3OriginConfig.OriginAccessIdentity");
        let identity = bucket.text("origin_access_identity", &place, unknown);
        put("S3OriginConfig", json!({ "OriginAccessIdentity": identity }));
    }
    if let Some(server) = origin.block("vpc_origin_config") {
        let at = place("VpcOriginConfig");
        let mut settings = times(&server, &at, unknown);
        let id = server.text("vpc_origin_id", &format!("{at}.VpcOriginId"), unknown);
        settings.insert("VpcOriginId".to_owned(), id.into());
        put("VpcOriginConfig", settings.into());
    }
    if kinds.is_empty() {
        kinds.insert("S3OriginConfig".to_owned(), json!({ "OriginAccessIdentity": "" }));
    }
    kinds
}

fn custom(server: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Value {
    let place = |member: &str| format!("{at}.{member}");
    let mut settings = times(server, at, unknown);
    for (member, attribute) in [("HTTPPort", "http_port"), ("HTTPSPort", "https_port")] {
        settings.insert(member.to_owned(), server.number(attribute, &place(member), unknown).into());
    }
    let policy = server.text("origin_protocol_policy", &place("OriginProtocolPolicy"), unknown);
    settings.insert("OriginProtocolPolicy".to_owned(), policy.into());
    let protocols = server.items("origin_ssl_protocols", &place("OriginSslProtocols"), unknown);
    settings.insert("OriginSslProtocols".to_owned(), list(protocols));
    settings.into()
}

fn times(server: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Map<String, Value> {
    let pairs = [
        ("OriginReadTimeout", "origin_read_timeout"),
        ("OriginKeepaliveTimeout", "origin_keepalive_timeout"),
    ];
    let mut seconds = |(member, attribute): (&str, &str)| {
        let seconds = server.number(attribute, &format!("{at}.{member}"), unknown);
        (member.to_owned(), Value::from(seconds))
    };
    pairs.map(&mut seconds).into_iter().collect()
}

fn headers(origin: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Value {
    let header = |(index, header): (usize, &Attributes<'_>)| {
        let place = |member: &str| format!("{at}.CustomHeaders.Items[{index}].{member}");
        json!({
            "HeaderName": header.text("name", &place("HeaderName"), unknown),
            "HeaderValue": header.text("value", &place("HeaderValue"), unknown),
        })
    };
    list(origin.blocks("custom_header").iter().enumerate().map(header).collect())
}

/// Groups of origins, if there are any.
pub(super) fn groups(resource: &Attributes<'_>, unknown: &mut Unknown) -> Option<Value> {
    let groups = resource.blocks("origin_group");
    let group = |(index, group): (usize, &Attributes<'_>)| {
        let at = format!("OriginGroups.Items[{index}]");
        let codes = format!("{at}.FailoverCriteria.StatusCodes");
        let criteria = group.block("failover_criteria");
        let codes =
            criteria.map(|criteria| criteria.items("status_codes", &codes, unknown)).unwrap_or_default();
        let members = group.blocks("member");
        let member = |(index, member): (usize, &Attributes<'_>)| {
            let place = format!("{at}.Members.Items[{index}].OriginId");
            json!({ "OriginId": member.text("origin_id", &place, unknown) })
        };
        let members: Vec<_> = members.iter().enumerate().map(member).collect();
        json!({
            "Id": group.text("origin_id", &format!("{at}.Id"), unknown),
            "FailoverCriteria": { "StatusCodes": list(codes) },
            "Members": list(members),
        })
    };
    let groups: Vec<_> = groups.iter().enumerate().map(group).collect();
    (!groups.is_empty()).then(|| list(groups))
}
