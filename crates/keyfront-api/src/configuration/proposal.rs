//! A configuration that a client proposes, checked as far as it can be checked before it is committed.

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_store::resources::{self, Content, Refused};
use keyfront_store::{Abort, Transaction};
use serde_json::Value;

use super::{Members, Resource, view};
use crate::context::Context;
use crate::control::if_match;
use crate::error::ApiError;

/// The configuration in an input, completed, and the rules' view of it.
pub(super) struct Proposal<R: Resource> {
    config: Members,
    pub(super) view: R::Config,
}

impl<R: Resource> Proposal<R> {
    /// Takes the configuration out of an input. The model requires it, so it is there.
    pub(super) fn take(input: &mut Members) -> Result<Proposal<R>, ApiError> {
        let mut config = match input.remove(R::NAMES.config) {
            Some(Value::Object(config)) => config,
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_))
            | None => Members::new(),
        };
        R::complete(&mut config);
        let view = view::<R>(&config)?;
        Ok(Proposal { config, view })
    }

    /// What is to be stored, if the rules allow it and everything that it refers to is there and of use, which the
    /// commit of the transaction checks once more.
    pub(super) async fn checked(
        &self,
        tx: &Transaction<'_>,
        cx: &Context,
        account: AccountId,
    ) -> Result<Content, ApiError> {
        R::check(&self.view, &cx.quotas)?;
        let references: Vec<_> =
            R::references(&self.view).into_iter().map(|(kind, id)| Arn::new(account, kind, id)).collect();
        for target in &references {
            match resources::get(tx, target).await? {
                Some(record) => R::check_target(&record.config)?,
                None => return Err(R::REFUSALS.no_such_target.into()),
            }
        }
        Ok(Content {
            name: R::name(&self.view).map(str::to_owned),
            caller_reference: R::caller_reference(&self.view).map(str::to_owned),
            config: self.config.clone(),
            references: references.into_iter().collect(),
            ..Content::default()
        })
    }
}

/// Why the store did nothing, in the words of the resource.
pub(super) fn aborted<R: Resource>(abort: Abort<Refused>) -> ApiError {
    ApiError::aborted(abort, |refused| match refused {
        Refused::Absent => R::REFUSALS.absent.into(),
        Refused::Stale => if_match::stale(),
        Refused::NameTaken(_) => R::REFUSALS.name_taken.into(),
        Refused::CallerReferenceUsed(_) | Refused::IdUsed => R::REFUSALS.caller_reference_used.into(),
        Refused::NoSuchTarget(_) => R::REFUSALS.no_such_target.into(),
        Refused::LimitReached => R::REFUSALS.too_many.into(),
        Refused::InUse(_) => R::REFUSALS.in_use.into(),
    })
}
