//! What of a distribution can only be judged beside what the store and the operator hold: the resources that it refers to,
//! how many others use them, and the certificates that are declared.

use keyfront_domain::arn::{Arn, FunctionArn, ResourceKind};
use keyfront_domain::distribution::DistributionConfig;
use keyfront_domain::{AccountId, Quotas};
use keyfront_error::{Code, ServiceError};
use keyfront_store::counts::{self, Part};
use keyfront_store::records::ResourceRecord;
use keyfront_store::{Transaction, references, resources};
use serde_json::Value;

use super::document::{self, is_multi_tenant, is_staging};
use super::refusals;
use crate::configuration;
use crate::context::Context;
use crate::operation::{Members, text};

/// The codes that [`check`] refuses with, beside those of the configuration alone.
pub(super) const CODES: &[Code] = &[
    Code::CNAMEAlreadyExists,
    Code::EntityLimitExceeded,
    Code::InvalidDomainNameForOriginAccessControl,
    Code::TooManyDistributionsAssociatedToCachePolicy,
    Code::TooManyDistributionsAssociatedToFieldLevelEncryptionConfig,
    Code::TooManyDistributionsAssociatedToKeyGroup,
    Code::TooManyDistributionsAssociatedToOriginAccessControl,
    Code::TooManyDistributionsAssociatedToOriginRequestPolicy,
    Code::TooManyDistributionsAssociatedToResponseHeadersPolicy,
    Code::TooManyDistributionsWithSingleFunctionARN,
];

/// Refuses what cannot be beside it. The resources that the distribution refers to are there.
pub(super) async fn check(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    held: Option<&ResourceRecord>,
    config: &DistributionConfig,
) -> Result<(), ServiceError> {
    let own =
        |function: &&str| function.parse::<FunctionArn>().is_ok_and(|named| named.account == arn.account);
    if !config.function_arns().iter().all(own) {
        return Err(refusals::INVALID_FUNCTION_ARN);
    }
    for (kind, id) in config.references() {
        let target = &Arn::new(arn.account, kind, id);
        if kind == ResourceKind::ORIGIN_ACCESS_CONTROL
            && let Some(record) = resources::get(tx, target).await?
        {
            let origin_type = text(&record.config, "OriginAccessControlOriginType");
            config.check_origin_access_control(target.id(), origin_type)?;
        }
        let held_already = held.is_some_and(|held| held.references.contains(target));
        if kind == ResourceKind::TRUST_STORE && !held_already {
            check_trust_store(tx, cx, target).await?;
        }
        // Managed policies are not counted: every distribution of an account may have the same one.
        if let Some((limit, too_many)) = limit(kind, &cx.rules().quotas)
            && !held_already
            && !refusals::is_managed(kind, target.id())
            && references::count_in(tx, target).await? >= limit
        {
            return Err(too_many);
        }
    }
    config.check_aliases_and_quotas(&cx.rules().quotas)?;
    // A certificate that is not declared any more is judged again when it has to cover something else.
    let held = held.map(document::view).transpose()?;
    if held.is_some_and(|held| covers_no_more(&held, config)) {
        return Ok(());
    }
    cx.rules().certificates.check(config)
}

/// Refuses a trust store whose certificates were not read yet, or cannot be used. What a distribution has stays, also
/// when its certificates are read again.
async fn check_trust_store(
    tx: &Transaction<'_>,
    cx: &Context,
    trust_store: &Arn,
) -> Result<(), ServiceError> {
    let state = resources::get(tx, trust_store).await?.and_then(|record| record.state);
    let state = state.as_ref().map(|state| state.at(configuration::moment(cx, trust_store)));
    if state.is_none_or(|state| state == "active") {
        return Ok(());
    }
    Err(ServiceError::argument("TrustStoreId", "The trust store is not active."))
}

/// Whether a distribution keeps its certificate for no other aliases than it has.
fn covers_no_more(held: &DistributionConfig, config: &DistributionConfig) -> bool {
    let kept = held.certificate() == config.certificate();
    kept && config.aliases().all(|alias| held.aliases().any(|known| known == alias))
}

/// The distributions for staging, and those for tenants alone. Neither becomes the other later.
const PARTS: [Part; 2] = [
    Part { kind: ResourceKind::DISTRIBUTION, name: "staging", has: is_staging },
    Part { kind: ResourceKind::DISTRIBUTION, name: "multi-tenant", has: is_multi_tenant },
];

