//! The resource that a request takes a domain name from, which a policy can name beside the one that gets it.

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::{domain_names, transact};

use crate::context::Context;

/// The resource that has a name answers viewers.
pub(super) const SOURCE_ENABLED: ServiceError = ServiceError::new(
    Code::IllegalUpdate,
    "Alias move is not allowed since the source distribution is enabled",
);

/// Another one got the name after the request was authorized, which did not name it.
const MOVED_MEANWHILE: ServiceError =
    ServiceError::new(Code::IllegalUpdate, "The alias was moved by another request; try again.");

/// The resource of the caller's account that has a domain name, if one has it. No policy of the caller can name one of
/// another account; whether that loses a name is a rule of the operation.
pub(super) struct Source(Option<Arn>);

impl Source {
    /// The one that has the name now.
    pub(super) async fn of(cx: &Context, account: AccountId, name: &str) -> Result<Source, ServiceError> {
        let owner = transact(&*cx.engine, |tx| async move { domain_names::owner(&tx, name).await }).await?;
        Ok(Source(owner.filter(|owner| owner.account == account)))
    }

    /// Its ARN for policies.
    pub(super) fn arn(&self) -> Option<String> {
        self.0.as_ref().map(ToString::to_string)
    }

    /// Refuses to take the name from a resource of the account of `target` that was not authorized.
    pub(super) fn check(&self, target: &Arn, owner: &Arn) -> Result<(), ServiceError> {
        if owner.account != target.account || self.0.as_ref() == Some(owner) {
            Ok(())
        } else {
            Err(MOVED_MEANWHILE)
        }
    }
}
