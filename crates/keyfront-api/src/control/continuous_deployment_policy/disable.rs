//! Disabling a policy when its staging distribution's configuration has become the primary one's.

use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::ServiceError;
use keyfront_store::{Transaction, resources};

use super::description::ContinuousDeploymentPolicy;
use crate::configuration::{self, Resource};
use crate::context::Context;
use crate::operation::Members;

/// Disables the policy with this id, if there is one.
pub(in crate::control) async fn disable(
    tx: &Transaction<'_>,
    cx: &Context,
    account: AccountId,
    id: &str,
) -> Result<(), ServiceError> {
    let arn = Arn::new(account, ContinuousDeploymentPolicy::KIND, id);
    let Some(held) = resources::get(tx, &arn).await? else { return Ok(()) };
    let off = |config: &mut Members| drop(config.insert("Enabled".to_owned(), false.into()));
    configuration::edit::<ContinuousDeploymentPolicy>(tx, cx, &arn, &held, Duration::ZERO, off)
        .await
        .map(drop)
}
