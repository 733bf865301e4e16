//! IAM policies: which requests a user may make.
//!
//! A [`Policy`] is parsed once from the JSON that IAM uses and evaluated for every request. Only
//! identity-based policies exist here: no principals, no permission boundaries, no sessions. A document
//! that is not understood in full is refused when it is read, because a condition that silently does
//! nothing is a hole; where IAM accepts and ignores, Keyfront says what to write instead.
//!
//! Sources: AWS: IAM JSON policy element reference; Policy evaluation logic; Variables and tags.

mod arn;
mod condition;
mod document;
mod error;
mod json;
mod pattern;
mod request;

pub use self::error::PolicyError;
pub use self::request::{Context, Decision, Principal, Request};

use self::document::{Effect, Selection, Statement};
use self::json::Json;
use self::pattern::{Case, Pattern, Syntax};
use crate::AccountId;

/// Longest text of a policy, white space included (AWS: IAM API Reference, `CreatePolicy`,
/// `PolicyDocument`).
pub const MAX_DOCUMENT_CHARACTERS: usize = 131_072;

/// Longest policy, white space not counted (AWS: IAM and AWS STS quotas, managed policy size).
pub const MAX_POLICY_CHARACTERS: usize = 6_144;

/// A policy, ready to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
}

impl Policy {
    /// Parses a policy document.
    ///
    /// Without a `Version`, or with `2008-10-17`, a policy has no variables; IAM then takes `${…}`
    /// literally, and Keyfront refuses it.
    pub fn parse(json: &str) -> Result<Policy, PolicyError> {
        let characters = json.chars().count();
        if characters > MAX_DOCUMENT_CHARACTERS {
            return Err(PolicyError::TooLong { characters, counted: "", limit: MAX_DOCUMENT_CHARACTERS });
        }
        let characters = json.chars().filter(|c| !c.is_whitespace()).count();
        if characters > MAX_POLICY_CHARACTERS {
            let counted = " without white space";
            return Err(PolicyError::TooLong { characters, counted, limit: MAX_POLICY_CHARACTERS });
        }
        let json: Json =
            serde_json::from_str(json).map_err(|error| PolicyError::NotJson(error.to_string()))?;
        document::parse(json).map(|statements| Policy { statements })
    }

    /// Whether the policy looks at tags of the resource, so that they have to be fetched before it is
    /// evaluated.
    pub fn uses_resource_tags(&self) -> bool {
        self.statements.iter().flat_map(|statement| &statement.tests).any(condition::Test::uses_resource_tags)
    }
}

/// Whether the name of an action in a policy, which may have wildcards such as in `Get*`, means this action.
#[must_use]
pub fn action_matches(pattern: &str, action: &str) -> bool {
    let principal = Principal { account: AccountId::DEVELOPMENT, user_name: "", user_id: "", arn: "" };
    let pattern = Pattern::parse(pattern, Syntax { wildcards: true, variables: false });
    pattern.is_ok_and(|pattern| pattern.matches(action, &principal, Case::Insensitive))
}

/// Decides about a request: an explicit deny wins, then an allow, and silence denies.
#[must_use]
pub fn evaluate(policies: &[&Policy], request: &Request<'_>) -> Decision {
    let mut decision = Decision::ImplicitDeny;
    for statement in policies.iter().flat_map(|policy| &policy.statements) {
        let already_allowed = decision == Decision::Allow && statement.effect == Effect::Allow;
        if already_allowed || !statement.applies(request) {
            continue;
        }
        match statement.effect {
            Effect::Deny => return Decision::ExplicitDeny,
            Effect::Allow => decision = Decision::Allow,
        }
    }
    decision
}

impl Statement {
    fn applies(&self, request: &Request<'_>) -> bool {
        let Request { action, resource, context } = request;
        self.actions.contains(action, context, Case::Insensitive)
            && self.resources.contains(resource, context, Case::Sensitive)
            && self.tests.iter().all(|test| test.passes(context))
    }
}

impl Selection {
    fn contains(&self, text: &str, context: &Context<'_>, case: Case) -> bool {
        let listed = self.patterns.iter().any(|pattern| pattern.matches(text, &context.principal, case));
        listed != self.all_others
    }
}

#[cfg(test)]
mod tests;
