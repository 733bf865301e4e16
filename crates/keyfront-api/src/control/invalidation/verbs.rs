//! The three verbs of invalidations, for whatever has them: distributions, and the tenants of distributions.

use std::time::Duration;

use keyfront_domain::arn::Arn;
use keyfront_domain::id;
use keyfront_error::{Code, ServiceError};
use keyfront_store::invalidations::{self, InProgressLimits, Refused};
use keyfront_store::list::PageRequest;
use keyfront_store::records::{InvalidationRecord, NextState, StateRecord};
use keyfront_store::{Abort, resources, transact};
use serde_json::{Value, json};

use super::batch::InvalidationBatch;
use super::document::{Invalidation, InvalidationSummary};
use crate::configuration;
use crate::context::Context;
use crate::control::page::{self, Page};
use crate::error;
use crate::faults;
use crate::operation::{Members, text};

/// The refusal of an id that no invalidation of the owner has.
const NO_SUCH_INVALIDATION: ServiceError =
    ServiceError::new(Code::NoSuchInvalidation, "The specified invalidation does not exist.");

/// What has invalidations.
pub(in crate::control) struct Owner {
    pub(in crate::control) arn: Arn,
    /// The refusal when it does not exist.
    pub(in crate::control) absent: ServiceError,
    /// What its path begins with, such as `distribution`.
    pub(in crate::control) path: &'static str,
}

/// Makes an invalidation, or finds the one that the same request has made.
pub(in crate::control) async fn create(
    cx: &Context,
    operation: &'static str,
    owner: &Owner,
    batch: InvalidationBatch,
) -> Result<Members, ServiceError> {
    batch.check()?;
    let batch = &batch;
    let made = loop {
        let id = id::numbered('I', cx.ids.uuid());
        let holding = configuration::hold(cx, operation, &faults::invalidation(&owner.arn, &id));
        let record = &record(cx, id, batch, holding.longer());
        let created = transact(&*cx.engine, |tx| async move {
            resources::get(&tx, &owner.arn).await?.ok_or_else(|| owner.absent.clone())?;
            let limits = InProgressLimits {
                files: cx.rules().quotas.files_being_invalidated,
                wildcards: cx.rules().quotas.wildcards_being_invalidated,
            };
            match invalidations::create(&tx, &owner.arn, record, limits).await {
                Ok(()) => Ok(Some(record.clone())),
                Err(Abort::Refused(Refused::IdUsed)) => Ok(None),
                Err(Abort::Refused(Refused::CallerReferenceUsed(earlier)))
                    if batch.has_paths(&earlier.paths) =>
                {
                    Ok(Some(earlier))
                }
                Err(abort) => Err(error::aborted(abort, |why| refused(&why))),
            }
        });
        if let Some(made) = created.await? {
            if made.id == record.id {
                configuration::met(cx, &faults::invalidation(&owner.arn, &made.id), holding);
            }
            break made;
        }
    };
    let location = format!(
        "https://cloudfront.amazonaws.com/2020-05-31/{}/{}/invalidation/{}",
        owner.path,
        owner.arn.id(),
        made.id
    );
    Ok([("Location", json!(location)), ("Invalidation", json!(Invalidation::just_created(made)))]
        .map(|(member, value)| (member.to_owned(), value))
        .into_iter()
        .collect())
}

fn record(cx: &Context, id: String, batch: &InvalidationBatch, longer: Duration) -> InvalidationRecord {
    let now_ms = cx.now_ms();
    let lasts = cx.rules().settling.invalidation.saturating_add(longer);
    let lasts_ms = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
    let next = NextState { name: "Completed".to_owned(), at_ms: now_ms.saturating_add(lasts_ms) };
    InvalidationRecord {
        id,
        caller_reference: batch.caller_reference.clone(),
        paths: batch.paths.items.clone(),
        created_ms: now_ms,
        state: StateRecord { name: "InProgress".to_owned(), next: Some(next) },
    }
}

fn refused(why: &Refused) -> ServiceError {
    match why {
        Refused::CallerReferenceUsed(_) => ServiceError::new(
            Code::InvalidArgument,
            "Your request contains a caller reference that was used for a previous invalidation batch for the same \
             distribution.",
        ),
        Refused::TooManyInProgress => ServiceError::new(
            Code::TooManyInvalidationsInProgress,
            "Processing your request will cause you to exceed the maximum number of in-progress wildcard \
             invalidations.",
        ),
        Refused::IdUsed => ServiceError::internal("an id was given out twice"),
    }
}

/// Shows an invalidation.
pub(in crate::control) async fn get(cx: &Context, owner: &Owner, id: &str) -> Result<Members, ServiceError> {
    resources::find(&*cx.engine, &owner.arn).await?.ok_or_else(|| owner.absent.clone())?;
    let record = invalidations::find(&*cx.engine, &owner.arn, id).await?.ok_or(NO_SUCH_INVALIDATION)?;
    let shown = Invalidation::at(record, configuration::moment(cx, &faults::invalidation(&owner.arn, id)));
    Ok(Members::from_iter([("Invalidation".to_owned(), json!(shown))]))
}

/// Lists the invalidations, the newest first.
pub(in crate::control) async fn list(
    cx: &Context,
    owner: &Owner,
    input: &Members,
) -> Result<Members, ServiceError> {
    let max_items = page::max_items_of(input)?;
    let marker = text(input, "Marker");
    resources::find(&*cx.engine, &owner.arn).await?.ok_or_else(|| owner.absent.clone())?;
    let request = PageRequest::new(Some(marker).filter(|marker| !marker.is_empty()), max_items);
    let listed = invalidations::list(&*cx.engine, &owner.arn, request).await.map_err(page::aborted)?;
    let next_marker = listed.items.last().filter(|_| listed.more).map(|record| record.id.clone());
    let shown = |record: &InvalidationRecord| {
        InvalidationSummary::at(
            record,
            configuration::moment(cx, &faults::invalidation(&owner.arn, &record.id)),
        )
    };
    let items: Vec<_> = listed.items.iter().map(shown).collect();
    let page: Value = json!(Page::new(Some(marker.to_owned()), max_items, items, next_marker));
    Ok(Members::from_iter([("InvalidationList".to_owned(), page)]))
}
