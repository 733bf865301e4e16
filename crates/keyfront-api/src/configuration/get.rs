//! Shows a resource, or its configuration alone, with the ETag that a change must name.

use std::marker::PhantomData;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources;

use super::{Named, Resource, is_managed, shown};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

/// The operation that shows a resource.
pub(crate) struct Get<R>(PhantomData<R>);

/// The operation that shows a resource's configuration.
pub(crate) struct GetConfig<R>(PhantomData<R>);

impl<R: Resource> Operation for Get<R> {
    const NAME: &'static str = R::NAMES.get;
    type Subject = Named<R>;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![R::REFUSALS.absent.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: Named<R>,
        _input: Members,
    ) -> Result<Members, ServiceError> {
        let record = found(cx, &named).await?;
        shown::read::<R>(cx, &named.arn, record).await
    }
}

impl<R: Resource> Operation for GetConfig<R> {
    const NAME: &'static str = match R::NAMES.get_config {
        Some(name) => name,
        // No model has this name, so a table that has the operation is refused.
        None => "GetConfig",
    };
    type Subject = Named<R>;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![R::REFUSALS.absent.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: Named<R>,
        _input: Members,
    ) -> Result<Members, ServiceError> {
        Ok(shown::config::<R>(found(cx, &named).await?))
    }
}

async fn found<R: Resource>(cx: &Context, named: &Named<R>) -> Result<ResourceRecord, ServiceError> {
    if let Some(managed) = named.managed() {
        return Ok(managed.clone());
    }
    resources::find(&*cx.engine, &named.arn).await?.ok_or(R::REFUSALS.absent)
}

/// Refuses an id that neither a resource of the account nor a managed one has.
pub(crate) async fn exists<R: Resource>(
    cx: &Context,
    account: AccountId,
    id: &str,
) -> Result<Arn, ServiceError> {
    let arn = Arn::new(account, R::KIND, id);
    if is_managed::<R>(id) || resources::find(&*cx.engine, &arn).await?.is_some() {
        return Ok(arn);
    }
    Err(R::REFUSALS.absent)
}
