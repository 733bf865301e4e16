//! What concerns viewers: certificates, countries, tenants.

use serde::Deserialize;

use crate::Counted;

/// `ViewerCertificate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ViewerCertificate {
    /// CloudFront's own certificate.
    pub cloud_front_default_certificate: bool,
    /// A certificate of IAM.
    #[serde(rename = "IAMCertificateId")]
    pub iam_certificate_id: Option<String>,
    /// A certificate of ACM.
    #[serde(rename = "ACMCertificateArn")]
    pub acm_certificate_arn: Option<String>,
    /// `sni-only`, `vip` or `static-ip`.
    #[serde(rename = "SSLSupportMethod")]
    pub ssl_support_method: Option<String>,
    /// The security policy.
    pub minimum_protocol_version: Option<String>,
}

/// The certificate that viewers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate<'c> {
    /// CloudFront's own, which covers none but CloudFront's names.
    Default,
    /// The ARN of one in ACM.
    Acm(&'c str),
    /// The id of one in IAM.
    Iam(&'c str),
}

/// `Restrictions`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Restrictions {
    /// By country.
    pub geo_restriction: GeoRestriction,
}

/// `GeoRestriction`: a counted list that says beside what it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GeoRestriction {
    /// `none`, `whitelist` or `blacklist`.
    pub restriction_type: String,
    /// Countries by their codes of ISO 3166.
    #[serde(flatten)]
    pub locations: Counted<String>,
}

/// `TenantConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TenantConfig {
    /// What tenants can set.
    pub parameter_definitions: Vec<ParameterDefinition>,
}

/// `ParameterDefinition`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ParameterDefinition {
    /// Its name, which `{{name}}` stands for.
    pub name: String,
}

/// `ViewerMtlsConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ViewerMtlsConfig {
    /// `required`, `optional` or `passthrough`.
    pub mode: Option<String>,
    /// Whom to trust.
    pub trust_store_config: Option<TrustStoreConfig>,
}

/// `TrustStoreConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TrustStoreConfig {
    /// The trust store.
    pub trust_store_id: String,
    /// Viewers are told the names of its authorities in the handshake.
    pub advertise_trust_store_ca_names: bool,
    /// Certificates that have expired are accepted.
    pub ignore_certificate_expiry: bool,
}

/// `ConnectionFunctionAssociation`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConnectionFunctionAssociation {
    /// The connection function.
    pub id: String,
}

impl ViewerCertificate {
    /// The certificate that viewers see.
    pub fn certificate(&self) -> Certificate<'_> {
        match (given(self.acm_certificate_arn.as_ref()), given(self.iam_certificate_id.as_ref())) {
            (Some(arn), _) => Certificate::Acm(arn),
            (None, Some(id)) => Certificate::Iam(id),
            (None, None) => Certificate::Default,
        }
    }
}

/// A text that says something.
pub(in crate::distribution) fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}
