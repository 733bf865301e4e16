//! Cache, origin request and response headers policies.

use aws_sdk_cloudfront::types::{
    CachePolicyList, CachePolicyType, OriginRequestPolicyList, OriginRequestPolicyType,
    ResponseHeadersPolicyList, ResponseHeadersPolicyType,
};

use crate::client::Client;
use crate::error::ClientError;
use crate::pagination::{self, Page};

/// A policy that cache behaviors name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    /// What it is for.
    pub kind: PolicyKind,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A comment.
    pub comment: String,
    /// Whether it is AWS's own, which every account has.
    pub managed: bool,
}

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// The cache key, and how long objects stay.
    Cache,
    /// What the origin gets.
    OriginRequest,
    /// What viewers get.
    ResponseHeaders,
}

impl PolicyKind {
    /// All kinds.
    pub const ALL: [PolicyKind; 3] =
        [PolicyKind::Cache, PolicyKind::OriginRequest, PolicyKind::ResponseHeaders];

    /// Its name: `cache`, `origin-request` or `response-headers`.
    pub fn as_str(self) -> &'static str {
        match self {
            PolicyKind::Cache => "cache",
            PolicyKind::OriginRequest => "origin-request",
            PolicyKind::ResponseHeaders => "response-headers",
        }
    }
}

impl Client {
    /// All policies of a kind: of the account and AWS's own, or those of one type.
    pub async fn policies(
        &self,
        kind: PolicyKind,
        managed: Option<bool>,
    ) -> Result<Vec<StoredPolicy>, ClientError> {
        match kind {
            PolicyKind::Cache => self.cache_policies(managed).await,
            PolicyKind::OriginRequest => self.origin_request_policies(managed).await,
            PolicyKind::ResponseHeaders => self.response_headers_policies(managed).await,
        }
    }

    async fn cache_policies(&self, managed: Option<bool>) -> Result<Vec<StoredPolicy>, ClientError> {
        pagination::all(|marker| async {
            let wanted = managed.map(|managed| CachePolicyType::from(type_of(managed)));
            let call = self.control.list_cache_policies().set_type(wanted).set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListCachePolicies", &error))?;
            let list = answer.cache_policy_list;
            let items = list.iter().flat_map(CachePolicyList::items).filter_map(|item| {
                let policy = item.cache_policy()?;
                let config = policy.cache_policy_config()?;
                let named = (policy.id(), config.name(), config.comment());
                Some(stored(PolicyKind::Cache, item.r#type().as_str(), named))
            });
            Ok(Page { items: items.collect(), next: list.as_ref().and_then(|list| list.next_marker.clone()) })
        })
        .await
    }

    async fn origin_request_policies(&self, managed: Option<bool>) -> Result<Vec<StoredPolicy>, ClientError> {
        pagination::all(|marker| async {
            let wanted = managed.map(|managed| OriginRequestPolicyType::from(type_of(managed)));
            let call = self.control.list_origin_request_policies().set_type(wanted).set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListOriginRequestPolicies", &error))?;
            let list = answer.origin_request_policy_list;
            let items = list.iter().flat_map(OriginRequestPolicyList::items).filter_map(|item| {
                let policy = item.origin_request_policy()?;
                let config = policy.origin_request_policy_config()?;
                let named = (policy.id(), config.name(), config.comment());
                Some(stored(PolicyKind::OriginRequest, item.r#type().as_str(), named))
            });
            Ok(Page { items: items.collect(), next: list.as_ref().and_then(|list| list.next_marker.clone()) })
        })
        .await
    }

    async fn response_headers_policies(
        &self,
        managed: Option<bool>,
    ) -> Result<Vec<StoredPolicy>, ClientError> {
        pagination::all(|marker| async {
            let wanted = managed.map(|managed| ResponseHeadersPolicyType::from(type_of(managed)));
            let call =
                self.control.list_response_headers_policies().set_type(wanted).set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListResponseHeadersPolicies", &error))?;
            let list = answer.response_headers_policy_list;
            let items = list.iter().flat_map(ResponseHeadersPolicyList::items).filter_map(|item| {
                let policy = item.response_headers_policy()?;
                let config = policy.response_headers_policy_config()?;
                let named = (policy.id(), config.name(), config.comment());
                Some(stored(PolicyKind::ResponseHeaders, item.r#type().as_str(), named))
            });
            Ok(Page { items: items.collect(), next: list.as_ref().and_then(|list| list.next_marker.clone()) })
        })
        .await
    }
}

/// A policy of a type, with its id, its name and its comment.
fn stored(
    kind: PolicyKind,
    policy_type: &str,
    (id, name, comment): (&str, &str, Option<&str>),
) -> StoredPolicy {
    StoredPolicy {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        comment: comment.unwrap_or_default().to_owned(),
        managed: policy_type == type_of(true),
    }
}

/// The service's word.
fn type_of(managed: bool) -> &'static str {
    if managed { "managed" } else { "custom" }
}
