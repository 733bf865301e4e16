//! Distributions as a resource that is a configuration document.

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution::{self, DistributionConfig};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use serde_json::json;
use uuid::Uuid;

use super::{document, refusals, related, stored, summary};
use crate::configuration::{self, Layout, Names, Refusals, Resource, States, Summary, Target, Time};
use crate::context::Context;
use crate::control::connection_group;
use crate::operation::{Members, text};

/// A distribution.
pub(in crate::control) struct Distribution;

impl Resource for Distribution {
    const KIND: ResourceKind = ResourceKind::DISTRIBUTION;
    const NAMES: Names = Names {
        create: "CreateDistribution",
        create_with_tags: Some(("CreateDistributionWithTags", "DistributionConfigWithTags")),
        get: "GetDistribution",
        get_config: Some("GetDistributionConfig"),
        update: "UpdateDistribution",
        delete: "DeleteDistribution",
        list: "ListDistributions",
        document: "Distribution",
        config: Some("DistributionConfig"),
        page: "DistributionList",
        path: "distribution",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Own(summary::summary) };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const STATES: Option<States> = Some(States {
        changing: "InProgress",
        settled: document::DEPLOYED,
        lasts: |settling| settling.distribution,
    });
    const REFUSALS: Refusals = Refusals {
        absent: refusals::NO_SUCH_DISTRIBUTION,
        name_taken: None,
        caller_reference_used: Some(ServiceError::new(
            Code::DistributionAlreadyExists,
            "The caller reference that you are using to create a distribution is associated with another \
             distribution.",
        )),
        too_many: refusals::TOO_MANY,
        in_use: ServiceError::new(Code::ResourceInUse, "Cannot delete this resource because it is in use."),
    };
    const TARGETS: &'static [Target] = refusals::TARGETS;
    const RULES: &'static [Code] = distribution::CHECK_CODES;
    const STORED_RULES: &'static [Code] = stored::CODES;
    const CREATE_RULES: &'static [Code] = &[Code::InvalidProtocolSettings];
    const CHANGE_RULES: &'static [Code] =
        &[Code::IllegalUpdate, Code::InvalidMinimumProtocolVersion, Code::StagingDistributionInUse];
    const DELETE_RULES: &'static [Code] = &[Code::DistributionNotDisabled];
    type Config = DistributionConfig;

    /// One operation alone declares that a VPC origin has as many distributions as it may have.
    fn declares(operation: &str, code: Code) -> bool {
        code != Code::EntityLimitExceeded || operation == Self::NAMES.create
    }

    fn id(random: Uuid) -> String {
        id::numbered('E', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.distributions_per_account
    }

    fn check_sent(sent: &Members) -> Result<(), ServiceError> {
        distribution::check_sent(sent)
    }

    fn check_sent_change(sent: &Members) -> Result<(), ServiceError> {
        distribution::check_required_on_update(sent)
    }

    fn complete(config: &mut Members) {
        distribution::complete(config);
    }

    fn check(_config: &DistributionConfig, _quotas: &Quotas) -> Result<(), ServiceError> {
        Ok(())
    }

    fn check_here(config: &DistributionConfig, cx: &Context) -> Result<(), ServiceError> {
        let rules = cx.rules();
        config.check_members(&rules.quotas, &rules.s3_hosts)
    }

    fn check_new(config: &DistributionConfig) -> Result<(), ServiceError> {
        config.check_create()
    }

    fn check_change(before: &DistributionConfig, after: &DistributionConfig) -> Result<(), ServiceError> {
        before.check_change(after)
    }

    async fn check_changed(
        tx: &Transaction<'_>,
        arn: &Arn,
        before: &Members,
        after: &Members,
    ) -> Result<(), ServiceError> {
        if stored::has_enabled_policy(tx, arn, before).await? {
            distribution::check_change_beside_policy(before, after)?;
        }
        Ok(())
    }

    async fn check_stored(
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: Option<&ResourceRecord>,
        config: &DistributionConfig,
    ) -> Result<(), ServiceError> {
        stored::check(tx, cx, arn, held, config).await
    }

    fn check_delete(config: &DistributionConfig) -> Result<(), ServiceError> {
        if config.enabled { Err(refusals::NOT_DISABLED) } else { Ok(()) }
    }

    async fn check_delete_stored(
        _tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        let state = document::status(held, configuration::moment(cx, arn));
        if state != document::DEPLOYED {
            return Err(refusals::NOT_DISABLED);
        }
        if stored::is_staging_in_use(held) { Err(distribution::STAGING_IN_USE) } else { Ok(()) }
    }

    fn caller_reference(config: &DistributionConfig) -> Option<&str> {
        Some(&config.caller_reference)
    }

    fn caller_reference_used(refusal: ServiceError, earlier: &Arn) -> ServiceError {
        let text = format!("{} Already exists: {}", refusal.message(), earlier.id());
        ServiceError::with(refusal.code(), text)
    }

    fn references(config: &DistributionConfig) -> BTreeSet<(ResourceKind, &str)> {
        config.references()
    }

    fn generated(_config: &DistributionConfig, random: &mut dyn FnMut() -> Uuid) -> Members {
        let domain_name = format!("{}.cloudfront.net", id::numbered('d', random()).to_ascii_lowercase());
        Members::from_iter([("DomainName".to_owned(), json!(domain_name))])
    }

    fn domain_names(config: &DistributionConfig, generated: &Members) -> BTreeSet<String> {
        let own = text(generated, "DomainName").to_owned();
        config.aliases().map(str::to_owned).chain([own]).collect()
    }

    /// A quota may count it. With the first multi-tenant distribution an account gets a connection group for its tenants.
    async fn created(
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        record: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        stored::count_in_parts(tx, cx, arn.account, record).await?;
        if document::is_multi_tenant(record) {
            connection_group::ensure_default(tx, cx, arn.account).await?;
        }
        Ok(())
    }

    async fn before_deletion(
        tx: &Transaction<'_>,
        _cx: &Context,
        arn: &Arn,
        held: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        stored::leave_parts(tx, arn.account, held).await
    }

    async fn related(cx: &Context, arn: &Arn, record: &ResourceRecord) -> Result<Members, ServiceError> {
        related::related(cx, arn, record).await
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        document::computed(account, record)
    }
}
