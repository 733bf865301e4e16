//! Continuous deployment policies: which requests to a primary distribution a staging distribution answers.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::continuous_deployment_policy::ContinuousDeploymentPolicyConfig;
use keyfront_domain::{Quotas, id, omit_empty_items};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use uuid::Uuid;

use super::staging;
use crate::configuration::{Layout, Names, Refusals, Resource, Summary, Time};
use crate::context::Context;
use crate::operation::Members;

/// A continuous deployment policy.
pub(super) struct ContinuousDeploymentPolicy;

impl Resource for ContinuousDeploymentPolicy {
    const KIND: ResourceKind = ResourceKind::CONTINUOUS_DEPLOYMENT_POLICY;
    const NAMES: Names = Names {
        create: "CreateContinuousDeploymentPolicy",
        create_with_tags: None,
        get: "GetContinuousDeploymentPolicy",
        get_config: Some("GetContinuousDeploymentPolicyConfig"),
        update: "UpdateContinuousDeploymentPolicy",
        delete: "DeleteContinuousDeploymentPolicy",
        list: "ListContinuousDeploymentPolicies",
        document: "ContinuousDeploymentPolicy",
        config: Some("ContinuousDeploymentPolicyConfig"),
        page: "ContinuousDeploymentPolicyList",
        path: "continuous-deployment-policy",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Whole };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(
            Code::NoSuchContinuousDeploymentPolicy,
            "The continuous deployment policy doesn't exist.",
        ),
        name_taken: None,
        caller_reference_used: None,
        too_many: ServiceError::new(
            Code::TooManyContinuousDeploymentPolicies,
            "You have reached the maximum number of continuous deployment policies for this Amazon Web Services \
             account.",
        ),
        in_use: ServiceError::new(
            Code::ContinuousDeploymentPolicyInUse,
            "You cannot delete a continuous deployment policy that is associated with a primary distribution.",
        ),
    };
    const RULES: &'static [Code] = &[Code::InconsistentQuantities, Code::StagingDistributionInUse];
    type Config = ContinuousDeploymentPolicyConfig;

    fn id(random: Uuid) -> String {
        id::uuid(random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.continuous_deployment_policies_per_account
    }

    fn complete(config: &mut Members) {
        omit_empty_items(config);
    }

    fn check(config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    async fn check_stored(
        tx: &Transaction<'_>,
        _cx: &Context,
        arn: &Arn,
        _held: Option<&ResourceRecord>,
        config: &Self::Config,
    ) -> Result<(), ServiceError> {
        staging::check(tx, arn, config).await
    }

    async fn created(
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        record: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        staging::show(tx, cx, arn, record).await
    }

    async fn changed(
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        before: &ResourceRecord,
        after: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        if staging::domain_name(&before.config) != staging::domain_name(&after.config) {
            staging::hide(tx, cx, arn, before).await?;
            staging::show(tx, cx, arn, after).await?;
        }
        Ok(())
    }

    async fn before_deletion(
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        staging::hide(tx, cx, arn, held).await
    }
}
