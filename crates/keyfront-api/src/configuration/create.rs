//! Creates a resource, with its first tags where it can have some.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::{ResourceRecord, TagsRecord};
use keyfront_store::resources::{self, NewResource, Refused};
use keyfront_store::{Abort, transact};
use serde_json::{Value, json};

use super::proposal::{self, Proposal, Sent};
use super::{Refusals, Resource, hold, matching, met, shown};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, Subject, WholeAccount};

/// The creating operation of a resource.
pub(crate) struct Create<R>(PhantomData<R>);

/// The one that creates with tags, where it is an operation of its own.
pub(crate) struct CreateWithTags<R>(PhantomData<R>);

/// What a creation is about: it has no ARN yet that a policy could name.
pub(crate) struct New<R> {
    parent: Option<Arn>,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Subject for New<R> {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        Ok(New { parent: R::parent(account, input), resource: PhantomData })
    }

    fn arn(&self) -> Cow<'_, str> {
        self.parent.as_ref().map_or(Cow::Borrowed("*"), |parent| Cow::Owned(parent.to_string()))
    }
}

impl<R: Resource> Operation for Create<R> {
    const NAME: &'static str = R::NAMES.create;
    const SETTLES: bool = R::STATES.is_some();
    type Subject = New<R>;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        errors::<R>(Self::NAME).into_iter().chain([R::BAD_TAGS]).collect()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _new: New<R>,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let creation = Creation { operation: Self::NAME, bad_tags: R::BAD_TAGS, basis: None };
        create::<R>(cx, caller, creation, input).await
    }
}

impl<R: Resource> Operation for CreateWithTags<R> {
    const NAME: &'static str = match R::NAMES.create_with_tags {
        Some((name, _member)) => name,
        // No model has this name, so a table that has the operation is refused.
        None => "CreateWithTags",
    };
    const SETTLES: bool = R::STATES.is_some();
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        errors::<R>(Self::NAME).into_iter().chain([Code::InvalidTagging]).collect()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        mut input: Members,
    ) -> Result<Members, ServiceError> {
        let held = R::NAMES.create_with_tags.and_then(|(_, member)| input.remove(member));
        let creation = Creation { operation: Self::NAME, bad_tags: Code::InvalidTagging, basis: None };
        match held {
            Some(Value::Object(config_and_tags)) => create::<R>(cx, caller, creation, config_and_tags).await,
            Some(_) | None => Err(ServiceError::internal("the model requires a configuration with tags")),
        }
    }
}

fn errors<R: Resource>(operation: &'static str) -> Vec<Code> {
    let Refusals { name_taken, caller_reference_used, too_many, .. } = R::REFUSALS;
    let name_taken = name_taken.map(|taken| taken.refusal);
    let refusals = [Some(too_many), name_taken, caller_reference_used];
    let codes = refusals.into_iter().flatten().map(|refusal| refusal.code());
    codes.chain(proposal::errors::<R>(operation)).chain(R::CREATE_RULES.iter().copied()).collect()
}

/// In which way an operation creates a resource.
#[derive(Clone, Copy)]
pub(crate) struct Creation<'c> {
    /// Its name in the model.
    pub(crate) operation: &'static str,
    /// The code for tags that cannot be.
    pub(crate) bad_tags: Code,
    /// The resource of the same kind that the new one is made of, and the ETag that it must have when it is made.
    pub(crate) basis: Option<(&'c Arn, &'c str)>,
}

/// Creates a resource from the input of a creating operation, and gives the answer.
pub(crate) async fn create<R: Resource>(
    cx: &Context,
    caller: &Caller,
    creation: Creation<'_>,
    input: Members,
) -> Result<Members, ServiceError> {
    let Sent { config, tags } = Sent::take::<R>(input)?;
    let proposal = &Proposal::<R>::new(config)?;
    let tags =
        &TagsRecord { tags: tags.at_creation(creation.bad_tags, cx.rules().quotas.tags_per_resource)? };
    loop {
        let arn = Arn::new(caller.account(), R::KIND, R::id_at(cx.ids.uuid(), cx.now_ms()));
        let holding = hold(cx, creation.operation, &arn);
        if let Some((arn, record)) = made(cx, &arn, proposal, tags, creation, holding.longer()).await? {
            met(cx, &arn, holding);
            let location = shown::location::<R>(arn.id());
            let mut output = shown::written::<R>(cx, &arn, record).await?;
            output.insert("Location".to_owned(), location.into());
            show_tags::<R>(&mut output, tags);
            return Ok(output);
        }
    }
}

/// Shows the tags in the answer to the creation. The model's shape of the resource decides whether it has them there;
/// no other answer does.
fn show_tags<R: Resource>(output: &mut Members, tags: &TagsRecord) {
    let document = output.get_mut(R::NAMES.document).and_then(Value::as_object_mut);
    if let Some(document) = document.filter(|_| !tags.tags.is_empty()) {
        let items = tags.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
        document.insert("Tags".to_owned(), json!({ "Items": items.collect::<Vec<_>>() }));
    }
}

/// Makes the resource, or finds the one that the same request has made; nothing when the id was used before.
async fn made<R: Resource>(
    cx: &Context,
    arn: &Arn,
    proposal: &Proposal<R>,
    tags: &TagsRecord,
    Creation { operation, basis, .. }: Creation<'_>,
    longer: Duration,
) -> Result<Option<(Arn, ResourceRecord)>, ServiceError> {
    transact(&*cx.engine, |tx| async move {
        if let Some((basis, etag)) = basis {
            matching::<R>(&tx, cx, basis, etag).await?;
        }
        let content = proposal.checked(&tx, cx, arn, None, longer).await;
        let content = content.map_err(|error| proposal::refused::<R>(operation, error))?;
        let limit = R::quota(&cx.rules().quotas);
        let new = NewResource {
            content,
            tags: tags.clone(),
            version: R::FIRST_VERSION,
            limit,
            now_ms: cx.now_ms(),
        };
        match resources::create(&tx, arn, &new).await {
            Ok(record) => {
                R::created(&tx, cx, arn, &record).await?;
                Ok(Some((arn.clone(), record)))
            }
            Err(Abort::Refused(Refused::IdUsed)) => Ok(None),
            Err(Abort::Refused(Refused::CallerReferenceUsed(earlier))) if R::REPLAYS_CALLER_REFERENCE => {
                let record = resources::get(&tx, &earlier).await?;
                match record.filter(|record| record.config == proposal.config) {
                    Some(record) => Ok(Some((earlier, record))),
                    None => {
                        Err(proposal::aborted::<R>(Abort::Refused(Refused::CallerReferenceUsed(earlier))))
                    }
                }
            }
            Err(abort) => Err(proposal::aborted::<R>(abort)),
        }
    })
    .await
}
