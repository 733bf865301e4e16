//! Showing a resource, or its configuration alone, with the ETag that a change must name.

use std::marker::PhantomData;

use keyfront_store::records::ResourceRecord;
use keyfront_store::resources;

use super::{Members, Resource, document, named};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

/// The operation that shows a resource.
pub(crate) struct Get<R>(PhantomData<R>);

/// The operation that shows a resource's configuration.
pub(crate) struct GetConfig<R>(PhantomData<R>);

impl<R: Resource> Operation for Get<R> {
    const NAME: &'static str = R::NAMES.get;
    const SUBJECT: Subject = R::SUBJECT;
    type Input = Members;
    type Output = Members;

    async fn run(cx: &Context, caller: &Caller, input: Members) -> Result<Members, ApiError> {
        Ok(document::whole::<R>(found::<R>(cx, caller, &input).await?))
    }
}

impl<R: Resource> Operation for GetConfig<R> {
    const NAME: &'static str = R::NAMES.get_config;
    const SUBJECT: Subject = R::SUBJECT;
    type Input = Members;
    type Output = Members;

    async fn run(cx: &Context, caller: &Caller, input: Members) -> Result<Members, ApiError> {
        Ok(document::config::<R>(found::<R>(cx, caller, &input).await?))
    }
}

async fn found<R: Resource>(
    cx: &Context,
    caller: &Caller,
    input: &Members,
) -> Result<ResourceRecord, ApiError> {
    let arn = named::<R>(caller.account(), input);
    resources::find(&*cx.engine, &arn).await?.ok_or_else(|| R::REFUSALS.absent.into())
}
