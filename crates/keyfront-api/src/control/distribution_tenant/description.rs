//! Distribution tenants: domains and settings of their own on a multi-tenant distribution.

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution_tenant::{self, DistributionTenantConfig, Template};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::{self, Content};
use serde_json::{Value, json};
use uuid::Uuid;

use super::certificate::{self, Certificate};
use crate::configuration::{
    Filter, KnownAs, Layout, NOT_DISABLED, NOT_FOUND, Names, PageForm, Refusals, Resource, States, Summary,
    Target, Time, entity, moment, settled,
};
use crate::context::Context;
use crate::control::connection_group;
use crate::operation::{Members, text};

/// A distribution tenant.
pub(in crate::control) struct DistributionTenant;

impl Resource for DistributionTenant {
    const KIND: ResourceKind = ResourceKind::DISTRIBUTION_TENANT;
    const NAMES: Names = Names {
        create: "CreateDistributionTenant",
        create_with_tags: None,
        get: "GetDistributionTenant",
        get_config: None,
        update: "UpdateDistributionTenant",
        delete: "DeleteDistributionTenant",
        list: "ListDistributionTenants",
        document: "DistributionTenant",
        config: None,
        page: "DistributionTenantList",
        path: "distribution-tenant",
    };
    const LAYOUT: Layout = Layout { times: &[Time::Created, Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    // Nothing refers to a tenant.
    const REFUSALS: Refusals = entity::refusals(NOT_DISABLED, false);
    const UPDATES_IN_PART: bool = true;
    const TARGETS: &'static [Target] = &[
        entity::target(ResourceKind::CONNECTION_GROUP),
        entity::target_if(ResourceKind::DISTRIBUTION, |distribution| Template::of(distribution)?.check()),
    ];
    const BAD_TAGS: Code = Code::InvalidTagging;
    const STATES: Option<States> = Some(States {
        changing: "InProgress",
        settled: "Deployed",
        lasts: |settling| settling.distribution_tenant,
    });
    const RULES: &'static [Code] =
        &[Code::CNAMEAlreadyExists, Code::EntityLimitExceeded, Code::InvalidAssociation];
    const KNOWN_AS: KnownAs = KnownAs::IdArnOrName;
    const GET_BY_DOMAIN_NAME: Option<(&'static str, &'static str)> =
        Some(("GetDistributionTenantByDomain", "Domain"));
    const PAGE_FORM: PageForm = PageForm::Bare;
    type Config = DistributionTenantConfig;

    /// The distribution that it is of.
    fn parent(account: AccountId, input: &Members) -> Option<Arn> {
        Some(Arn::new(account, ResourceKind::DISTRIBUTION, text(input, "DistributionId")))
    }

    fn id_at(random: Uuid, now_ms: i64) -> String {
        id::ksuid("dt_", random, now_ms)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.distribution_tenants_per_account
    }

    fn complete(config: &mut Members) {
        distribution_tenant::complete(config);
    }

    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), ServiceError> {
        config.check(quotas)
    }

    /// Refuses a tenant without what its distribution asks for, or with a certificate that is not there.
    async fn check_stored(
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: Option<&ResourceRecord>,
        config: &Self::Config,
    ) -> Result<(), ServiceError> {
        let distribution = Arn::new(arn.account, ResourceKind::DISTRIBUTION, config.distribution_id.as_str());
        let distribution = resources::get(tx, &distribution).await?.ok_or(NOT_FOUND)?;
        Template::of(&distribution.config)?.check_parameters(&config.parameters)?;
        certificate::check(cx, arn.account, held, config)
    }

    /// A tenant that names no connection group is in the account's default one; one that asks for a certificate has it
    /// from now on.
    async fn supplement(
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: Option<&ResourceRecord>,
        config: &Self::Config,
        content: &mut Content,
    ) -> Result<(), ServiceError> {
        if config.connection_group_id.is_none() {
            let group = connection_group::ensure_default(tx, cx, arn.account).await?;
            content.config.insert("ConnectionGroupId".to_owned(), group.id().into());
            content.references.insert(group);
        }
        Certificate::request(cx, held, content)
    }

    async fn as_shown(
        cx: &Context,
        account: AccountId,
        record: ResourceRecord,
    ) -> Result<ResourceRecord, ServiceError> {
        certificate::with_coverage(cx, account, record).await
    }

    fn check_delete(config: &Self::Config) -> Result<(), ServiceError> {
        if config.enabled { Err(NOT_DISABLED) } else { Ok(()) }
    }

    async fn check_delete_stored(
        _tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        if settled(held, moment(cx, arn)) { Ok(()) } else { Err(NOT_DISABLED) }
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    fn references(config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        let group = config.connection_group_id.iter().map(|id| (ResourceKind::CONNECTION_GROUP, id.as_str()));
        group.chain([(ResourceKind::DISTRIBUTION, config.distribution_id.as_str())]).collect()
    }

    fn domain_names(config: &Self::Config, _generated: &Members) -> BTreeSet<String> {
        config.domain_names()
    }

    fn filter(input: &Members) -> Result<Filter, ServiceError> {
        let wanted = |member: &'static str| {
            let wanted = input.get("AssociationFilter").and_then(|filter| filter.get(member));
            let wanted = wanted.and_then(Value::as_str).filter(|id| !id.is_empty());
            wanted.map(|wanted| (member, wanted.to_owned()))
        };
        let wanted: Vec<_> = ["DistributionId", "ConnectionGroupId"].into_iter().filter_map(wanted).collect();
        Ok(Box::new(move |record| wanted.iter().all(|(member, id)| text(&record.config, member) == id)))
    }

    /// A domain is active unless its certificate is still to come or does not cover it: one that the service manages
    /// serves once it is named in the customizations.
    fn present(document: &mut Members) {
        let certificate = document.get("Customizations").and_then(|custom| custom.get("Certificate"));
        let waits = document.contains_key("ManagedCertificateRequest") && certificate.is_none();
        let uncovered = certificate::uncovered(document);
        let domains = document.get_mut("Domains").and_then(Value::as_array_mut);
        for domain in domains.into_iter().flatten().filter_map(Value::as_object_mut) {
            let active = !waits && !uncovered.iter().any(|name| name == text(domain, "Domain"));
            let status = if active { "active" } else { "inactive" };
            domain.insert("Status".to_owned(), json!(status));
        }
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        let arn = Arn::new(account, Self::KIND, record.id.as_str()).to_string();
        Members::from_iter([("Arn".to_owned(), arn.into())])
    }
}
