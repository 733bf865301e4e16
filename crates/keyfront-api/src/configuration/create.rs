//! Making a resource.

use std::marker::PhantomData;

use keyfront_domain::arn::Arn;
use keyfront_store::records::{ResourceRecord, TagsRecord};
use keyfront_store::resources::{self, NewResource, Refused};
use keyfront_store::{Abort, transact};

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
        let proposal = Proposal::<R>::take(&mut input)?;
        loop {
            let arn = Arn::new(caller.account(), R::KIND, R::id(cx.ids.uuid()));
            if let Some(record) = create(cx, &arn, &proposal).await? {
                let mut output = document::whole::<R>(record);
                output.insert("Location".to_owned(), document::location::<R>(arn.id()).into());
                return Ok(output);
            }
        }
    }
}

/// Makes the resource; nothing when its id was used before.
async fn create<R: Resource>(
    cx: &Context,
    arn: &Arn,
    proposal: &Proposal<R>,
) -> Result<Option<ResourceRecord>, ApiError> {
    transact(&*cx.engine, |tx| async move {
        let content = proposal.checked(&tx, cx, arn.account).await?;
        let (tags, limit) = (TagsRecord::default(), R::quota(&cx.quotas));
        let new = NewResource { content, tags, version: 1, limit, now_ms: cx.now_ms() };
        match resources::create(&tx, arn, &new).await {
            Ok(record) => Ok(Some(record)),
            Err(Abort::Refused(Refused::IdUsed)) => Ok(None),
            Err(abort) => Err(proposal::aborted::<R>(abort)),
        }
    })
    .await
}
