//! Changes of a configuration by operations that are about a part of it, or about another resource.

use std::time::Duration;

use keyfront_domain::arn::Arn;
use keyfront_domain::etag;
use keyfront_error::ServiceError;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::Content;
use keyfront_store::{Transaction, resources};

use super::proposal::{self, Proposal};
use super::{Resource, moment, view};
use crate::context::Context;
use crate::control::if_match;
use crate::operation::Members;

/// The resource of this ARN as it is now, if `if_match` is its ETag.
///
/// # Errors
/// The resource's own refusal of an unknown id, and `PreconditionFailed`.
pub(crate) async fn matching<R: Resource>(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    if_match: &str,
) -> Result<ResourceRecord, ServiceError> {
    let mut held = resources::get(tx, arn).await?.ok_or(R::REFUSALS.absent)?;
    if R::SETTLING_COUNTS {
        held = resources::settle(tx, arn, held, moment(cx, arn))?;
    }
    check_etag(&held, if_match)?;
    Ok(held)
}

/// Refuses an ETag that is not the resource's.
pub(crate) fn check_etag(record: &ResourceRecord, if_match: &str) -> Result<(), ServiceError> {
    if etag::control_plane(record.version) == if_match { Ok(()) } else { Err(if_match::stale()) }
}

/// What is to be stored of a resource that Keyfront makes by itself, under all rules of its kind.
pub(crate) async fn content<R: Resource>(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    config: Members,
) -> Result<Content, ServiceError> {
    Proposal::<R>::completed(config)?.checked(tx, cx, arn, None, Duration::ZERO).await
}

/// Makes `change` of the configuration of `held`, under all rules of its kind but those of its updating operation. It
/// takes so much `longer` than usual to settle.
pub(crate) async fn edit<R: Resource>(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    held: &ResourceRecord,
    longer: Duration,
    change: impl FnOnce(&mut Members) + Send,
) -> Result<ResourceRecord, ServiceError> {
    let mut config = held.config.clone();
    change(&mut config);
    let proposal = Proposal::<R>::completed(config)?;
    let content = proposal.checked(tx, cx, arn, Some(held), longer).await?;
    let updated = resources::update(tx, arn, None, &content, cx.now_ms()).await;
    updated.map_err(proposal::aborted::<R>)
}

/// Makes `change` of the configuration of `held`, which takes something away that another resource gets. The rules of
/// its kind are not asked, for they may want what it loses.
pub(crate) async fn take_away<R: Resource>(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    held: &ResourceRecord,
    change: impl FnOnce(&mut Members) + Send,
) -> Result<(), ServiceError> {
    let mut config = held.config.clone();
    change(&mut config);
    let content = Content {
        domain_names: R::domain_names(&view::<R>(&config)?, &held.shown),
        config,
        state: proposal::changing::<R>(cx, Duration::ZERO),
        ..Content::from(held)
    };
    let updated = resources::update(tx, arn, None, &content, cx.now_ms()).await;
    updated.map(drop).map_err(proposal::aborted::<R>)
}
