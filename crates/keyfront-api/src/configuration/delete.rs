//! Deletes a resource, unless something refers to it or its state forbids it.

use std::marker::PhantomData;

use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};

use super::proposal::{aborted, leaving};
use super::{Named, Resource, expected, matching, shown, text, view};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

/// The deleting operation of a resource.
pub(crate) struct Delete<R>(PhantomData<R>);

impl<R: Resource> Operation for Delete<R> {
    const NAME: &'static str = R::NAMES.delete;
    type Subject = Named<R>;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        let mut codes = vec![R::REFUSALS.absent.code(), R::REFUSALS.in_use.code(), Code::PreconditionFailed];
        codes.extend(R::DELETE_RULES);
        codes.extend((!R::managed().is_empty()).then_some(Code::IllegalDelete));
        codes
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: Named<R>,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let if_match = expected::<R>(cx, &named.arn, Some(text(&input, "IfMatch"))).await?;
        if named.managed().is_some() {
            return Err(ServiceError::ILLEGAL_DELETE);
        }
        let arn = &named.arn;
        let deleted = transact(&*cx.engine, |tx| async move {
            let held = matching::<R>(&tx, cx, arn, if_match).await?;
            R::check_delete(&view::<R>(&held.config)?)?;
            R::check_delete_stored(&tx, cx, arn, &held).await?;
            R::before_deletion(&tx, cx, arn, &held).await?;
            let deleted = resources::delete(&tx, arn, Some(if_match), cx.now_ms()).await;
            deleted.map_err(|abort| aborted::<R>(abort))
        });
        let record = deleted.await?;
        cx.faults.release(arn);
        if !R::DELETE_SHOWS {
            return Ok(Members::new());
        }
        shown::written::<R>(cx, arn, leaving::<R>(cx, record)).await
    }
}
