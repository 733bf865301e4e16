//! A configuration that a client proposes, checked as far as it can be checked before it is committed.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use keyfront_store::resources::{self, Content, Refused};
use keyfront_store::{Abort, Transaction};
use serde_json::Value;

use super::{Resource, Target, view};
use crate::context::Context;
use crate::control::if_match;
use crate::error;
use crate::operation::Members;

/// Members of a request that do not belong to the configuration, where that has no member of its own.
const NOT_CONFIGURED: [&str; 3] = ["Id", "IfMatch", "Tags"];

/// The configuration in an input, completed, and the rules' view of it.
pub(super) struct Proposal<R: Resource> {
    config: Members,
    pub(super) view: R::Config,
}

impl<R: Resource> Proposal<R> {
    /// Takes the configuration out of an input. The model requires it, so it is there.
    pub(super) fn take(mut input: Members) -> Result<Proposal<R>, ServiceError> {
        let mut config = match R::NAMES.config.map(|member| input.remove(member)) {
            Some(Some(Value::Object(config))) => config,
            Some(_absent) => Members::new(),
            None => {
                input.retain(|member, _| !NOT_CONFIGURED.contains(&member.as_str()));
                input
            }
        };
        R::complete(&mut config);
        let view = view::<R>(&config)?;
        Ok(Proposal { config, view })
    }

    /// The configuration as it would be stored.
    #[cfg(test)]
    pub(super) fn config(&self) -> &Members {
        &self.config
    }

    /// What is to be stored, if the rules allow it and everything that it refers to is there and of use, which the
    /// commit of the transaction checks once more.
    pub(super) async fn checked(
        &self,
        tx: &Transaction<'_>,
        cx: &Context,
        account: AccountId,
    ) -> Result<Content, ServiceError> {
        R::check(&self.view, &cx.quotas)?;
        let references: Vec<_> =
            R::references(&self.view).into_iter().map(|(kind, id)| Arn::new(account, kind, id)).collect();
        for arn in &references {
            let target = target::<R>(arn.kind())?;
            let record = resources::get(tx, arn).await?;
            (target.check)(&record.ok_or_else(|| target.absent.clone())?.config)?;
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

/// The description of a kind that the resource refers to.
fn target<R: Resource>(kind: ResourceKind) -> Result<&'static Target, ServiceError> {
    let target = R::TARGETS.iter().find(|target| target.kind == kind);
    target.ok_or_else(|| {
        ServiceError::internal(format!("{} is no target of {}", kind.as_str(), R::KIND.as_str()))
    })
}

/// Why the store did nothing, in the words of the resource.
pub(super) fn aborted<R: Resource>(abort: Abort<Refused>) -> ServiceError {
    error::aborted(abort, |refused| {
        let refusal = match &refused {
            Refused::Absent => Some(R::REFUSALS.absent),
            Refused::Stale => Some(if_match::stale()),
            Refused::NameTaken(_) => R::REFUSALS.name_taken.map(|taken| taken.refusal),
            Refused::CallerReferenceUsed(_) => R::REFUSALS.caller_reference_used,
            Refused::NoSuchTarget(missing) => match target::<R>(missing.target.kind()) {
                Ok(target) => Some(target.absent.clone()),
                Err(error) => return error,
            },
            Refused::LimitReached => Some(R::REFUSALS.too_many),
            Refused::IdUsed => None,
            Refused::InUse(_) => Some(R::REFUSALS.in_use),
        };
        refusal.unwrap_or_else(|| {
            ServiceError::internal(format!("{} does not expect {refused:?}", R::KIND.as_str()))
        })
    })
}

/// The codes that a proposal can be refused with, beside the common ones.
pub(super) fn errors<R: Resource>() -> impl Iterator<Item = Code> {
    R::RULES.iter().copied().chain(R::TARGETS.iter().map(|target| target.absent.code()))
}
