//! GetUser: the caller's own user. Users other than the caller are not looked up.

use keyfront_error::{Code, ServiceError};
use keyfront_wire::query::{Element, parameter};
use keyfront_wire::timestamp;

use super::Action;
use crate::context::Caller;

pub(super) const ACTION: Action = Action { name: "GetUser", needs_permission: true, run };

fn run(caller: &Caller, form: &str) -> Result<Vec<Element>, ServiceError> {
    let credential = &caller.credential;
    if let Some(name) = parameter(form, "UserName").filter(|name| *name != credential.user_name) {
        return Err(ServiceError::with(
            Code::NoSuchEntity,
            format!("The user with name {name} cannot be found."),
        ));
    }
    let user = vec![
        Element::Text("Path", "/".to_owned()),
        Element::Text("UserName", credential.user_name.clone()),
        Element::Text("UserId", credential.user_id.clone()),
        Element::Text("Arn", credential.user_arn.clone()),
        Element::Text("CreateDate", timestamp::iso8601(credential.created_ms)),
    ];
    Ok(vec![Element::Nested("User", user)])
}
