//! The request context: the facts that a policy is evaluated against.

use std::net::IpAddr;

use crate::AccountId;

/// One request that needs a decision.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The action, such as `cloudfront:CreateKeyValueStore`.
    pub action: &'a str,
    /// The ARN of the resource, or `*` for an action that has none, such as a list.
    pub resource: &'a str,
    /// The facts that conditions and policy variables look at.
    pub context: &'a Context<'a>,
}

/// The facts of a request (IAM calls it the request context).
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who asks.
    pub principal: Principal<'a>,
    /// `aws:SourceIp`: where the connection comes from; `None` where it has no address.
    pub source_ip: Option<IpAddr>,
    /// `aws:CurrentTime` and `aws:EpochTime`: the time of the request, in seconds since 1970.
    pub unix_seconds: i64,
    /// `aws:SecureTransport`: whether the request came over TLS.
    pub secure_transport: bool,
    /// `aws:UserAgent`: the header's value. A client writes into it what it likes.
    pub user_agent: Option<&'a str>,
    /// `aws:ResourceTag/KEY`: tags of the resource. May stay empty unless
    /// [`Policy::uses_resource_tags`](super::Policy::uses_resource_tags).
    pub resource_tags: &'a [(String, String)],
    /// `aws:RequestTag/KEY` and `aws:TagKeys`: tags that the request carries.
    pub request_tags: &'a [(String, String)],
    /// `aws:TagKeys` too: tag keys that the request names without a value, as `UntagResource` does.
    pub request_tag_keys: &'a [String],
}

/// The IAM user who signed the request.
#[derive(Debug, Clone, Copy)]
pub struct Principal<'a> {
    /// `aws:PrincipalAccount`: the account that the user belongs to.
    pub account: AccountId,
    /// `aws:username`: the user's name, without its path.
    pub user_name: &'a str,
    /// `aws:userid`: the user's unique id.
    pub user_id: &'a str,
    /// `aws:PrincipalArn`: the user's ARN.
    pub arn: &'a str,
}

/// A fact about the principal. Every request has all of them, so a policy variable always has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PrincipalFact {
    Account,
    Arn,
    UserName,
    UserId,
    Type,
}

impl PrincipalFact {
    /// Reads the name of a condition key or policy variable; case does not matter.
    pub(super) fn parse(name: &str) -> Option<PrincipalFact> {
        let facts = [
            ("aws:PrincipalAccount", PrincipalFact::Account),
            ("aws:PrincipalArn", PrincipalFact::Arn),
            ("aws:username", PrincipalFact::UserName),
            ("aws:userid", PrincipalFact::UserId),
            ("aws:PrincipalType", PrincipalFact::Type),
        ];
        facts.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, fact)| fact)
    }
}

impl Principal<'_> {
    pub(super) fn fact(&self, fact: PrincipalFact) -> &str {
        match fact {
            // Always text: an account id holds twelve digits and nothing else.
            PrincipalFact::Account => std::str::from_utf8(self.account.as_bytes()).unwrap_or_default(),
            PrincipalFact::Arn => self.arn,
            PrincipalFact::UserName => self.user_name,
            PrincipalFact::UserId => self.user_id,
            // AWS: IAM policy elements, Variables and tags, table of principal key values.
            PrincipalFact::Type => "User",
        }
    }
}

/// What the policies say to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A statement allows it and none denies it.
    Allow,
    /// A statement denies it, whatever others allow.
    ExplicitDeny,
    /// No statement speaks of it.
    ImplicitDeny,
}

impl Decision {
    /// The service's message for a refused request, `None` when the request is allowed.
    ///
    /// Seen on AWS: `User: … is not authorized to perform: cloudfront:CreateInvalidation on resource: …
    /// because no identity-based policy allows the cloudfront:CreateInvalidation action`.
    #[must_use]
    pub fn refusal(self, request: &Request<'_>) -> Option<String> {
        let Request { action, resource, context } = request;
        let because = match self {
            Decision::Allow => return None,
            Decision::ExplicitDeny => "with an explicit deny in an identity-based policy".to_owned(),
            Decision::ImplicitDeny => format!("because no identity-based policy allows the {action} action"),
        };
        let user = context.principal.arn;
        Some(format!("User: {user} is not authorized to perform: {action} on resource: {resource} {because}"))
    }
}
