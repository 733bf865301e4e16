//! UpdateDomainAssociation: moves a domain from the distribution or the tenant that has it to another one.
//!
//! The one that has it must be disabled, whichever account it is of; a distribution that gets it needs a certificate.
//! Both are changed, in one transaction.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution_tenant::check_domain;
use keyfront_domain::etag;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::{self, Content};
use keyfront_store::{Transaction, domain_names, transact};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::resource::DomainResource;
use crate::configuration::{self, NOT_FOUND};
use crate::context::{Caller, Context};
use crate::control::distribution_tenant::DistributionTenant;
use crate::control::if_match;
use crate::operation::{Members, Operation};

pub(super) struct UpdateDomainAssociation;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    domain: String,
    if_match: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    domain: String,
    resource_id: String,
    #[serde(rename = "ETag")]
    etag: String,
}

/// As `AssociateAlias` words it.
const SOURCE_ENABLED: ServiceError = ServiceError::new(
    Code::IllegalUpdate,
    "Alias move is not allowed since the source distribution is enabled",
);

impl Operation for UpdateDomainAssociation {
    const NAME: &'static str = "UpdateDomainAssociation";
    type Subject = DomainResource;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), SOURCE_ENABLED.code(), Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        target: DomainResource,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let if_match = if_match::given(input.if_match.as_deref())?;
        let (target, domain) = (&target.named()?, &input.domain);
        let moved = transact(&*cx.engine, |tx| async move {
            let held = resources::get(&tx, target).await?.ok_or(NOT_FOUND)?;
            if etag::control_plane(held.version) != if_match {
                return Err(if_match::stale());
            }
            move_domain(&tx, cx, domain, (target, held)).await
        });
        let record = moved.await?;
        let etag = etag::control_plane(record.version);
        Ok(Output { domain: input.domain.clone(), resource_id: record.id, etag })
    }
}

/// Moves a domain, and gives the resource that has it then.
async fn move_domain(
    tx: &Transaction<'_>,
    cx: &Context,
    domain: &str,
    (target, held): (&Arn, ResourceRecord),
) -> Result<ResourceRecord, ServiceError> {
    check_domain(domain)?;
    let source = domain_names::owner(tx, domain).await?.ok_or(NOT_FOUND)?;
    if source == *target {
        return Ok(held);
    }
    let before = resources::get(tx, &source).await?.ok_or(NOT_FOUND)?;
    if before.config.get("Enabled").and_then(Value::as_bool) == Some(true) {
        return Err(SOURCE_ENABLED);
    }
    if target.kind() == ResourceKind::DISTRIBUTION && !has_certificate(&held.config) {
        return Err(ServiceError::invalid("Domain"));
    }
    store(tx, cx, &source, before, Change::Remove(domain)).await?;
    store(tx, cx, target, held, Change::Add(domain)).await
}

/// What happens to the domains of a resource.
#[derive(Clone, Copy)]
enum Change<'d> {
    Add(&'d str),
    Remove(&'d str),
}

/// Stores a resource with other domains. Its rules are not asked: one whose last domain moves has none.
async fn store(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    record: ResourceRecord,
    change: Change<'_>,
) -> Result<ResourceRecord, ServiceError> {
    let (mut names, mut domain_names) = (domains(&record.config), record.domain_names);
    match change {
        Change::Add(domain) => {
            names.push(domain.to_owned());
            domain_names.insert(domain.to_owned());
        }
        Change::Remove(domain) => {
            names.retain(|name| name != domain);
            domain_names.remove(domain);
        }
    }
    let mut config = record.config;
    match arn.kind() {
        ResourceKind::DISTRIBUTION_TENANT => {
            let domains: Vec<_> = names.iter().map(|name| json!({ "Domain": name })).collect();
            config.insert("Domains".to_owned(), domains.into());
        }
        _distribution => {
            let items = (!names.is_empty()).then(|| ("Items".to_owned(), json!(names)));
            let aliases = [("Quantity".to_owned(), json!(names.len()))].into_iter().chain(items).collect();
            config.insert("Aliases".to_owned(), Value::Object(aliases));
        }
    }
    let settling = match arn.kind() {
        ResourceKind::DISTRIBUTION_TENANT => cx.settling.distribution_tenant,
        _distribution => cx.settling.distribution,
    };
    let content = Content {
        name: record.name,
        caller_reference: record.caller_reference,
        config,
        shown: record.shown,
        state: Some(configuration::changing("InProgress", "Deployed", cx.now_ms(), settling)),
        references: record.references,
        domain_names,
        ..Content::default()
    };
    let stored = resources::update(tx, arn, None, &content, cx.now_ms()).await;
    stored.map_err(configuration::aborted::<DistributionTenant>)
}

/// The domains of a tenant, or the aliases of a distribution.
fn domains(config: &Members) -> Vec<String> {
    let aliases = config.get("Aliases").and_then(|aliases| aliases.get("Items"));
    let items = config.get("Domains").or(aliases).and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| item.as_str().or_else(|| item.get("Domain")?.as_str()))
        .map(str::to_owned)
        .collect()
}

/// Whether a distribution's configuration names a certificate for its aliases.
fn has_certificate(config: &Members) -> bool {
    let certificate = config.get("ViewerCertificate").and_then(Value::as_object);
    let names = |certificate: &Members| {
        ["ACMCertificateArn", "IAMCertificateId"].iter().any(|member| certificate.contains_key(*member))
    };
    certificate.is_some_and(names)
}
