//! May the caller do this? Explicit deny wins, the default is deny, and accounts never cross.

use http::{HeaderMap, header};
use keyfront_domain::AccountId;
use keyfront_domain::policy::{self, Decision, Principal};
use keyfront_error::ServiceError;
use keyfront_store::tags;
use serde_json::Value;

use super::Peer;
use super::refusals;
use crate::context::{Caller, Context};
use crate::operation::Members;

/// What is to be authorized.
pub(super) struct AuthorizationRequest<'a> {
    /// `cloudfront:CreateKeyValueStore` and the like.
    pub(super) action: String,
    /// Who asks.
    pub(super) caller: &'a Caller,
    /// From where.
    pub(super) peer: Peer,
    /// The request's headers.
    pub(super) headers: &'a HeaderMap,
}

impl AuthorizationRequest<'_> {
    /// Decides about an operation of the model on `resource`, an ARN or `*`. The input was decoded and not yet
    /// checked.
    pub(super) async fn authorize(
        &self,
        cx: &Context,
        resource: &str,
        input: &Members,
    ) -> Result<(), ServiceError> {
        let account = self.caller.account();
        if belongs_to_another(resource, account) {
            return Err(self.refused(Decision::ImplicitDeny, cx, resource, &Facts::default()));
        }
        let mut facts =
            Facts { request_tags: request_tags(input), tag_keys: tag_keys(input), ..Facts::default() };
        if self.caller.credential.policy.uses_resource_tags() {
            // What names no certain resource has no tags.
            if let Ok(arn) = resource.parse() {
                facts.resource_tags = tags::get(&*cx.engine, &arn).await?.into_iter().collect();
            }
        }
        self.evaluate(cx, resource, &facts)
    }

    /// Decides about an action on the caller's own user.
    pub(super) fn authorize_own_user(&self, cx: &Context) -> Result<(), ServiceError> {
        self.evaluate(cx, &self.caller.credential.user_arn, &Facts::default())
    }

    fn evaluate(&self, cx: &Context, resource: &str, facts: &Facts) -> Result<(), ServiceError> {
        let context = self.context(cx, facts);
        let request = policy::Request { action: &self.action, resource, context: &context };
        match policy::evaluate(&[&self.caller.credential.policy], &request) {
            Decision::Allow => Ok(()),
            denied @ (Decision::ExplicitDeny | Decision::ImplicitDeny) => {
                Err(self.refused(denied, cx, resource, facts))
            }
        }
    }

    fn refused(&self, decision: Decision, cx: &Context, resource: &str, facts: &Facts) -> ServiceError {
        let context = self.context(cx, facts);
        let request = policy::Request { action: &self.action, resource, context: &context };
        refusals::access_denied(decision.refusal(&request).unwrap_or_default())
    }

    fn context<'c>(&'c self, cx: &Context, facts: &'c Facts) -> policy::Context<'c> {
        let credential = &self.caller.credential;
        policy::Context {
            principal: Principal {
                account: credential.account,
                user_name: &credential.user_name,
                user_id: &credential.user_id,
                arn: &credential.user_arn,
            },
            source_ip: self.peer.ip,
            unix_seconds: cx.clock.now().unix_timestamp(),
            secure_transport: self.peer.secure,
            user_agent: self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()),
            resource_tags: &facts.resource_tags,
            request_tags: &facts.request_tags,
            request_tag_keys: &facts.tag_keys,
        }
    }
}

/// The tags that conditions look at.
#[derive(Default)]
struct Facts {
    resource_tags: Vec<(String, String)>,
    request_tags: Vec<(String, String)>,
    tag_keys: Vec<String>,
}

/// Whether an ARN names another account. Nothing is shared between accounts, so no policy can allow it.
fn belongs_to_another(resource: &str, account: AccountId) -> bool {
    let named = resource.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(3));
    named.and_then(|text| text.parse::<AccountId>().ok()).is_some_and(|named| named != account)
}

/// The tags that a request carries: by themselves, or in a document that holds a configuration and its tags.
fn request_tags(input: &Members) -> Vec<(String, String)> {
    let within = || input.values().find_map(|document| document.get("Tags"));
    let items =
        input.get("Tags").or_else(within).and_then(|tags| tags.get("Items")).and_then(Value::as_array);
    let text =
        |tag: &Value, member: &str| tag.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    items.into_iter().flatten().map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

/// The tag keys that a request names without values.
fn tag_keys(input: &Members) -> Vec<String> {
    let items = input.get("TagKeys").and_then(|keys| keys.get("Items")).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned)).collect()
}