/// Counts a new distribution in its part, and refuses one more than the account may have of it.
pub(super) async fn count_in_parts(
    tx: &Transaction<'_>,
    cx: &Context,
    account: AccountId,
    distribution: &ResourceRecord,
) -> Result<(), ServiceError> {
    let rules = cx.rules();
    let quotas = &rules.quotas;
    let limits = [quotas.staging_distributions_per_account, quotas.multi_tenant_distributions_per_account];
    for (part, limit) in PARTS.into_iter().zip(limits).filter(|(part, _)| (part.has)(distribution)) {
        if counts::add_to_part(tx, account, part).await? > limit {
            return Err(refusals::TOO_MANY);
        }
    }
    Ok(())
}

/// Counts a distribution no more that is about to be deleted.
pub(super) async fn leave_parts(
    tx: &Transaction<'_>,
    account: AccountId,
    distribution: &ResourceRecord,
) -> Result<(), ServiceError> {
    for part in PARTS.into_iter().filter(|part| (part.has)(distribution)) {
        counts::subtract_from_part(tx, account, part).await?;
    }
    Ok(())
}

/// How many distributions can use one resource of a kind, and the refusal of one more.
fn limit(kind: ResourceKind, quotas: &Quotas) -> Option<(u64, ServiceError)> {
    let (limit, code, kind) = match kind {
        ResourceKind::CACHE_POLICY => (
            quotas.distributions_per_cache_policy,
            Code::TooManyDistributionsAssociatedToCachePolicy,
            "cache policy",
        ),
        ResourceKind::FIELD_LEVEL_ENCRYPTION_CONFIG => (
            quotas.distributions_per_field_level_encryption_config,
            Code::TooManyDistributionsAssociatedToFieldLevelEncryptionConfig,
            "configuration for field-level encryption",
        ),
        ResourceKind::FUNCTION => {
            (quotas.distributions_per_function, Code::TooManyDistributionsWithSingleFunctionARN, "function")
        }
        ResourceKind::KEY_GROUP => {
            (quotas.distributions_per_key_group, Code::TooManyDistributionsAssociatedToKeyGroup, "key group")
        }
        ResourceKind::ORIGIN_ACCESS_CONTROL => (
            quotas.distributions_per_origin_access_control,
            Code::TooManyDistributionsAssociatedToOriginAccessControl,
            "origin access control",
        ),
        ResourceKind::ORIGIN_REQUEST_POLICY => (
            quotas.distributions_per_origin_request_policy,
            Code::TooManyDistributionsAssociatedToOriginRequestPolicy,
            "origin request policy",
        ),
        ResourceKind::RESPONSE_HEADERS_POLICY => (
            quotas.distributions_per_response_headers_policy,
            Code::TooManyDistributionsAssociatedToResponseHeadersPolicy,
            "response headers policy",
        ),
        ResourceKind::VPC_ORIGIN => {
            (quotas.distributions_per_vpc_origin, Code::EntityLimitExceeded, "VPC origin")
        }
        _unlimited => return None,
    };
    let text = format!(
        "The maximum number of distributions have been associated with the specified {kind}. For more information, see \
         Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide."
    );
    Some((limit, ServiceError::with(code, text)))
}

/// Whether a distribution has a continuous deployment policy that is enabled.
pub(super) async fn has_enabled_policy(
    tx: &Transaction<'_>,
    arn: &Arn,
    config: &Members,
) -> Result<bool, ServiceError> {
    let id = text(config, "ContinuousDeploymentPolicyId");
    if id.is_empty() {
        return Ok(false);
    }
    let policy = Arn::new(arn.account, ResourceKind::CONTINUOUS_DEPLOYMENT_POLICY, id);
    let policy = resources::get(tx, &policy).await?;
    Ok(policy.is_some_and(|policy| policy.config.get("Enabled").and_then(Value::as_bool) == Some(true)))
}

/// Whether a continuous deployment policy names a staging distribution.
pub(super) fn is_staging_in_use(distribution: &ResourceRecord) -> bool {
    is_staging(distribution) && !text(&distribution.config, "ContinuousDeploymentPolicyId").is_empty()
}
