//! Who am I: the two questions of STS and IAM that clients ask before anything else.
//!
//! The rest of STS and IAM is not here. Credentials are made with `keyfront credentials`.

mod get_caller_identity;
mod get_user;

use keyfront_error::ServiceError;
use keyfront_wire::query::{Element, IAM, QueryService, STS};

use crate::context::Caller;

/// One action of the query protocol.
pub struct Action {
    /// Its name.
    pub name: &'static str,
    /// Whether a policy must allow it on the user's own ARN.
    pub needs_permission: bool,
    /// Does it; `form` is the request's body.
    pub run: fn(caller: &Caller, form: &str) -> Result<Vec<Element>, ServiceError>,
}

/// The actions of a service.
pub fn actions(service: &QueryService) -> &'static [Action] {
    if *service == STS { const { &[get_caller_identity::ACTION] } } else { const { &[get_user::ACTION] } }
}

/// The service of a credential scope, where it is one of the two.
pub fn service(signing_name: &str) -> Option<&'static QueryService> {
    [&STS, &IAM].into_iter().find(|service| service.signing_name == signing_name)
}
