//! Deleting a resource, unless something refers to it.

use std::marker::PhantomData;

use keyfront_store::{resources, transact};

use super::{Members, Resource, named, proposal, text};
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
        let arn = &named::<R>(caller.account(), &input);
        let if_match = if_match::given(text(&input, "IfMatch"))?;
        let deleted = transact(&*cx.engine, |tx| async move {
            resources::delete(&tx, arn, Some(if_match), cx.now_ms()).await
        });
        deleted.await.map(drop).map_err(proposal::aborted::<R>)
    }
}
