//! Origins and groups of them.

use serde::Deserialize;

use crate::Counted;

/// `Origin`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Origin {
    /// What behaviors and groups call it.
    pub id: String,
    /// Where it is.
    pub domain_name: String,
    /// What paths begin with at the origin.
    pub origin_path: String,
    /// Headers that the origin gets.
    pub custom_headers: Counted<CustomHeader>,
    /// Of a bucket in S3.
    pub s3_origin_config: Option<S3OriginConfig>,
    /// Of any other server.
    pub custom_origin_config: Option<CustomOriginConfig>,
    /// Of a server in a private network.
    pub vpc_origin_config: Option<VpcOriginConfig>,
    /// 1 to 3.
    pub connection_attempts: i64,
    /// Seconds, 1 to 10.
    pub connection_timeout: i64,
    /// Seconds.
    pub response_completion_timeout: Option<i64>,
    /// One more layer of caching.
    pub origin_shield: OriginShield,
    /// How requests are signed.
    pub origin_access_control_id: String,
}

/// `OriginCustomHeader`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CustomHeader {
    /// Its name.
    pub header_name: String,
    /// Its value.
    pub header_value: String,
}

/// `S3OriginConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct S3OriginConfig {
    /// `origin-access-identity/cloudfront/ID`, or nothing.
    pub origin_access_identity: String,
    /// Seconds.
    pub origin_read_timeout: i64,
}

/// `CustomOriginConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CustomOriginConfig {
    /// The port for HTTP.
    #[serde(rename = "HTTPPort")]
    pub http_port: i64,
    /// The port for HTTPS.
    #[serde(rename = "HTTPSPort")]
    pub https_port: i64,
    /// `http-only`, `match-viewer` or `https-only`.
    pub origin_protocol_policy: String,
    /// Versions of TLS.
    pub origin_ssl_protocols: Counted<String>,
    /// Seconds.
    pub origin_read_timeout: i64,
    /// Seconds.
    pub origin_keepalive_timeout: i64,
    /// `ipv4`, `ipv6` or `dualstack`.
    pub ip_address_type: Option<String>,
    /// How CloudFront shows who it is.
    pub origin_mtls_config: Option<OriginMtlsConfig>,
}

/// `OriginMtlsConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OriginMtlsConfig {
    /// The ARN of a certificate in ACM.
    pub client_certificate_arn: String,
}

/// `VpcOriginConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VpcOriginConfig {
    /// The VPC origin.
    pub vpc_origin_id: String,
    /// The account that shares it.
    pub owner_account_id: Option<String>,
    /// Seconds.
    pub origin_read_timeout: i64,
    /// Seconds.
    pub origin_keepalive_timeout: i64,
}

/// `OriginShield`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OriginShield {
    /// Whether it is used.
    pub enabled: bool,
    /// A region of AWS.
    pub origin_shield_region: Option<String>,
}

/// `OriginGroup`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OriginGroup {
    /// What behaviors call it.
    pub id: String,
    /// When the second origin is asked.
    pub failover_criteria: FailoverCriteria,
    /// Two origins.
    pub members: Counted<OriginGroupMember>,
}

/// `OriginGroupFailoverCriteria`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FailoverCriteria {
    /// The statuses of the first origin.
    pub status_codes: StatusCodes,
}

/// `StatusCodes`.
pub type StatusCodes = Counted<i64>;

/// `OriginGroupMember`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OriginGroupMember {
    /// An origin.
    pub origin_id: String,
}

impl Origin {
    /// The id of the origin access identity in the path that S3 origins name it by; nothing where there is none.
    /// The path is not one of an identity when there is no id in it.
    pub fn origin_access_identity(&self) -> Option<Result<&str, NoIdentity>> {
        let path = self.s3_origin_config.as_ref().map(|s3| s3.origin_access_identity.as_str())?;
        let id = path
            .strip_prefix("origin-access-identity/cloudfront/")
            .filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        (!path.is_empty()).then(|| id.ok_or(NoIdentity))
    }
}

/// A text where the path of an origin access identity was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoIdentity;
