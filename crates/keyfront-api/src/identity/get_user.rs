//! GetUser: the caller's own user. Users other than the caller are not looked up.

use keyfront_wire::query::{Element, parameter};
use keyfront_wire::timestamp;

use super::Action;
use crate::context::Caller;
use crate::error::ApiError;

pub(super) const ACTION: Action = Action { name: "GetUser", needs_permission: true, run };

fn run(caller: &Caller, form: &str) -> Result<Vec<Element>, ApiError> {
    let credential = &caller.credential;
    if let Some(name) = parameter(form, "UserName").filter(|name| *name != credential.user_name) {
        return Err(ApiError::new("NoSuchEntity", format!("The user with name {name} cannot be found.")));
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
