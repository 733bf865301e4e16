//! An origin as a distribution describes it, in the form that requests need, and what a function changes of it.

use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use keyfront_domain::distribution as config;
use keyfront_domain::origin_access_control::OriginAccessControlConfig;
use keyfront_functions::event::{
    AccessControlledOrigin, IpAddressType, OriginAccessControl, OriginConnection, OriginOverrides,
    OriginProtocol, OriginShield, OriginUpdate, SignedRequests,
};

/// An origin. Names of hosts are in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginDescription {
    /// What behaviors and groups call it.
    pub id: Arc<str>,
    /// Where it is.
    pub domain_name: String,
    /// What paths begin with at the origin: nothing, or a slash and more without one at the end.
    pub path: String,
    /// Headers that replace the viewer's.
    pub custom_headers: Vec<(HeaderName, HeaderValue)>,
    /// What kind of server it is.
    pub kind: OriginKind,
    /// Origin access control, unless it never signs.
    pub access_control: Option<RequestSigning>,
    /// It has an origin access identity.
    pub has_identity: bool,
    /// The `Host` header that a function gave.
    pub host_header: Option<HeaderValue>,
    /// The name that a function gave TLS to ask for.
    pub sni: Option<String>,
    /// The names that the certificate may have by a function's word; empty for the usual ones.
    pub allowed_certificate_names: Vec<String>,
    /// The ARN of the certificate that the edge shows it (`OriginMtlsConfig`).
    pub client_certificate: Option<String>,
    /// How often connecting is tried, and asking after a timeout: 1 to 3.
    pub connection_attempts: u8,
    /// How long CloudFront waits.
    pub times: OriginTimes,
    /// The region of Origin Shield where it is on. It changes nothing here.
    pub shield_region: Option<String>,
}

/// What kind of server an origin is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// A bucket of S3 by its REST endpoint.
    Bucket,
    /// Any other server.
    Server(ServerOrigin),
    /// A server in a private network.
    Vpc {
        /// The id of the VPC origin, `vo_…`.
        id: String,
    },
}

/// How a server is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerOrigin {
    /// The port for HTTP.
    pub http_port: u16,
    /// The port for HTTPS.
    pub https_port: u16,
    /// Which of them.
    pub protocol: ProtocolPolicy,
    /// Which addresses are used; any where it is not said.
    pub ip_address_type: Option<IpAddressType>,
}

/// `OriginProtocolPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolPolicy {
    /// `http-only`.
    HttpOnly,
    /// `https-only`.
    HttpsOnly,
    /// `match-viewer`.
    MatchViewer,
}

/// How requests to an origin are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestSigning {
    /// Which requests.
    pub signs: SignedRequests,
    /// What the origin is.
    pub origin: AccessControlledOrigin,
}

/// How long CloudFront waits for an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginTimes {
    /// For a connection with TLS, at each attempt.
    pub connection: Duration,
    /// For the head of the answer once the request is sent, and between two pieces of the body.
    pub read: Duration,
    /// For the whole answer.
    pub completion: Option<Duration>,
    /// For the next request on a connection.
    pub keep_alive: Duration,
}

/// An origin that requests cannot be sent to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("origin {id}: {what} is not valid")]
pub struct InvalidOrigin {
    /// The origin.
    pub id: String,
    /// The member.
    pub what: &'static str,
}

/// The service's defaults, in seconds.
const CONNECTION_S: i64 = 10;
const READ_S: i64 = 30;
const KEEP_ALIVE_S: i64 = 5;
const ATTEMPTS: i64 = 3;

