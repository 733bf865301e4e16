//! The staging distribution of a policy, which is known by its domain name and shows the id of the policy in its own
//! configuration as long as the policy names it.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::continuous_deployment_policy::ContinuousDeploymentPolicyConfig;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::{self, Content};
use keyfront_store::{Abort, Transaction, domain_names};
use serde_json::Value;

use crate::context::Context;
use crate::operation::{Members, text};

/// The member of a distribution's configuration that holds the id of a policy.
const POLICY_ID: &str = "ContinuousDeploymentPolicyId";

const IN_USE: ServiceError = ServiceError::new(
    Code::StagingDistributionInUse,
    "A continuous deployment policy for this staging distribution already exists.",
);

/// Refuses a policy whose domain name is not that of a staging distribution, or of one that has a policy already.
pub(super) async fn check(
    tx: &Transaction<'_>,
    policy: &Arn,
    config: &ContinuousDeploymentPolicyConfig,
) -> Result<(), ServiceError> {
    let name = config.staging_domain_name().unwrap_or_default();
    let found = find(tx, policy, name).await?;
    let (_, staging) = found.ok_or_else(|| ServiceError::invalid("StagingDistributionDnsNames"))?;
    let holder = text(&staging.config, POLICY_ID);
    if holder.is_empty() || holder == policy.id() { Ok(()) } else { Err(IN_USE) }
}

/// The domain name in a policy's configuration.
pub(super) fn domain_name(config: &Members) -> &str {
    let names = config.get("StagingDistributionDnsNames");
    let first = names.and_then(|names| names.get("Items")?.get(0)?.as_str());
    first.unwrap_or_default()
}

/// Lets the staging distribution of a policy show its id.
pub(super) async fn show(
    tx: &Transaction<'_>,
    cx: &Context,
    policy: &Arn,
    record: &ResourceRecord,
) -> Result<(), ServiceError> {
    match find(tx, policy, domain_name(&record.config)).await? {
        Some((arn, staging)) => set(tx, cx, &arn, &staging, policy.id()).await,
        None => Ok(()),
    }
}

/// Lets the staging distribution of a policy show none.
pub(super) async fn hide(
    tx: &Transaction<'_>,
    cx: &Context,
    policy: &Arn,
    record: &ResourceRecord,
) -> Result<(), ServiceError> {
    match find(tx, policy, domain_name(&record.config)).await? {
        Some((arn, staging)) if text(&staging.config, POLICY_ID) == policy.id() => {
            set(tx, cx, &arn, &staging, "").await
        }
        Some(_) | None => Ok(()),
    }
}

/// The staging distribution with a domain name, in the account of the policy.
async fn find(
    tx: &Transaction<'_>,
    policy: &Arn,
    name: &str,
) -> Result<Option<(Arn, ResourceRecord)>, ServiceError> {
    let owner = domain_names::owner(tx, &name.to_ascii_lowercase()).await?;
    let own = |owner: &Arn| owner.account == policy.account && owner.kind() == ResourceKind::DISTRIBUTION;
    let Some(arn) = owner.filter(own) else { return Ok(None) };
    let record = resources::get(tx, &arn).await?;
    let is_staging =
        |record: &ResourceRecord| record.config.get("Staging").and_then(Value::as_bool) == Some(true);
    Ok(record.filter(is_staging).map(|record| (arn, record)))
}

/// Writes the id of a policy into a staging distribution. That is a new version of it, for its configuration is another.
/// It does not count as a use of the policy: what uses a policy is its primary distribution.
async fn set(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    staging: &ResourceRecord,
    policy_id: &str,
) -> Result<(), ServiceError> {
    let mut content = Content::from(staging);
    content.config.insert(POLICY_ID.to_owned(), policy_id.into());
    content.references.retain(|target| target.kind() != ResourceKind::CONTINUOUS_DEPLOYMENT_POLICY);
    let updated = resources::update(tx, arn, None, &content, cx.now_ms()).await;
    updated.map(drop).map_err(|abort| match abort {
        Abort::Storage(error) => error.into(),
        Abort::Refused(refused) => ServiceError::internal(format!(
            "a staging distribution is not expected to refuse a policy: {refused:?}"
        )),
    })
}
