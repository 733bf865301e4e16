//! ListDistributionTenantsByCustomization: the tenants that have a certain web ACL or certificate of their own.

use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use serde_json::Value;

use super::description::DistributionTenant;
use crate::configuration::{self, Filter};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, WholeAccount, text};

pub(super) struct ListDistributionTenantsByCustomization;

impl Operation for ListDistributionTenantsByCustomization {
    const NAME: &'static str = "ListDistributionTenantsByCustomization";
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        Vec::new()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let filter = by_customization(text(&input, "WebACLArn"), text(&input, "CertificateArn"))?;
        configuration::listed::<DistributionTenant>(cx, caller.account(), &input, filter).await
    }
}

/// The tenants with a web ACL or with a certificate, of which exactly one must be given.
fn by_customization(web_acl: &str, certificate: &str) -> Result<Filter, ServiceError> {
    let (customization, wanted) = match (web_acl, certificate) {
        ("", "") => return Err(ServiceError::required("WebACLArn")),
        (web_acl, "") => ("WebAcl", web_acl.to_owned()),
        ("", certificate) => ("Certificate", certificate.to_owned()),
        (_, _) => return Err(ServiceError::invalid("WebACLArn")),
    };
    Ok(Box::new(move |record: &ResourceRecord| {
        let customizations = record.config.get("Customizations");
        let held = customizations.and_then(|all| all.get(customization)).and_then(|one| one.get("Arn"));
        held.and_then(Value::as_str) == Some(&wanted)
    }))
}
