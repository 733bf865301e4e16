//! Creates a resource.

use std::marker::PhantomData;

use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::{ResourceRecord, TagsRecord};
use keyfront_store::resources::{self, NewResource, Refused};
use keyfront_store::{Abort, transact};

use super::proposal::{self, Proposal};
use super::{Refusals, Resource, shown};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, WholeAccount};

/// The creating operation of a resource.
pub(crate) struct Create<R>(PhantomData<R>);

impl<R: Resource> Operation for Create<R> {
    const NAME: &'static str = R::NAMES.create;
    // The resource has no ARN yet that a policy could name, and IAM has none for resources to come.
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        let Refusals { name_taken, caller_reference_used, too_many, .. } = R::REFUSALS;
        let name_taken = name_taken.map(|taken| taken.refusal);
        let refusals = [Some(too_many), name_taken, caller_reference_used];
        let codes = refusals.into_iter().flatten().map(|refusal| refusal.code());
        codes.chain(proposal::errors::<R>()).collect()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let proposal = &Proposal::<R>::take(input)?;
        loop {
            let arn = Arn::new(caller.account(), R::KIND, R::id(cx.ids.uuid()));
            if let Some(record) = create(cx, &arn, proposal).await? {
                let mut output = shown::whole::<R>(record, cx.now_ms());
                output.insert("Location".to_owned(), shown::location::<R>(arn.id()).into());
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
) -> Result<Option<ResourceRecord>, ServiceError> {
    transact(&*cx.engine, |tx| async move {
        let content = proposal.checked(&tx, cx, arn.account).await?;
        let (tags, limit) = (TagsRecord::default(), R::quota(&cx.quotas));
        let new = NewResource { content, tags, version: R::FIRST_VERSION, limit, now_ms: cx.now_ms() };
        match resources::create(&tx, arn, &new).await {
            Ok(record) => Ok(Some(record)),
            Err(Abort::Refused(Refused::IdUsed)) => Ok(None),
            Err(abort) => Err(proposal::aborted::<R>(abort)),
        }
    })
    .await
}
