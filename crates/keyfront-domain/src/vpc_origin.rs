//! VPC origins: load balancers and instances in a private network that distributions can have as origins.

use keyfront_error::ServiceError;
use serde::Deserialize;

use crate::aws_arn::is_arn_of;
use crate::{Counted, name};

/// Most characters of a name (AWS: VpcOriginEndpointConfig of CloudFormation).
const MAX_NAME: usize = 64;

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
    /// Refuses what cannot be a VPC origin.
    ///
    /// # Errors
    /// `InvalidArgument` and `InconsistentQuantities`.
    pub fn check(&self) -> Result<(), ServiceError> {
        name::check_length("VPC Origin Name", &self.name, 1..=MAX_NAME)?;
        if !is_endpoint(&self.arn) {
            return Err(ServiceError::invalid("Arn"));
        }
        for (member, port) in [("HTTPPort", self.http_port), ("HTTPSPort", self.https_port)] {
            if !is_port(port) {
                return Err(ServiceError::invalid(member));
            }
        }
        match &self.origin_ssl_protocols {
            Some(protocols) if protocols.items.is_empty() => {
                Err(ServiceError::required("OriginSslProtocols"))
            }
            Some(protocols) => protocols.check(),
            None => Ok(()),
        }
    }
}

/// Whether an ARN is one of a load balancer or of an instance.
fn is_endpoint(arn: &str) -> bool {
    is_arn_of(arn, "elasticloadbalancing", "loadbalancer/") || is_arn_of(arn, "ec2", "instance/")
}

/// Whether an origin may be reached at a port (AWS: Origin settings).
fn is_port(port: i64) -> bool {
    port == 80 || port == 443 || (1024..=65_535).contains(&port)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const BALANCER: &str =
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188";

    #[test]
    fn a_vpc_origin_has_a_name_an_endpoint_and_ports() {
        let protocols = |quantity: i64, items: &[&str]| json!({ "Quantity": quantity, "Items": items });
        for (member, value, refusal) in [
            ("Name", json!("web, private"), ""),
            ("Name", json!("n".repeat(64)), ""),
            ("Name", json!("n".repeat(65)), "InvalidArgument: The parameter VPC Origin Name is too big."),
            ("Name", json!(""), "InvalidArgument: The parameter VPC Origin Name is required."),
            ("Arn", json!("arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"), ""),
            ("Arn", json!("arn:aws:s3:::bucket"), "InvalidArgument: The parameter Arn is invalid."),
            ("Arn", json!(""), "InvalidArgument: The parameter Arn is invalid."),
            ("HTTPPort", json!(1024), ""),
            ("HTTPPort", json!(81), "InvalidArgument: The parameter HTTPPort is invalid."),
            ("HTTPSPort", json!(65_535), ""),
            ("HTTPSPort", json!(65_536), "InvalidArgument: The parameter HTTPSPort is invalid."),
            ("OriginSslProtocols", Value::Null, ""),
            ("OriginSslProtocols", protocols(2, &["TLSv1.1", "TLSv1.2"]), ""),
            (
                "OriginSslProtocols",
                protocols(0, &[]),
                "InvalidArgument: The parameter OriginSslProtocols is required.",
            ),
            (
                "OriginSslProtocols",
                protocols(2, &["TLSv1.2"]),
                "InconsistentQuantities: The value of Quantity and the size of Items don't match.",
            ),
        ] {
            let mut config = json!({
                "Name": "web", "Arn": BALANCER, "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only",
            });
            config[member] = value;
            let checked = serde_json::from_value::<VpcOriginEndpointConfig>(config.clone()).unwrap().check();
            let refused = checked.err().map(|error| error.to_string()).unwrap_or_default();
            assert_eq!(refused, refusal, "{config}");
        }
    }
}
