//! Resources that are a configuration document with an ETag: described once, not copied.
//!
//! Public keys, key groups, origin access controls, cache policies and the like differ in their names, their limits
//! and what their documents may say. Everything else about them is here: reading `If-Match`, the order in which
//! refusals win, ids, ETags, pages, references, managed ones beside custom ones. A resource is an `impl` of
//! [`Resource`] in a folder of its own, which also names its operations; its rules are pure and stand in the domain.

mod attributes;
pub(crate) mod counted;
mod create;
mod delete;
mod description;
mod edit;
pub(crate) mod entity;
mod get;
mod identifier;
mod list;
mod managed;
mod proposal;
mod refused;
mod shown;
mod states;
mod update;

use std::borrow::Cow;
use std::marker::PhantomData;
use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::ServiceError;
use keyfront_store::records::ResourceRecord;
use serde::Deserialize;

pub(crate) use attributes::{
    KnownAs, Layout, NameTaken, Names, PageForm, Refusals, States, Summary, Target, Time,
};
pub(crate) use create::{Create, CreateWithTags, Creation, create};
pub(crate) use delete::Delete;
pub(crate) use description::{Filter, Resource};
pub(crate) use edit::{check_etag, content, edit, matching, take_away};
pub(crate) use entity::{IN_USE, NOT_DISABLED, NOT_FOUND, TAKEN, TOO_MANY};
pub(crate) use get::{Get, GetByDomainName, GetConfig, exists, expected};
pub(crate) use identifier::identified;
pub(crate) use list::{List, listed, page};
pub(crate) use managed::{is_managed, managed_record};
pub(crate) use proposal::aborted;
pub(crate) use refused::in_terms_of;
pub(crate) use shown::written;
pub(crate) use states::{is_enabled, settled};
pub(crate) use update::Update;

use crate::context::Context;
use crate::faults::{Holding, OperationName};
use crate::operation::{Members, Subject, text};

/// The resource that a request names by its id, whether it exists or not.
pub(crate) struct Named<R> {
    arn: Arn,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Named<R> {
    /// Its ARN.
    pub(crate) fn named(&self) -> &Arn {
        &self.arn
    }

    /// The managed resource that has the id, if one has.
    fn managed(&self) -> Option<&'static ResourceRecord> {
        managed::find::<R>(self.arn.id())
    }
}

impl<R: Resource> Subject for Named<R> {
    async fn find(cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        if let KnownAs::Id = R::KNOWN_AS {
            R::check_id(text(input, R::ID_MEMBER))?;
        }
        let arn = match (R::KNOWN_AS, text(input, "Identifier")) {
            (KnownAs::Id, _) | (KnownAs::IdArnOrName, "") => {
                Arn::new(account, R::KIND, text(input, R::ID_MEMBER))
            }
            (KnownAs::IdArnOrName, identifier) => identified(cx, account, R::KIND, identifier).await?,
        };
        Ok(Named { arn, resource: PhantomData })
    }

    fn arn(&self) -> Cow<'_, str> {
        if R::HAS_POLICY_ARN { Cow::Owned(self.arn.to_string()) } else { Cow::Borrowed("*") }
    }
}

/// What a resource meets that an operation is about to create or change.
pub(crate) fn hold<'c>(cx: &'c Context, operation: &'static str, arn: &Arn) -> Holding<'c> {
    cx.faults.hold(OperationName { service: "cloudfront", operation }, arn.clone())
}

/// What was held was created or changed.
pub(crate) fn met(cx: &Context, arn: &Arn, holding: Holding<'_>) {
    let known = holding.time().is_some();
    holding.met();
    // The record tells when it settles; only what waits for a rule to be removed is remembered.
    if known {
        cx.faults.release(arn);
    }
}

/// Creates or changes a resource by `change`, which is told how much longer than usual the resource takes to settle. A
/// fault of `operation` is met if it succeeds.
pub(crate) async fn settling<T, C: Future<Output = Result<T, ServiceError>>>(
    cx: &Context,
    operation: &'static str,
    arn: &Arn,
    change: impl FnOnce(Duration) -> C,
) -> Result<T, ServiceError> {
    let holding = hold(cx, operation, arn);
    let changed = change(holding.longer()).await?;
    met(cx, arn, holding);
    Ok(changed)
}

/// The moment as of which the state of a resource is shown, in milliseconds since the epoch: now, or a time before
/// anything settled while a fault holds it back.
pub(crate) fn moment(cx: &Context, arn: &Arn) -> i64 {
    if cx.faults.holds(arn) { shown::NOTHING_SETTLED } else { cx.now_ms() }
}

/// The rules' view of a configuration.
pub(crate) fn view<R: Resource>(config: &Members) -> Result<R::Config, ServiceError> {
    R::Config::deserialize(config).map_err(ServiceError::internal)
}

#[cfg(test)]
mod tests;
