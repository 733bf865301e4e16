//! UpdateDomainAssociation: moves a domain from the distribution or the tenant that has it to another one.
//!
//! The one that has it must be disabled, whichever account it is of; a distribution that gets it needs a certificate that
//! covers it. Both are changed, in one transaction.

use std::borrow::Cow;
use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution_tenant::check_domain;
use keyfront_domain::etag;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::{Transaction, domain_names, resources, transact};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::resource::DomainResource;
use crate::configuration::{self, NOT_FOUND};
use crate::context::{Caller, Context};
use crate::control::distribution::{Distribution, change_aliases};
use crate::control::distribution_tenant::DistributionTenant;
use crate::control::if_match;
use crate::control::moved_name::{SOURCE_ENABLED, Source};
use crate::operation::{Members, Operation, Subject, text};

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

/// The distribution or the tenant that gets a domain, and the one that has it.
pub(super) struct MovedDomain {
    target: DomainResource,
    source: Source,
}

impl Subject for MovedDomain {
    async fn find(cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let target = DomainResource::find(cx, account, input).await?;
        Ok(MovedDomain { target, source: Source::of(cx, account, text(input, "Domain")).await? })
    }

    fn arn(&self) -> Cow<'_, str> {
        self.target.arn()
    }

    fn also(&self) -> Option<String> {
        self.source.arn()
    }
}

impl Operation for UpdateDomainAssociation {
    const NAME: &'static str = "UpdateDomainAssociation";
    const SETTLES: bool = true;
    type Subject = MovedDomain;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::IllegalUpdate, Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        MovedDomain { target, source }: MovedDomain,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let (target, source, domain) = (&target.named()?, &source, &input.domain);
        let held = async { resources::find(&*cx.engine, target).await?.ok_or(NOT_FOUND) };
        let if_match = if_match::of(input.if_match.as_deref(), held).await?;
        let associate = |longer| {
            transact(&*cx.engine, move |tx| async move {
                let held = resources::get(&tx, target).await?.ok_or(NOT_FOUND)?;
                configuration::check_etag(&held, if_match)?;
                check_domain(domain)?;
                let owner = domain_names::owner(&tx, domain).await?.ok_or(NOT_FOUND)?;
                if owner == *target {
                    return Ok(held);
                }
                source.check(target, &owner)?;
                release(&tx, cx, &owner, domain).await?;
                add(&tx, cx, (target, &held), domain, longer).await
            })
        };
        let moved = configuration::settling(cx, Self::NAME, target, associate).await.map_err(not_moved)?;
        let etag = etag::control_plane(moved.version);
        Ok(Output { domain: input.domain, resource_id: moved.id, etag })
    }
}

/// Why a domain is not moved. The model has no refusal of a certificate, or of a name that another account has.
fn not_moved(error: ServiceError) -> ServiceError {
    if error.code() == Code::CNAMEAlreadyExists {
        return ServiceError::with(Code::IllegalUpdate, error.message().to_owned());
    }
    configuration::in_terms_of(&UpdateDomainAssociation::errors(), error)
}

/// Takes a domain from the resource that has it.
async fn release(tx: &Transaction<'_>, cx: &Context, owner: &Arn, domain: &str) -> Result<(), ServiceError> {
    let held = resources::get(tx, owner).await?.ok_or(NOT_FOUND)?;
    if configuration::is_enabled(&held) {
        return Err(SOURCE_ENABLED);
    }
    match owner.kind() {
        ResourceKind::DISTRIBUTION_TENANT => {
            let remove = |config: &mut Members| {
                change_domains(config, |domains| domains.retain(|held| held["Domain"] != domain));
            };
            configuration::take_away::<DistributionTenant>(tx, cx, owner, &held, remove).await
        }
        ResourceKind::DISTRIBUTION => {
            let remove = |config: &mut Members| {
                change_aliases(config, |aliases| aliases.retain(|held| held != domain));
            };
            configuration::take_away::<Distribution>(tx, cx, owner, &held, remove).await
        }
        _other => Err(ServiceError::new(
            Code::IllegalUpdate,
            "The domain is associated with a resource that is neither a distribution nor a distribution tenant.",
        )),
    }
}

/// Gives a domain to a resource, under the rules of its kind: a distribution needs a certificate that covers it.
async fn add(
    tx: &Transaction<'_>,
    cx: &Context,
    (target, held): (&Arn, &ResourceRecord),
    domain: &str,
    longer: Duration,
) -> Result<ResourceRecord, ServiceError> {
    if target.kind() == ResourceKind::DISTRIBUTION {
        let add = |config: &mut Members| change_aliases(config, |aliases| aliases.push(domain.to_owned()));
        return configuration::edit::<Distribution>(tx, cx, target, held, longer, add).await;
    }
    let add = |config: &mut Members| {
        change_domains(config, |domains| domains.push(json!({ "Domain": domain })));
    };
    configuration::edit::<DistributionTenant>(tx, cx, target, held, longer, add).await
}

/// Changes the domains of a tenant's configuration.
fn change_domains(config: &mut Members, change: impl FnOnce(&mut Vec<Value>)) {
    let domains = config.entry("Domains").or_insert_with(|| json!([]));
    if let Some(domains) = domains.as_array_mut() {
        change(domains);
    }
}
