//! JSON of an origin decision: the method that the function called, and the arguments that counted, by AWS's names.
//!
//! It is for the person who runs the function, so custom headers have their values in it.

use serde_json::{Map, Value, json};

use super::origin::{
    AccessControlledOrigin, FailoverSelection, GroupMember, IpAddressType, OriginAccessControl,
    OriginConnection, OriginDecision, OriginGroup, OriginOverrides, OriginProtocol, OriginShield,
    OriginTimeouts, OriginUpdate, SignedRequests, TlsVersion,
};

impl OriginDecision {
    /// An object with the name of the method, such as `updateRequestOrigin`, and its argument. Members that the
    /// function left out are left out.
    pub fn to_json(&self) -> Value {
        match self {
            OriginDecision::Update(origin) => json!({ "updateRequestOrigin": update(origin) }),
            OriginDecision::Select { id, overrides: changed } => {
                let mut members = Map::new();
                members.insert("originId".to_owned(), json!(id));
                overrides(&mut members, changed);
                json!({ "selectRequestOriginById": members })
            }
            OriginDecision::Group(origins) => json!({ "createRequestOriginGroup": group(origins) }),
        }
    }
}

/// Adds what is there.
fn add(members: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), value.into());
    }
}

fn update(origin: &OriginUpdate) -> Value {
    let mut members = Map::new();
    add(&mut members, "domainName", origin.domain_name.as_deref());
    overrides(&mut members, &origin.overrides);
    add(&mut members, "originPath", origin.path.as_deref());
    let headers = origin.custom_headers.as_ref().map(|headers| {
        headers.0.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>()
    });
    add(&mut members, "customHeaders", headers);
    add(&mut members, "connectionAttempts", origin.connection_attempts);
    add(&mut members, "originShield", origin.shield.as_ref().map(shield));
    add(&mut members, "originAccessControlConfig", origin.access_control.map(access_control));
    if origin.timeouts != OriginTimeouts::default() {
        add(&mut members, "timeouts", Some(timeouts(origin.timeouts)));
    }
    add(&mut members, "customOriginConfig", origin.connection.as_ref().map(connection));
    add(&mut members, "mTLSConfig", origin.without_client_certificate.then_some("off"));
    Value::Object(members)
}

fn overrides(members: &mut Map<String, Value>, changed: &OriginOverrides) {
    add(members, "hostHeader", changed.host_header.as_deref());
    add(members, "sni", changed.sni.as_deref());
    add(members, "allowedCertificateNames", changed.allowed_certificate_names.clone());
}

fn shield(shield: &OriginShield) -> Value {
    match shield {
        OriginShield::Disabled => json!({ "enabled": false }),
        OriginShield::Enabled { region } => json!({ "enabled": true, "region": region }),
    }
}

fn access_control(control: OriginAccessControl) -> Value {
    let OriginAccessControl::Enabled { signs, origin } = control else { return json!({ "enabled": false }) };
    let signs = match signs {
        SignedRequests::Always => "always",
        SignedRequests::Never => "never",
        SignedRequests::NoOverride => "no-override",
    };
    let origin = match origin {
        AccessControlledOrigin::S3 => "s3",
        AccessControlledOrigin::MediaPackageV2 => "mediapackagev2",
        AccessControlledOrigin::MediaStore => "mediastore",
        AccessControlledOrigin::Lambda => "lambda",
    };
    json!({ "enabled": true, "signingBehavior": signs, "signingProtocol": "sigv4", "originType": origin })
}

fn timeouts(timeouts: OriginTimeouts) -> Map<String, Value> {
    let mut members = Map::new();
    add(&mut members, "readTimeout", timeouts.read_s);
    add(&mut members, "responseCompletionTimeout", timeouts.response_completion_s);
    add(&mut members, "keepAliveTimeout", timeouts.keep_alive_s);
    add(&mut members, "connectionTimeout", timeouts.connection_s);
    members
}

fn connection(connection: &OriginConnection) -> Map<String, Value> {
    let mut members = Map::new();
    add(&mut members, "port", Some(connection.port));
    let protocol = match connection.protocol {
        OriginProtocol::Http => "http",
        OriginProtocol::Https => "https",
    };
    add(&mut members, "protocol", Some(protocol));
    let versions = connection.tls_versions.iter().map(|version| match version {
        TlsVersion::Ssl3 => "SSLv3",
        TlsVersion::Tls1 => "TLSv1",
        TlsVersion::Tls1_1 => "TLSv1.1",
        TlsVersion::Tls1_2 => "TLSv1.2",
    });
    add(&mut members, "sslProtocols", Some(versions.collect::<Vec<_>>()));
    let addresses = connection.ip_address_type.map(|addresses| match addresses {
        IpAddressType::Ipv4 => "ipv4",
        IpAddressType::Ipv6 => "ipv6",
        IpAddressType::DualStack => "dualstack",
    });
    add(&mut members, "ipAddressType", addresses);
    members
}

fn group(origins: &OriginGroup) -> Value {
    let selection = match origins.selection {
        FailoverSelection::Default => "default",
        FailoverSelection::MediaQualityScore => "media-quality-score",
    };
    json!({
        "originIds": [member(&origins.primary), member(&origins.secondary)],
        "selectionCriteria": selection,
        "failoverCriteria": { "statusCodes": origins.status_codes },
    })
}

fn member(origin: &GroupMember) -> Value {
    let mut changed = Map::new();
    overrides(&mut changed, &origin.overrides);
    let mut members = Map::new();
    add(&mut members, "originId", Some(origin.id.as_str()));
    add(&mut members, "originOverrides", (!changed.is_empty()).then_some(changed));
    Value::Object(members)
}
