//! GetCallerIdentity: the caller's account, user id and ARN. Everyone may ask (AWS: no permissions needed).

use keyfront_error::ServiceError;
use keyfront_wire::query::Element;

use super::Action;
use crate::context::Caller;

pub(super) const ACTION: Action = Action { name: "GetCallerIdentity", needs_permission: false, run };

#[expect(clippy::unnecessary_wraps, reason = "the signature that every action has")]
fn run(caller: &Caller, _form: &str) -> Result<Vec<Element>, ServiceError> {
    let credential = &caller.credential;
    Ok(vec![
        Element::Text("Arn", credential.user_arn.clone()),
        Element::Text("UserId", credential.user_id.clone()),
        Element::Text("Account", credential.account.to_string()),
    ])
}
