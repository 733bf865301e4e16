//! A configuration that a client proposes, checked as far as it can be checked before it is committed.

use keyfront_domain::AccountId;
use keyfront_domain::arn::ResourceArn;
use keyfront_store::resources::{self, Content, Refused};
use serde_json::Value;

use super::{Members, Resource, view};
use crate::context::Context;
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

    /// What is to be stored, if the rules allow it and everything that it refers to is there and of use.
    pub(super) async fn checked(&self, cx: &Context, account: AccountId) -> Result<Content, ApiError> {
        R::check(&self.view, &cx.quotas)?;
        let references: Vec<_> = R::references(&self.view)
            .into_iter()
            .map(|(kind, id)| ResourceArn { account, kind, id: id.to_owned() })
            .collect();
        for target in &references {
            match resources::find(&*cx.engine, target).await? {
                Some(record) => R::check_target(&record.config)?,
                None => return Err(R::REFUSALS.no_such_target.into()),
            }
        }
        Ok(Content {
            name: R::name(&self.view).map(str::to_owned),
            caller_reference: R::caller_reference(&self.view).map(str::to_owned),
            config: self.config.clone(),
            references: references.into_iter().collect(),
        })
    }
}

/// What the store refuses, in the words of the resource.
pub(super) fn refused<R: Resource>(refused: &Refused) -> ApiError {
    ApiError::from(match refused {
        Refused::NameTaken => R::REFUSALS.name_taken,
        Refused::CallerReferenceUsed => R::REFUSALS.caller_reference_used,
        Refused::NoSuchTarget(_) => R::REFUSALS.no_such_target,
    })
}
