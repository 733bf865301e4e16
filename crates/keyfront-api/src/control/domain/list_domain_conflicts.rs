//! ListDomainConflicts: who else answers for a domain, for wildcards that cover it and for what it covers. Of those of
//! other resources, of any account, ids and accounts are shown in half.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution_tenant::check_domain;
use keyfront_error::{Code, ServiceError};
use keyfront_store::{domain_names, resources, transact};
use serde::{Deserialize, Serialize};

use super::resource::DomainResource;
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::control::distribution::half_hidden;
use crate::control::page;
use crate::operation::Operation;

pub(super) struct ListDomainConflicts;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    domain: String,
    max_items: Option<i64>,
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    domain_conflicts: Vec<DomainConflict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DomainConflict {
    domain: String,
    resource_type: &'static str,
    resource_id: String,
    account_id: String,
}

impl Operation for ListDomainConflicts {
    const NAME: &'static str = "ListDomainConflicts";
    type Subject = DomainResource;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        resource: DomainResource,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let Input { domain, max_items, marker } = &input;
        let max_items = page::max_items(max_items.map(|number| number.to_string()).as_deref())?;
        let own = &resource.named()?;
        check_domain(domain)?;
        let after = marker.as_deref().unwrap_or_default();
        page::check_name_marker(after, domain)?;
        let mut overlapping = transact(&*cx.engine, |tx| async move {
            resources::get(&tx, own).await?.ok_or(NOT_FOUND)?;
            Ok::<_, ServiceError>(domain_names::overlapping(&tx, domain).await?)
        })
        .await?;
        // A domain has one owner, so it is the place in the list.
        overlapping.retain(|(name, owner)| is_listed(owner) && owner != own && name.as_str() > after);
        overlapping.sort();
        let more = overlapping.len() > max_items;
        overlapping.truncate(max_items);
        let next_marker = overlapping.last().filter(|_| more).map(|(name, _)| name.clone());
        let domain_conflicts = overlapping.into_iter().map(DomainConflict::from).collect();
        Ok(Output { domain_conflicts, next_marker })
    }
}

/// The names that the service gave are of other kinds of resources.
fn is_listed(owner: &Arn) -> bool {
    [ResourceKind::DISTRIBUTION, ResourceKind::DISTRIBUTION_TENANT].contains(&owner.kind())
}

impl From<(String, Arn)> for DomainConflict {
    fn from((domain, owner): (String, Arn)) -> DomainConflict {
        DomainConflict {
            domain,
            resource_type: owner.kind().as_str(),
            resource_id: half_hidden(owner.id()),
            account_id: half_hidden(&owner.account.to_string()),
        }
    }
}
