//! Parses the arguments of the origin methods, member by member.

use rquickjs::Result;

use super::argument::Argument;
use super::rules;
use crate::event::{
    AccessControlledOrigin, CustomHeaders, FailoverSelection, GroupMember, IpAddressType,
    OriginAccessControl, OriginConnection, OriginGroup, OriginOverrides, OriginProtocol, OriginShield,
    OriginTimeouts, OriginUpdate, SignedRequests, TlsVersion,
};

/// AWS: "You can specify up to 20 allowed certificate names".
const MOST_CERTIFICATE_NAMES: usize = 20;

/// AWS: "General quotas on distributions", custom headers added to origin requests.
const MOST_CUSTOM_HEADERS: usize = 30;

/// The statuses at which an origin group may fail over (AWS: "Create an origin group").
const FAILOVER_STATUS_CODES: [u16; 9] = [400, 403, 404, 416, 429, 500, 502, 503, 504];

/// Reads a member if it is there.
fn optional<'js, T>(
    argument: &Argument<'js>,
    name: &str,
    read: impl FnOnce(&Argument<'js>) -> Result<T>,
) -> Result<Option<T>> {
    argument.member(name)?.as_ref().map(read).transpose()
}

pub(super) fn update(argument: &Argument<'_>) -> Result<OriginUpdate> {
    let domain_name = optional(argument, "domainName", |argument| argument.checked(rules::host))?;
    let connection = optional(argument, "customOriginConfig", connection)?;
    let has_address_type = connection.as_ref().is_some_and(|connection| connection.ip_address_type.is_some());
    if has_address_type && domain_name.is_none() {
        return Err(
            argument.refuse("must have the member domainName where customOriginConfig has ipAddressType")
        );
    }
    Ok(OriginUpdate {
        domain_name,
        overrides: overrides(argument)?,
        path: optional(argument, "originPath", |argument| argument.checked(rules::origin_path))?,
        custom_headers: optional(argument, "customHeaders", custom_headers)?,
        connection_attempts: optional(argument, "connectionAttempts", |argument| argument.whole(1, 3))?,
        shield: optional(argument, "originShield", shield)?,
        access_control: optional(argument, "originAccessControlConfig", access_control)?,
        timeouts: optional(argument, "timeouts", timeouts)?.unwrap_or_default(),
        connection,
        without_client_certificate: optional(argument, "mTLSConfig", |argument| {
            argument.word(&[("off", ())])
        })?
        .is_some(),
    })
}

pub(super) fn overrides(argument: &Argument<'_>) -> Result<OriginOverrides> {
    Ok(OriginOverrides {
        host_header: optional(argument, "hostHeader", |argument| argument.checked(rules::host))?,
        sni: optional(argument, "sni", |argument| argument.checked(rules::host))?,
        allowed_certificate_names: optional(argument, "allowedCertificateNames", |argument| {
            let names = argument.items()?;
            if names.len() > MOST_CERTIFICATE_NAMES {
                return Err(argument.refuse(&format!("cannot have more than {MOST_CERTIFICATE_NAMES} names")));
            }
            names.iter().map(|name| name.checked(rules::certificate_name)).collect()
        })?,
    })
}

fn custom_headers(argument: &Argument<'_>) -> Result<CustomHeaders> {
    let members = argument.members()?;
    if members.len() > MOST_CUSTOM_HEADERS {
        return Err(argument.refuse(&format!("cannot have more than {MOST_CUSTOM_HEADERS} headers")));
    }
    let headers = members.into_iter().map(|(name, value)| {
        rules::header_name(&name).map_err(|must| value.refuse(must))?;
        Ok((name, value.checked(rules::header_value)?))
    });
    Ok(CustomHeaders(headers.collect::<Result<_>>()?))
}

fn shield(argument: &Argument<'_>) -> Result<OriginShield> {
    if !argument.required("enabled")?.boolean()? {
        return Ok(OriginShield::Disabled);
    }
    Ok(OriginShield::Enabled { region: argument.required("region")?.checked(rules::region)? })
}

