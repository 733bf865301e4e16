//! GetManagedCertificateDetails: what has become of the certificate that a tenant asked for.

use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;
use serde_json::{Value, json};

use crate::configuration::{NOT_FOUND, Named};
use crate::context::{Caller, Context};
use crate::control::distribution_tenant::{Certificate, DistributionTenant};
use crate::operation::{Members, Operation};

pub(super) struct GetManagedCertificateDetails;

impl Operation for GetManagedCertificateDetails {
    const NAME: &'static str = "GetManagedCertificateDetails";
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
        _input: Members,
    ) -> Result<Value, ServiceError> {
        let record = resources::find(&*cx.engine, tenant.named()).await?.ok_or(NOT_FOUND)?;
        let certificate = Certificate::of(&record)?.ok_or(NOT_FOUND)?;
        let details = certificate.details(tenant.named().account, &record, cx.now_ms());
        Ok(json!({ "ManagedCertificateDetails": details }))
    }
}
