//! Making a resource.

use std::marker::PhantomData;

use keyfront_domain::arn::ResourceArn;
use keyfront_store::resources::{self, Create as Outcome};

use super::proposal::{self, Proposal};
use super::{Members, Resource, document};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

/// The creating operation of a resource.
pub(crate) struct Create<R>(PhantomData<R>);

impl<R: Resource> Operation for Create<R> {
    const NAME: &'static str = R::NAMES.create;
    // There is no ARN yet that a policy could name, nor does IAM know one for what is to come.
    const SUBJECT: Subject = Subject::Account;
    type Input = Members;
    type Output = Members;

    async fn run(cx: &Context, caller: &Caller, mut input: Members) -> Result<Members, ApiError> {
        let account = caller.account();
        let content = Proposal::<R>::take(&mut input)?.checked(cx, account).await?;
        loop {
            let arn = ResourceArn { account, kind: R::KIND, id: R::id(cx.ids.uuid()) };
            let limit = R::quota(&cx.quotas);
            match resources::create(&*cx.engine, &arn, &content, limit, cx.now_ms()).await? {
                Outcome::Created(record) => {
                    let mut output = document::whole::<R>(record);
                    output.insert("Location".to_owned(), document::location::<R>(&arn.id).into());
                    return Ok(output);
                }
                Outcome::Refused(refused) => return Err(proposal::refused::<R>(&refused)),
                Outcome::LimitReached => return Err(R::REFUSALS.too_many.into()),
                Outcome::IdUsed => {}
            }
        }
    }
}
