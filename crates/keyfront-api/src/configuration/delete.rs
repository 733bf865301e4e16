//! Deleting a resource, unless something refers to it.

use std::marker::PhantomData;

use keyfront_store::resources::{self, Delete as Outcome};

use super::{Members, Resource, named, text};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

/// The deleting operation of a resource.
pub(crate) struct Delete<R>(PhantomData<R>);

impl<R: Resource> Operation for Delete<R> {
    const NAME: &'static str = R::NAMES.delete;
    const SUBJECT: Subject = R::SUBJECT;
    type Input = Members;
    type Output = ();

    async fn run(cx: &Context, caller: &Caller, input: Members) -> Result<(), ApiError> {
        let arn = named::<R>(caller.account(), &input);
        let if_match = if_match::given(text(&input, "IfMatch"))?;
        match resources::delete(&*cx.engine, &arn, if_match, cx.now_ms()).await? {
            Outcome::Deleted => Ok(()),
            Outcome::Absent => Err(R::REFUSALS.absent.into()),
            Outcome::Stale => Err(if_match::stale()),
            Outcome::InUse => Err(R::REFUSALS.in_use.into()),
        }
    }
}
