//! The connection group that the service makes by itself, with the first multi-tenant distribution of an account or the
//! first tenant that names no group.

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_domain::connection_group::default_config;
use keyfront_error::ServiceError;
use keyfront_store::Transaction;
use keyfront_store::records::TagsRecord;
use keyfront_store::resources::{self, NewResource};

use super::description::{ConnectionGroup, DEFAULT_REFERENCE};
use crate::configuration::{self, Resource};
use crate::context::Context;

/// Makes the default connection group of an account, unless it has one, and gives its ARN. It is made in the
/// transaction of what needs it, also where the account has as many groups as it may have, so that nothing fails for its sake.
pub(in crate::control) async fn ensure_default(
    tx: &Transaction<'_>,
    cx: &Context,
    account: AccountId,
) -> Result<Arn, ServiceError> {
    let kind = ConnectionGroup::KIND;
    if let Some(arn) = resources::made_with(tx, account, kind, DEFAULT_REFERENCE).await? {
        return Ok(arn);
    }
    let now_ms = cx.now_ms();
    let arn = Arn::new(account, kind, ConnectionGroup::id_at(cx.ids.uuid(), now_ms));
    let content = configuration::content::<ConnectionGroup>(tx, cx, &arn, default_config(arn.id())).await?;
    let tags = TagsRecord::default();
    let new = NewResource { content, tags, version: ConnectionGroup::FIRST_VERSION, limit: u64::MAX, now_ms };
    let made = resources::create(tx, &arn, &new).await;
    made.map_err(configuration::aborted::<ConnectionGroup>)?;
    Ok(arn)
}
