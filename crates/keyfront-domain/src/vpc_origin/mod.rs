//! VPC origins: load balancers and instances in a private network that distributions can have as origins.
//!
//! The rules, their order and their words are those of captures of AWS of 2026-10 in MiniStack's tests. What the ARN of
//! an endpoint names is not looked up.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::aws_arn::OwnedArn;
use crate::{AccountId, Counted, name};

/// Most characters of a name (AWS: VpcOriginEndpointConfig of CloudFormation).
const MAX_NAME: usize = 64;

/// Letters of the part of an id behind its prefix.
const ID_LETTERS: usize = 22;

/// All protocols, in the order in which a configuration shows them.
const PROTOCOLS: [&str; 4] = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"];

/// The protocols of a configuration that names none.
const DEFAULT_PROTOCOLS: [&str; 3] = ["TLSv1", "TLSv1.1", "TLSv1.2"];

/// `VpcOriginEndpointConfig`, by the model's names. The model knows the protocols.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VpcOriginEndpointConfig {
    /// Unique in the account.
    pub name: String,
    /// A load balancer or an instance, which is not looked up.
    pub arn: String,
    /// Its port for HTTP.
    #[serde(rename = "HTTPPort")]
    pub http_port: i64,
    /// Its port for HTTPS.
    #[serde(rename = "HTTPSPort")]
    pub https_port: i64,
    /// Protocols that CloudFront may use for HTTPS.
    pub origin_ssl_protocols: Option<Counted<String>>,
}

impl VpcOriginEndpointConfig {
    /// Refuses what cannot be a VPC origin of an account.
    ///
    /// # Errors
    /// `InvalidArgument` and `InconsistentQuantities`.
    pub fn check(&self, account: AccountId) -> Result<(), ServiceError> {
        if ![self.http_port, self.https_port].into_iter().all(is_port) {
            return Err(refusal("The parameter origin port is not within allowed range."));
        }
        check_name(&self.name)?;
        if let Some(protocols) = &self.origin_ssl_protocols {
            check_protocols(protocols)?;
        }
        let Some(endpoint) = OwnedArn::parse(&self.arn).filter(is_endpoint) else {
            return Err(refusal("The parameter VpcOriginEndpointConfig Arn Invalid Format."));
        };
        if endpoint.account != account.to_string() {
            let text = "The parameter VpcOriginEndpointConfig Arn contains a mismatched AWS account.";
            return Err(refusal(text));
        }
        Ok(())
    }
}

/// Adds what the service adds to a configuration, and shows each protocol once. A list whose quantity is wrong stays as it
/// is, to be refused.
pub fn complete(config: &mut Map<String, Value>) {
    let protocols = config
        .entry("OriginSslProtocols")
        .or_insert_with(|| json!({ "Quantity": DEFAULT_PROTOCOLS.len(), "Items": DEFAULT_PROTOCOLS }));
    let counted = Counted::<String>::deserialize(&*protocols).ok();
    if let Some(sent) = counted.filter(|sent| sent.check().is_ok() && !sent.items.is_empty()) {
        let known = |protocol: &&str| sent.items.iter().any(|sent| sent == protocol);
        let kept: Vec<_> = PROTOCOLS.into_iter().filter(known).collect();
        *protocols = json!({ "Quantity": kept.len(), "Items": kept });
    }
    config.entry("IpAddressType").or_insert_with(|| json!("ipv4"));
}

/// Refuses an id that no VPC origin can have. The service takes any prefix of small letters.
///
/// # Errors
/// `InvalidArgument`.
pub fn check_id(id: &str) -> Result<(), ServiceError> {
    let has_form = id.split_once('_').is_some_and(|(prefix, letters)| {
        !prefix.is_empty()
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
            && letters.len() == ID_LETTERS
            && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if has_form { Ok(()) } else { Err(refusal("Id format is invalid")) }
}

const fn refusal(text: &'static str) -> ServiceError {
    ServiceError::new(Code::InvalidArgument, text)
}

fn check_name(text: &str) -> Result<(), ServiceError> {
    if text.is_empty() {
        return Err(refusal("The parameter VPC Origin Name is too small or empty."));
    }
    name::check_length("VPC Origin Name", text, 1..=MAX_NAME)?;
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Ok(());
    }
    Err(refusal(
        "The parameter Name contains characters other than alphanumericals, dashes, and underscores.",
    ))
}

fn check_protocols(protocols: &Counted<String>) -> Result<(), ServiceError> {
    let (quantity, supplied) = (protocols.quantity, protocols.items.len());
    if protocols.check().is_err() {
        let text = format!(
            "The specified quantity of OriginSslProtocols ({quantity}) does not match the actual quantity supplied \
             ({supplied})."
        );
        return Err(ServiceError::with(Code::InconsistentQuantities, text));
    }
    if supplied > 0 {
        return Ok(());
    }
    Err(refusal(
        "The parameter OriginSslProtocols is not valid! Should be one or more from SSLv3, TLSv1, TLSv1.1, and TLSv1.2.",
    ))
}

/// Whether an ARN is one of an Application or Network Load Balancer, or of an instance, somewhere in AWS's commercial
/// regions.
fn is_endpoint(arn: &OwnedArn<'_>) -> bool {
    let is_part = |part: Option<&str>| part.is_some_and(|part| !part.is_empty());
    let mut parts = arn.resource.split('/');
    let of_kind = match (arn.service, parts.next()) {
        ("elasticloadbalancing", Some("loadbalancer")) => {
            matches!(parts.next(), Some("app" | "net")) && is_part(parts.next()) && is_part(parts.next())
        }
        ("ec2", Some("instance")) => {
            let id = parts.next().and_then(|id| id.strip_prefix("i-"));
            is_part(id) && id.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        }
        _ => false,
    };
    arn.partition == "aws" && arn.is_in_a_region() && of_kind && parts.next().is_none()
}

/// Whether an origin may be reached at a port (AWS: Origin settings).
fn is_port(port: i64) -> bool {
    matches!(port, 80 | 443 | 1024..=65_535)
}

#[cfg(test)]
mod tests;
