//! Settings of a tenant in place of its distribution's.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

/// Settings of a tenant in place of its distribution's, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Customizations {
    /// The web ACL.
    pub web_acl: Option<WebAcl>,
    /// The certificate.
    pub certificate: Option<Certificate>,
    /// The countries that may have content.
    pub geo_restrictions: Option<GeoRestrictions>,
}

/// A web ACL of its own, or none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WebAcl {
    /// `override` or `disable`.
    pub action: String,
    /// With `override`, which one.
    pub arn: Option<String>,
}

/// A certificate of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Certificate {
    /// Which one, of ACM.
    pub arn: String,
}

/// A geographic restriction of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GeoRestrictions {
    /// `none`, `whitelist` or `blacklist`.
    pub restriction_type: String,
    /// Codes of countries.
    #[serde(default)]
    pub locations: Vec<String>,
}

impl Customizations {
    pub(super) fn check(&self) -> Result<(), ServiceError> {
        if let Some(WebAcl { action, arn }) = &self.web_acl {
            match (action.as_str(), arn) {
                ("override", Some(arn)) => check_web_acl_arn(arn)?,
                ("override", None) => return Err(ServiceError::required("Arn")),
                (_disable, Some(arn)) if !arn.is_empty() => return Err(ServiceError::invalid("Arn")),
                (_disable, _) => {}
            }
        }
        if self.certificate.as_ref().is_some_and(|certificate| !is_certificate_arn(&certificate.arn)) {
            return Err(ServiceError::invalid("Certificate"));
        }
        self.geo_restrictions.as_ref().map_or(Ok(()), GeoRestrictions::check)
    }
}

impl GeoRestrictions {
    fn check(&self) -> Result<(), ServiceError> {
        if self.restriction_type == "none" {
            return if self.locations.is_empty() { Ok(()) } else { Err(ServiceError::invalid("Locations")) };
        }
        if self.locations.is_empty() {
            return Err(ServiceError::required("Locations"));
        }
        let is_code = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if self.locations.iter().all(is_code) { Ok(()) } else { Err(ServiceError::invalid("Locations")) }
    }
}

/// Refuses the ARN of what cannot be associated as a web ACL: one that is not global. Nothing is looked up.
pub fn check_web_acl_arn(arn: &str) -> Result<(), ServiceError> {
    let mut parts = arn.splitn(6, ':');
    let head: [_; 4] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let (account, resource) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if head[..3] != ["arn", "aws", "wafv2"] || !is_account(account) {
        return Err(ServiceError::invalid("WebACLArn"));
    }
    let mut names = resource.split('/');
    match (names.next(), names.next(), names.next(), names.next(), names.next()) {
        (Some("regional"), ..) => {
            Err(ServiceError::new(Code::InvalidArgument, "Only global scoped ARNs are supported"))
        }
        (Some("global"), Some("webacl"), Some(name), Some(id), None)
            if head[3] == "us-east-1" && !name.is_empty() && !id.is_empty() =>
        {
            Ok(())
        }
        _other => Err(ServiceError::invalid("WebACLArn")),
    }
}

fn is_certificate_arn(arn: &str) -> bool {
    let Some((account, id)) =
        arn.strip_prefix("arn:aws:acm:us-east-1:").and_then(|rest| rest.split_once(":certificate/"))
    else {
        return false;
    };
    is_account(account)
        && !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_account(text: &str) -> bool {
    text.parse::<crate::AccountId>().is_ok()
}
