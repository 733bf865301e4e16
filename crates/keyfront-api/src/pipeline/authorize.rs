//! May the caller do this? Explicit deny wins, the default is deny, and accounts never cross.

use http::{HeaderMap, header};
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, FunctionArn, KeyValueStoreArn};
use keyfront_domain::policy::{self, Decision, Principal};
use keyfront_store::{stores, tags};
use serde_json::{Map, Value};

use super::Peer;
use super::plane::Plane;
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::Subject;

/// What a decision is asked for.
pub(super) struct Question<'a> {
    /// Whose form a refusal takes.
    pub(super) plane: Plane,
    /// `cloudfront:CreateKeyValueStore` and the like.
    pub(super) action: String,
    /// Who asks.
    pub(super) caller: &'a Caller,
    /// From where.
    pub(super) peer: Peer,
    /// The request's headers.
    pub(super) headers: &'a HeaderMap,
}

impl Question<'_> {
    /// Decides about an operation of the model, whose input was decoded and not yet checked. Gives the store
    /// that the operation names by its name, if there is one.
    pub(super) async fn decide(
        &self,
        cx: &Context,
        subject: Subject,
        input: &Map<String, Value>,
    ) -> Result<Option<KeyValueStoreArn>, ApiError> {
        let account = self.caller.account();
        let store = match subject {
            Subject::KeyValueStoreName => stores::resolve(&*cx.engine, account, text(input, "Name")).await?,
            Subject::Account
            | Subject::NewKeyValueStore
            | Subject::Function
            | Subject::Resource(_)
            | Subject::Arn(_) => None,
        };
        let resource = resource(subject, input, account, store.as_ref());
        if belongs_to_another(&resource, account) {
            return Err(self.refused(Decision::ImplicitDeny, cx, &resource, &Facts::default()));
        }
        let mut facts =
            Facts { request_tags: request_tags(input), tag_keys: tag_keys(input), ..Facts::default() };
        if self.caller.credential.policy.uses_resource_tags() {
            // What names no certain resource has no tags.
            if let Ok(arn) = resource.parse() {
                facts.resource_tags = tags::get(&*cx.engine, &arn).await?.into_iter().collect();
            }
        }
        self.evaluate(cx, &resource, &facts)?;
        Ok(store)
    }

    /// Decides about an action on the caller's own user.
    pub(super) fn decide_own_user(&self, cx: &Context) -> Result<(), ApiError> {
        self.evaluate(cx, &self.caller.credential.user_arn, &Facts::default())
    }

    fn evaluate(&self, cx: &Context, resource: &str, facts: &Facts) -> Result<(), ApiError> {
        let context = self.context(cx, facts);
        let request = policy::Request { action: &self.action, resource, context: &context };
        match policy::evaluate(&[&self.caller.credential.policy], &request) {
            Decision::Allow => Ok(()),
            denied @ (Decision::ExplicitDeny | Decision::ImplicitDeny) => {
                Err(self.refused(denied, cx, resource, facts))
            }
        }
    }

    fn refused(&self, decision: Decision, cx: &Context, resource: &str, facts: &Facts) -> ApiError {
        let context = self.context(cx, facts);
        let request = policy::Request { action: &self.action, resource, context: &context };
        self.plane.refuse_access(decision.refusal(&request).unwrap_or_default())
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

/// The ARN that an operation is about, or `*`.
fn resource(
    subject: Subject,
    input: &Map<String, Value>,
    account: AccountId,
    store: Option<&KeyValueStoreArn>,
) -> String {
    match (subject, store) {
        (_, Some(store)) => store.to_string(),
        (Subject::Account, None) => "*".to_owned(),
        (Subject::NewKeyValueStore, None) => format!("arn:aws:cloudfront::{account}:key-value-store/*"),
        (Subject::Function, None) => {
            FunctionArn { account, name: text(input, "Name").to_owned() }.to_string()
        }
        (Subject::Resource(kind), None) => Arn::new(account, kind, text(input, "Id")).to_string(),
        // An id can be written in capital letters too; a policy or a tag on the store must not miss it.
        (Subject::Arn(member), None) => match text(input, member).parse::<KeyValueStoreArn>() {
            Ok(arn) => arn.to_string(),
            Err(_names_no_store) => text(input, member).to_owned(),
        },
        // A policy for all stores matches this too, one for a certain store does not.
        (Subject::KeyValueStoreName, None) => {
            format!("arn:aws:cloudfront::{account}:key-value-store/{}", text(input, "Name"))
        }
    }
}

/// A member of an input that is text.
fn text<'i>(input: &'i Map<String, Value>, member: &str) -> &'i str {
    input.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// Whether an ARN names another account. Nothing is shared between accounts, so no policy can allow it.
fn belongs_to_another(resource: &str, account: AccountId) -> bool {
    let named = resource.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(3));
    named.and_then(|text| text.parse::<AccountId>().ok()).is_some_and(|named| named != account)
}

/// The tags that a request carries.
fn request_tags(input: &Map<String, Value>) -> Vec<(String, String)> {
    let items = input.get("Tags").and_then(|tags| tags.get("Items")).and_then(Value::as_array);
    let text =
        |tag: &Value, member: &str| tag.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    items.into_iter().flatten().map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

/// The tag keys that a request names without values.
fn tag_keys(input: &Map<String, Value>) -> Vec<String> {
    let items = input.get("TagKeys").and_then(|keys| keys.get("Items")).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned)).collect()
}
