//! VerifyDnsConfiguration: whether the domains of a tenant lead to its connection group.
//!
//! Names are not resolved, so every domain is configured as it should be.

use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;
use serde_json::{Value, json};

use crate::configuration::{NOT_FOUND, Named};
use crate::context::{Caller, Context};
use crate::control::distribution_tenant::DistributionTenant;
use crate::operation::{Members, Operation, text};

pub(super) struct VerifyDnsConfiguration;

impl Operation for VerifyDnsConfiguration {
    const NAME: &'static str = "VerifyDnsConfiguration";
    type Subject = Named<DistributionTenant>;
    type Input = Members;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        tenant: Named<DistributionTenant>,
        input: Members,
    ) -> Result<Value, ServiceError> {
        let record = resources::find(&*cx.engine, tenant.named()).await?.ok_or(NOT_FOUND)?;
        let wanted = text(&input, "Domain");
        let domains = record.config.get("Domains").and_then(Value::as_array).into_iter().flatten();
        let domains = domains.filter_map(|domain| domain.get("Domain").and_then(Value::as_str));
        let asked_for = domains.filter(|domain| wanted.is_empty() || wanted == *domain);
        let configurations: Vec<_> =
            asked_for.map(|domain| json!({ "Domain": domain, "Status": "valid-configuration" })).collect();
        if configurations.is_empty() {
            return Err(ServiceError::invalid("Domain"));
        }
        Ok(json!({ "DnsConfigurationList": configurations }))
    }
}
