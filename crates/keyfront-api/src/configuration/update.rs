//! Replaces a resource's configuration.
//!
//! An unknown id is refused first, then a request without an ETag, then a stale ETag, then what is wrong with the new
//! configuration, unless its kind is [judged first](Resource::JUDGED_FIRST): Terraform deletes and updates with the ETag of a resource that has gone, and must hear that it has.

use std::marker::PhantomData;

use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};

use super::proposal::{self, Proposal, Sent};
use super::{Named, Resource, expected, matching, settling, shown, text};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

/// The updating operation of a resource.
pub(crate) struct Update<R>(PhantomData<R>);

impl<R: Resource> Operation for Update<R> {
    const NAME: &'static str = R::NAMES.update;
    const SETTLES: bool = R::STATES.is_some();
    type Subject = Named<R>;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        let name_taken = R::REFUSALS.name_taken.filter(|taken| taken.on_update);
        let mut codes = vec![R::REFUSALS.absent.code(), Code::PreconditionFailed];
        codes.extend(name_taken.map(|taken| taken.refusal.code()));
        codes.extend(proposal::errors::<R>(Self::NAME));
        codes.extend(R::CHANGE_RULES);
        codes.extend((!R::managed().is_empty()).then_some(Code::IllegalUpdate));
        codes
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: Named<R>,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let if_match = text(&input, "IfMatch").to_owned();
        let if_match = expected::<R>(cx, &named.arn, Some(&if_match)).await?;
        if named.managed().is_some() {
            return Err(ServiceError::ILLEGAL_UPDATE);
        }
        let (arn, sent) = (&named.arn, &Sent::take::<R>(input)?.config);
        if R::JUDGED_FIRST {
            proposal::check_alone::<R>(cx, arn.account, &Proposal::<R>::completed(sent.clone())?.view)?;
        }
        let update = |longer| {
            transact(&*cx.engine, move |tx| async move {
                let held = matching::<R>(&tx, cx, arn, if_match).await?;
                let proposal = Proposal::<R>::change(&held, sent)?;
                R::check_changed(&tx, arn, &held.config, &proposal.config).await?;
                if held.config == proposal.config && R::stays(&tx, arn).await? {
                    return Ok(held);
                }
                let content = proposal.checked(&tx, cx, arn, Some(&held), longer).await;
                let content = content.map_err(|error| proposal::refused::<R>(Self::NAME, error))?;
                let updated = resources::update(&tx, arn, Some(if_match), &content, cx.now_ms()).await;
                let updated = updated.map_err(proposal::aborted::<R>)?;
                R::changed(&tx, cx, arn, &held, &updated).await?;
                Ok::<_, ServiceError>(updated)
            })
        };
        let updated = settling(cx, Self::NAME, arn, update).await?;
        shown::written::<R>(cx, arn, updated).await
    }
}
