//! Identifiers: the newer families of the service show a resource by its id, its ARN or its name.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::ServiceError;
use keyfront_store::{resources, transact};

use crate::context::Context;

/// The ARN of the resource of a kind that an identifier names. An id wins over a name. What names nothing is taken for
/// an id, so that a policy can speak of it; an ARN may be of another account, which is for the authorization to refuse.
pub(crate) async fn identified(
    cx: &Context,
    account: AccountId,
    kind: ResourceKind,
    identifier: &str,
) -> Result<Arn, ServiceError> {
    if let Some(arn) = identifier.parse::<Arn>().ok().filter(|arn| arn.kind() == kind) {
        return Ok(arn);
    }
    let by_id = Arn::new(account, kind, identifier);
    let by_id = &by_id;
    let by_name = transact(&*cx.engine, |tx| async move {
        if resources::get(&tx, by_id).await?.is_some() {
            return Ok(None);
        }
        Ok::<_, ServiceError>(resources::named(&tx, account, kind, identifier).await?)
    });
    Ok(by_name.await?.unwrap_or_else(|| by_id.clone()))
}
