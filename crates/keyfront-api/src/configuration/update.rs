//! Replacing a resource's configuration.
//!
//! A request without an ETag is refused first, then an id that is nobody's, then a stale ETag, then what is
//! wrong with the new configuration: Terraform deletes and updates with the ETag of a resource that has
//! gone, and must hear that it has.

use std::marker::PhantomData;

use keyfront_domain::etag;
use keyfront_store::resources::{self, Update as Outcome};

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
        let arn = named::<R>(caller.account(), &input);
        let proposal = Proposal::<R>::take(&mut input)?;
        let if_match = if_match::given(text(&input, "IfMatch"))?;
        loop {
            let (held, read) = resources::held(&*cx.engine, &arn).await?.ok_or(R::REFUSALS.absent)?;
            if etag::control_plane(held.version) != if_match {
                return Err(if_match::stale());
            }
            R::check_change(&view::<R>(&held.config)?, &proposal.view)?;
            let content = proposal.checked(cx, arn.account).await?;
            match resources::update(&*cx.engine, &arn, if_match, read, &content, cx.now_ms()).await? {
                Outcome::Updated(record) => return Ok(document::whole::<R>(record)),
                Outcome::Absent => return Err(R::REFUSALS.absent.into()),
                Outcome::Stale => return Err(if_match::stale()),
                Outcome::Refused(refused) => return Err(proposal::refused::<R>(&refused)),
                // Each round rests on a restore that was made meanwhile.
                Outcome::Overtaken => {}
            }
        }
    }
}
