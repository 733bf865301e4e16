//! Replacing a resource's configuration.
//!
//! A request without an ETag is refused first, then an id that is nobody's, then a stale ETag, then what is
//! wrong with the new configuration: Terraform deletes and updates with the ETag of a resource that has
//! gone, and must hear that it has.

use std::marker::PhantomData;

use keyfront_domain::etag;
use keyfront_store::{resources, transact};

use super::proposal::{self, Proposal};
use super::{Members, Resource, document, named, text, view};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

/// The updating operation of a resource.
pub(crate) struct Update<R>(PhantomData<R>);

impl<R: Resource> Operation for Update<R> {
    const NAME: &'static str = R::NAMES.update;
    const SUBJECT: Subject = R::SUBJECT;
    type Input = Members;
    type Output = Members;

    async fn run(cx: &Context, caller: &Caller, mut input: Members) -> Result<Members, ApiError> {
        let arn = &named::<R>(caller.account(), &input);
        let proposal = &Proposal::<R>::take(&mut input)?;
        let if_match = if_match::given(text(&input, "IfMatch"))?;
        let updated = transact(&*cx.engine, |tx| async move {
            let held = resources::get(&tx, arn).await?.ok_or(R::REFUSALS.absent)?;
            if etag::control_plane(held.version) != if_match {
                return Err(if_match::stale());
            }
            R::check_change(&view::<R>(&held.config)?, &proposal.view)?;
            let content = proposal.checked(&tx, cx, arn.account).await?;
            let updated = resources::update(&tx, arn, Some(if_match), &content, cx.now_ms()).await;
            updated.map_err(proposal::aborted::<R>)
        });
        Ok(document::whole::<R>(updated.await?))
    }
}
