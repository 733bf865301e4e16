//! Aliases that are another distribution's: ListConflictingAliases finds them, AssociateAlias moves one.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution::{Certificate, alias};
use keyfront_error::{Code, ServiceError};
use keyfront_store::{Transaction, domain_names, resources, transact};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Distribution, NO_SUCH_DISTRIBUTION, OfDistribution};
use crate::configuration;
use crate::context::{Caller, Context};
use crate::control::moved_name::{SOURCE_ENABLED, Source};
use crate::control::page::{self, Page};
use crate::operation::{Members, Operation, Subject, text};

pub(super) struct AssociateAlias;

pub(super) struct ListConflictingAliases;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Move {
    alias: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    alias: String,
    marker: Option<String>,
    max_items: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    conflicting_aliases_list: Page<ConflictingAlias>,
}

/// An alias that overlaps with the one that was asked about. Id and account are hidden in part, so that their owner
/// knows them and others do not.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ConflictingAlias {
    alias: String,
    distribution_id: String,
    account_id: String,
}

/// The distribution that gets an alias, and the one that has it.
pub(super) struct MovedAlias {
    target: Arn,
    source: Source,
}

impl Subject for MovedAlias {
    async fn find(cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let target = OfDistribution::find(cx, account, input).await?.into_arn();
        let source = Source::of(cx, account, &text(input, "Alias").to_ascii_lowercase()).await?;
        Ok(MovedAlias { target, source })
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(self.target.to_string())
    }

    fn also(&self) -> Option<String> {
        self.source.arn()
    }
}

impl Operation for AssociateAlias {
    const NAME: &'static str = "AssociateAlias";
    const SETTLES: bool = true;
    type Subject = MovedAlias;
    type Input = Move;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchDistribution, Code::IllegalUpdate, Code::TooManyDistributionCNAMEs]
    }

    async fn run(cx: &Context, _caller: &Caller, moved: MovedAlias, input: Move) -> Result<(), ServiceError> {
        let MovedAlias { target, source } = &moved;
        let alias = &input.alias.to_ascii_lowercase();
        if !alias::is_alias(alias) {
            return Err(ServiceError::invalid("Alias"));
        }
        let associate = |longer| {
            transact(&*cx.engine, move |tx| async move {
                let held = resources::get(&tx, target).await?.ok_or(NO_SUCH_DISTRIBUTION)?;
                let owner = domain_names::owner(&tx, alias).await?;
                if owner.as_ref() == Some(target) {
                    return Ok(());
                }
                let config = configuration::view::<Distribution>(&held.config)?;
                if config.certificate() == Certificate::Default {
                    return Err(ServiceError::new(
                        Code::InvalidArgument,
                        "The target distribution must have a certificate that covers the alias.",
                    ));
                }
                if let Some(owner) = owner {
                    source.check(target, &owner)?;
                    release(&tx, cx, &owner, target.account, alias).await?;
                }
                let add =
                    |config: &mut Members| change_aliases(config, |aliases| aliases.push(alias.clone()));
                configuration::edit::<Distribution>(&tx, cx, target, &held, longer, add).await.map(drop)
            })
        };
        configuration::settling(cx, Self::NAME, target, associate).await.map_err(not_moved)
    }
}

/// Why an alias is not moved. The model has no refusal of a certificate or of a name that another account has.
fn not_moved(error: ServiceError) -> ServiceError {
    if error.code() == Code::CNAMEAlreadyExists {
        return ServiceError::with(Code::IllegalUpdate, error.message().to_owned());
    }
    configuration::in_terms_of(&AssociateAlias::errors(), error)
}

/// Takes an alias from the distribution that has it.
async fn release(
    tx: &Transaction<'_>,
    cx: &Context,
    source: &Arn,
    mover: AccountId,
    alias: &str,
) -> Result<(), ServiceError> {
    let held = resources::get(tx, source).await?.filter(|_| source.kind() == ResourceKind::DISTRIBUTION);
    let Some(held) = held else {
        return Err(ServiceError::new(
            Code::IllegalUpdate,
            "The alias is associated with a resource that is not a distribution.",
        ));
    };
    if source.account != mover && configuration::is_enabled(&held) {
        return Err(SOURCE_ENABLED);
    }
    let remove =
        |config: &mut Members| change_aliases(config, |aliases| aliases.retain(|held| held != alias));
    configuration::take_away::<Distribution>(tx, cx, source, &held, remove).await
}

/// Changes the aliases of a configuration.
pub(in crate::control) fn change_aliases(config: &mut Members, change: impl FnOnce(&mut Vec<String>)) {
    let held = config.get("Aliases").and_then(|aliases| aliases.get("Items")).and_then(Value::as_array);
    let names = held.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned));
    let mut aliases = names.collect();
    change(&mut aliases);
    // A list without items has none to show, as everywhere in distributions.
    let items = (!aliases.is_empty()).then(|| ("Items".to_owned(), json!(aliases)));
    let aliases = [("Quantity".to_owned(), json!(aliases.len()))].into_iter().chain(items).collect();
    config.insert("Aliases".to_owned(), Value::Object(aliases));
}

impl Operation for ListConflictingAliases {
    const NAME: &'static str = "ListConflictingAliases";
    type Subject = OfDistribution;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchDistribution]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        distribution: OfDistribution,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let max_items = page::max_items_in(input.max_items.as_ref())?;
        let marker = input.marker.unwrap_or_default();
        let distribution = &distribution.into_arn();
        let alias = &input.alias.to_ascii_lowercase();
        page::check_name_marker(&marker, alias)?;
        let mut found = transact(&*cx.engine, |tx| async move {
            resources::get(&tx, distribution).await?.ok_or(NO_SUCH_DISTRIBUTION)?;
            Ok::<_, ServiceError>(domain_names::overlapping(&tx, alias).await?)
        })
        .await?;
        found.retain(|(name, owner)| owner.kind() == ResourceKind::DISTRIBUTION && *name > marker);
        found.sort();
        let more = found.len() > max_items;
        found.truncate(max_items);
        let next_marker = found.last().filter(|_| more).map(|(name, _)| name.clone());
        let items = found.into_iter().map(|(alias, owner)| ConflictingAlias {
            alias,
            distribution_id: half_hidden(owner.id()),
            account_id: half_hidden(&owner.account.to_string()),
        });
        let page = Page::new(Some(marker), max_items, items.collect(), next_marker);
        Ok(Output { conflicting_aliases_list: page })
    }
}

/// The text with stars for its first half.
pub(in crate::control) fn half_hidden(text: &str) -> String {
    let hidden = text.chars().count() / 2;
    text.chars().enumerate().map(|(place, letter)| if place < hidden { '*' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As in the guide, where an id of 14 characters shows its last 7 and an account its last 6.
    #[test]
    fn the_first_half_is_hidden() {
        assert_eq!(half_hidden("EDFDVBD6EXAMPLE"), "*******6EXAMPLE");
        assert_eq!(half_hidden("111122223333"), "******223333");
    }
}