fn access_control(argument: &Argument<'_>) -> Result<OriginAccessControl> {
    if !argument.required("enabled")?.boolean()? {
        return Ok(OriginAccessControl::Disabled);
    }
    let signs = argument.required("signingBehavior")?.word(&[
        ("always", SignedRequests::Always),
        ("never", SignedRequests::Never),
        ("no-override", SignedRequests::NoOverride),
    ])?;
    argument.required("signingProtocol")?.word(&[("sigv4", ())])?;
    let origin = argument.required("originType")?.word(&[
        ("s3", AccessControlledOrigin::S3),
        ("mediapackagev2", AccessControlledOrigin::MediaPackageV2),
        ("mediastore", AccessControlledOrigin::MediaStore),
        ("lambda", AccessControlledOrigin::Lambda),
    ])?;
    Ok(OriginAccessControl::Enabled { signs, origin })
}

fn timeouts(argument: &Argument<'_>) -> Result<OriginTimeouts> {
    let read_s = optional(argument, "readTimeout", |argument| argument.whole(1, 120))?;
    let least = read_s.map_or(1, u32::from);
    Ok(OriginTimeouts {
        read_s,
        response_completion_s: optional(argument, "responseCompletionTimeout", |argument| {
            let seconds = argument.whole(1, u32::MAX)?;
            if seconds < least {
                return Err(argument.refuse("cannot be less than readTimeout"));
            }
            Ok(seconds)
        })?,
        keep_alive_s: optional(argument, "keepAliveTimeout", |argument| argument.whole(1, 120))?,
        connection_s: optional(argument, "connectionTimeout", |argument| argument.whole(1, 10))?,
    })
}

fn connection(argument: &Argument<'_>) -> Result<OriginConnection> {
    let port = argument.required("port")?;
    let number: u16 = port.whole(1, u16::MAX.into())?;
    if !matches!(number, 80 | 443 | 1024..) {
        return Err(port.refuse("must be 80, 443, or from 1024 to 65535"));
    }
    let protocol = argument.required("protocol")?;
    let versions = argument.required("sslProtocols")?.items()?;
    let version = |version: &Argument<'_>| {
        version.word(&[
            ("SSLv3", TlsVersion::Ssl3),
            ("TLSv1", TlsVersion::Tls1),
            ("TLSv1.1", TlsVersion::Tls1_1),
            ("TLSv1.2", TlsVersion::Tls1_2),
        ])
    };
    Ok(OriginConnection {
        port: number,
        protocol: protocol.word(&[("http", OriginProtocol::Http), ("https", OriginProtocol::Https)])?,
        tls_versions: versions.iter().map(version).collect::<Result<_>>()?,
        ip_address_type: optional(argument, "ipAddressType", |argument| {
            argument.word(&[
                ("ipv4", IpAddressType::Ipv4),
                ("ipv6", IpAddressType::Ipv6),
                ("dualstack", IpAddressType::DualStack),
            ])
        })?,
    })
}

pub(super) fn group(argument: &Argument<'_>) -> Result<OriginGroup> {
    let ids = argument.required("originIds")?;
    let members = ids.items()?;
    let [primary, secondary] = &*members else {
        return Err(ids.refuse("must have two origins: the primary one and the secondary one"));
    };
    let selection = optional(argument, "selectionCriteria", |argument| {
        argument.word(&[
            ("default", FailoverSelection::Default),
            ("media-quality-score", FailoverSelection::MediaQualityScore),
        ])
    })?;
    let codes = argument.required("failoverCriteria")?.required("statusCodes")?;
    let status_codes = codes.items()?.iter().map(status_code).collect::<Result<Vec<_>>>()?;
    if status_codes.is_empty() {
        return Err(codes.refuse("must have at least one status"));
    }
    let (primary, secondary) = (member(primary)?, member(secondary)?);
    if primary.id == secondary.id {
        return Err(ids.refuse("must have two different origins"));
    }
    Ok(OriginGroup { primary, secondary, selection: selection.unwrap_or_default(), status_codes })
}

fn member(argument: &Argument<'_>) -> Result<GroupMember> {
    Ok(GroupMember {
        id: argument.required("originId")?.checked(rules::origin_id)?,
        overrides: optional(argument, "originOverrides", overrides)?.unwrap_or_default(),
    })
}

fn status_code(argument: &Argument<'_>) -> Result<u16> {
    let code: u16 = argument.whole(100, 599)?;
    if FAILOVER_STATUS_CODES.contains(&code) {
        return Ok(code);
    }
    let known = FAILOVER_STATUS_CODES.map(|code| code.to_string()).join(", ");
    Err(argument.refuse(&format!("must be one of {known}")))
}
