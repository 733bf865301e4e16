//! AssociateDistributionTenantWebACL and DisassociateDistributionTenantWebACL: give a tenant a web ACL of its own, or
//! take it away, so that its distribution's counts again.

use keyfront_domain::arn::Arn;
use keyfront_domain::distribution_tenant::check_web_acl_arn;
use keyfront_domain::etag;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::transact;
use serde_json::{Value, json};

use super::description::DistributionTenant;
use crate::configuration::{self, NOT_FOUND, Named};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, text};

pub(super) struct AssociateDistributionTenantWebACL;

pub(super) struct DisassociateDistributionTenantWebACL;

impl Operation for AssociateDistributionTenantWebACL {
    const NAME: &'static str = "AssociateDistributionTenantWebACL";
    const SETTLES: bool = true;
    type Subject = Named<DistributionTenant>;
    type Input = Members;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        tenant: Named<DistributionTenant>,
        input: Members,
    ) -> Result<Value, ServiceError> {
        let web_acl = text(&input, "WebACLArn");
        let changed = change(cx, Self::NAME, tenant.named(), text(&input, "IfMatch"), Some(web_acl)).await?;
        Ok(json!({ "Id": changed.id, "WebACLArn": web_acl, "ETag": etag::control_plane(changed.version) }))
    }
}

impl Operation for DisassociateDistributionTenantWebACL {
    const NAME: &'static str = "DisassociateDistributionTenantWebACL";
    const SETTLES: bool = true;
    type Subject = Named<DistributionTenant>;
    type Input = Members;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        tenant: Named<DistributionTenant>,
        input: Members,
    ) -> Result<Value, ServiceError> {
        let changed = change(cx, Self::NAME, tenant.named(), text(&input, "IfMatch"), None).await?;
        Ok(json!({ "Id": changed.id, "ETag": etag::control_plane(changed.version) }))
    }
}

/// Sets the web ACL among a tenant's customizations, or removes it.
async fn change(
    cx: &Context,
    operation: &'static str,
    tenant: &Arn,
    if_match: &str,
    web_acl: Option<&str>,
) -> Result<ResourceRecord, ServiceError> {
    let if_match = configuration::expected::<DistributionTenant>(cx, tenant, Some(if_match)).await?;
    let change = |longer| {
        transact(&*cx.engine, move |tx| async move {
            let held = configuration::matching::<DistributionTenant>(&tx, cx, tenant, if_match).await?;
            web_acl.map_or(Ok(()), check_web_acl_arn)?;
            let set = |config: &mut Members| set(config, web_acl);
            configuration::edit::<DistributionTenant>(&tx, cx, tenant, &held, longer, set).await
        })
    };
    configuration::settling(cx, operation, tenant, change).await
}

fn set(config: &mut Members, web_acl: Option<&str>) {
    let customizations = config.entry("Customizations").or_insert_with(|| json!({}));
    let Some(customizations) = customizations.as_object_mut() else { return };
    match web_acl {
        Some(arn) => customizations.insert("WebAcl".to_owned(), json!({ "Action": "override", "Arn": arn })),
        None => customizations.remove("WebAcl"),
    };
    if customizations.is_empty() {
        config.remove("Customizations");
    }
}