impl OriginDescription {
    /// Makes a description of a completed configuration and of the origin access control that it names.
    ///
    /// # Errors
    /// A member has a value that the service refuses.
    pub fn compile(
        origin: &config::Origin,
        access_control: Option<&OriginAccessControlConfig>,
    ) -> Result<OriginDescription, InvalidOrigin> {
        let invalid = |what| InvalidOrigin { id: origin.id.clone(), what };
        let headers = origin.custom_headers.items.iter();
        let pairs = headers.map(|header| (header.header_name.as_str(), header.header_value.as_str()));
        let custom_headers = pairs
            .map(|(name, value)| header(name, value))
            .collect::<Option<_>>()
            .ok_or_else(|| invalid("CustomHeaders"))?;
        let (kind, read, keep_alive) = kind(origin).map_err(invalid)?;
        let access_control = access_control
            .map(signing)
            .transpose()
            .map_err(invalid)?
            .filter(|signing| signing.signs != SignedRequests::Never);
        Ok(OriginDescription {
            id: origin.id.as_str().into(),
            domain_name: origin.domain_name.to_ascii_lowercase(),
            path: origin.origin_path.clone(),
            custom_headers,
            kind,
            access_control,
            has_identity: matches!(origin.origin_access_identity(), Some(Ok(_))),
            host_header: None,
            sni: None,
            allowed_certificate_names: Vec::new(),
            client_certificate: client_certificate(origin),
            connection_attempts: u8::try_from(or(origin.connection_attempts, ATTEMPTS))
                .map_err(|_too_many| invalid("ConnectionAttempts"))?,
            times: OriginTimes {
                connection: seconds(origin.connection_timeout, CONNECTION_S),
                read: seconds(read, READ_S),
                completion: origin.response_completion_timeout.map(|given| seconds(given, READ_S)),
                keep_alive: seconds(keep_alive, KEEP_ALIVE_S),
            },
            shield_region: origin
                .origin_shield
                .enabled
                .then(|| origin.origin_shield.origin_shield_region.clone())
                .flatten(),
        })
    }

    /// How its requests are signed: by origin access control, or for an origin access identity, which S3 knows by
    /// another signature of the same service.
    pub fn signing(&self) -> Option<RequestSigning> {
        let identity = RequestSigning { signs: SignedRequests::Always, origin: AccessControlledOrigin::S3 };
        self.access_control.or(self.has_identity.then_some(identity))
    }

    /// The origin as a function changes it (AWS: `updateRequestOrigin()`: settings that are not given are those of the
    /// existing origin).
    #[must_use]
    pub fn updated(&self, update: &OriginUpdate) -> OriginDescription {
        let mut origin = self.clone();
        if let Some(name) = &update.domain_name {
            origin.domain_name = name.to_ascii_lowercase();
        }
        if let Some(path) = &update.path {
            origin.path.clone_from(path);
        }
        if let Some(headers) = &update.custom_headers {
            let pairs = headers.0.iter();
            origin.custom_headers = pairs.filter_map(|(name, value)| header(name, value)).collect();
        }
        if update.without_client_certificate {
            origin.client_certificate = None;
        }
        if let Some(attempts) = update.connection_attempts {
            origin.connection_attempts = attempts;
        }
        match &update.shield {
            None => {}
            Some(OriginShield::Disabled) => origin.shield_region = None,
            Some(OriginShield::Enabled { region }) => origin.shield_region = Some(region.clone()),
        }
        match update.access_control {
            None => {}
            Some(OriginAccessControl::Disabled) => {
                origin.access_control = None;
                origin.has_identity = false;
            }
            Some(OriginAccessControl::Enabled { signs, origin: kind }) => {
                let signing = RequestSigning { signs, origin: kind };
                origin.access_control =
                    Some(signing).filter(|signing| signing.signs != SignedRequests::Never);
                origin.has_identity = false;
            }
        }
        origin.update_times(update);
        origin.update_kind(update);
        origin.overridden(&update.overrides)
    }

    /// The origin with the names that a function gave.
    #[must_use]
    pub fn overridden(mut self, overrides: &OriginOverrides) -> OriginDescription {
        if let Some(host) = &overrides.host_header {
            self.host_header = HeaderValue::from_str(host).ok();
        }
        if let Some(sni) = &overrides.sni {
            self.sni = Some(sni.to_ascii_lowercase());
        }
        if let Some(names) = &overrides.allowed_certificate_names {
            self.allowed_certificate_names = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        }
        self
    }

    fn update_times(&mut self, update: &OriginUpdate) {
        let whole = |s: u8| Duration::from_secs(s.into());
        let times = &mut self.times;
        if let Some(read) = update.timeouts.read_s {
            times.read = whole(read);
        }
        if let Some(completion) = update.timeouts.response_completion_s {
            times.completion = Some(Duration::from_secs(completion.into()));
        }
        if let Some(keep_alive) = update.timeouts.keep_alive_s {
            times.keep_alive = whole(keep_alive);
        }
        if let Some(connection) = update.timeouts.connection_s {
            times.connection = whole(connection);
        }
    }

