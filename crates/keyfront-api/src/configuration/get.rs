//! Shows a resource, or its configuration alone, with the ETag that a change must name.

use std::borrow::Cow;
use std::marker::PhantomData;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::{domain_names, resources, transact};

use super::{Named, Resource, is_managed, shown};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::operation::{Members, Operation, Subject, text};

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

/// The operation that shows the resource of the account that answers for a domain name.
pub(crate) struct GetByDomainName<R>(PhantomData<R>);

/// The resource that answers for the domain name that a request holds, if one of the account does.
pub(crate) struct Answering<R> {
    arn: Option<Arn>,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Subject for Answering<R> {
    async fn find(cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let name = &R::GET_BY_DOMAIN_NAME.map_or("", |(_, member)| text(input, member)).to_ascii_lowercase();
        let owner = transact(&*cx.engine, |tx| async move { domain_names::owner(&tx, name).await }).await?;
        let arn = owner.filter(|owner| owner.account == account && owner.kind() == R::KIND);
        Ok(Answering { arn, resource: PhantomData })
    }

    fn arn(&self) -> Cow<'_, str> {
        self.arn.as_ref().map_or(Cow::Borrowed("*"), |arn| Cow::Owned(arn.to_string()))
    }
}

impl<R: Resource> Operation for GetByDomainName<R> {
    const NAME: &'static str = match R::GET_BY_DOMAIN_NAME {
        Some((name, _member)) => name,
        // No model has this name, so a table that has the operation is refused.
        None => "GetByDomainName",
    };
    type Subject = Answering<R>;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![R::REFUSALS.absent.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        answering: Answering<R>,
        _input: Members,
    ) -> Result<Members, ServiceError> {
        let arn = answering.arn.ok_or(R::REFUSALS.absent)?;
        let record = resources::find(&*cx.engine, &arn).await?.ok_or(R::REFUSALS.absent)?;
        shown::read::<R>(cx, &arn, record).await
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

/// The ETag that a request about a resource names. An id that no resource has is refused first, and then a request that
/// names none; of a kind that is [judged first](Resource::JUDGED_FIRST), the ETag alone is looked at.
pub(crate) async fn expected<'i, R: Resource>(
    cx: &Context,
    arn: &Arn,
    if_match: Option<&'i str>,
) -> Result<&'i str, ServiceError> {
    if R::JUDGED_FIRST {
        let etag = if_match::given(if_match)?;
        return if_match::check_form(etag).map(|()| etag);
    }
    if_match::of(if_match, exists::<R>(cx, arn.account, arn.id())).await
}