    /// An origin that becomes a bucket or stops being one. A bucket needs no connection settings, and a server that has
    /// none is reached as the viewer came.
    fn update_kind(&mut self, update: &OriginUpdate) {
        if let Some(OriginConnection { port, protocol, tls_versions: _, ip_address_type }) =
            &update.connection
        {
            let (protocol, plain, secure) = match protocol {
                OriginProtocol::Http => (ProtocolPolicy::HttpOnly, *port, 443),
                OriginProtocol::Https => (ProtocolPolicy::HttpsOnly, 80, *port),
            };
            let ip_address_type = *ip_address_type;
            self.kind = OriginKind::Server(ServerOrigin {
                http_port: plain,
                https_port: secure,
                protocol,
                ip_address_type,
            });
            return;
        }
        if update.domain_name.is_none() {
            return;
        }
        let is_bucket = crate::origin::bucket::Bucket::of_host(&self.domain_name, &[])
            .is_some_and(|found| !found.website);
        let signs_for_s3 =
            self.access_control.is_some_and(|signing| signing.origin == AccessControlledOrigin::S3);
        match &self.kind {
            OriginKind::Bucket if !is_bucket && !signs_for_s3 => {
                self.kind = OriginKind::Server(ServerOrigin {
                    http_port: 80,
                    https_port: 443,
                    protocol: ProtocolPolicy::MatchViewer,
                    ip_address_type: None,
                });
                self.has_identity = false;
            }
            OriginKind::Server(_) if is_bucket && signs_for_s3 => self.kind = OriginKind::Bucket,
            OriginKind::Bucket | OriginKind::Server(_) | OriginKind::Vpc { .. } => {}
        }
    }
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let mut value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
    // It may be a secret between the distribution and the origin.
    value.set_sensitive(true);
    Some((name.parse().ok()?, value))
}

/// The ARN of the certificate that an origin is shown.
fn client_certificate(origin: &config::Origin) -> Option<String> {
    let mtls = origin.custom_origin_config.as_ref()?.origin_mtls_config.as_ref()?;
    Some(mtls.client_certificate_arn.clone()).filter(|arn| !arn.is_empty())
}

/// The kind of an origin, its seconds for reading and those for keeping connections.
fn kind(origin: &config::Origin) -> Result<(OriginKind, i64, i64), &'static str> {
    if let Some(bucket) = &origin.s3_origin_config {
        return Ok((OriginKind::Bucket, bucket.origin_read_timeout, 0));
    }
    if let Some(vpc) = &origin.vpc_origin_config {
        let kind = OriginKind::Vpc { id: vpc.vpc_origin_id.clone() };
        return Ok((kind, vpc.origin_read_timeout, vpc.origin_keepalive_timeout));
    }
    let server = origin.custom_origin_config.as_ref().ok_or("CustomOriginConfig")?;
    let port = |given, usual, what| u16::try_from(or(given, usual)).map_err(|_not_a_port| what);
    let kind = OriginKind::Server(ServerOrigin {
        http_port: port(server.http_port, 80, "HTTPPort")?,
        https_port: port(server.https_port, 443, "HTTPSPort")?,
        protocol: match server.origin_protocol_policy.as_str() {
            "http-only" => ProtocolPolicy::HttpOnly,
            "https-only" => ProtocolPolicy::HttpsOnly,
            "match-viewer" => ProtocolPolicy::MatchViewer,
            _ => return Err("OriginProtocolPolicy"),
        },
        ip_address_type: match server.ip_address_type.as_deref() {
            None | Some("") => None,
            Some("ipv4") => Some(IpAddressType::Ipv4),
            Some("ipv6") => Some(IpAddressType::Ipv6),
            Some("dualstack") => Some(IpAddressType::DualStack),
            Some(_) => return Err("IpAddressType"),
        },
    });
    Ok((kind, server.origin_read_timeout, server.origin_keepalive_timeout))
}

fn signing(document: &OriginAccessControlConfig) -> Result<RequestSigning, &'static str> {
    let signs = match document.signing_behavior.as_str() {
        "always" => SignedRequests::Always,
        "never" => SignedRequests::Never,
        "no-override" => SignedRequests::NoOverride,
        _ => return Err("SigningBehavior"),
    };
    let origin = match document.origin_access_control_origin_type.as_str() {
        "s3" => AccessControlledOrigin::S3,
        "mediastore" => AccessControlledOrigin::MediaStore,
        "mediapackagev2" => AccessControlledOrigin::MediaPackageV2,
        "lambda" => AccessControlledOrigin::Lambda,
        _ => return Err("OriginAccessControlOriginType"),
    };
    Ok(RequestSigning { signs, origin })
}

/// A number, or the usual one where the document has none.
fn or(given: i64, usual: i64) -> i64 {
    if given == 0 { usual } else { given }
}

fn seconds(given: i64, usual: i64) -> Duration {
    Duration::from_secs(u64::try_from(or(given, usual)).unwrap_or_default())
}

#[cfg(test)]
mod tests;
