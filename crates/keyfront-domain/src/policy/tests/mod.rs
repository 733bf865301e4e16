//! Tests of policies through the public functions, as tables; only patterns are tested from within.

mod conditions;
mod documents;
mod evaluation;
mod patterns;

use super::*;

pub(super) const STORE: &str =
    "arn:aws:cloudfront::123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";

/// The user that all tests ask for, in a request without tags.
pub(super) fn ann() -> Context<'static> {
    Context {
        principal: principal("ann"),
        source_ip: Some([203, 0, 113, 7].into()),
        // 2026-08-21T12:00:00Z
        unix_seconds: 1_787_313_600,
        secure_transport: true,
        user_agent: Some("aws-cli/2.31.0"),
        resource_tags: &[],
        request_tags: &[],
        request_tag_keys: &[],
    }
}

pub(super) fn principal(user_name: &str) -> Principal<'_> {
    Principal {
        account: "123456789012".parse().unwrap(),
        user_name,
        user_id: "AIDAEXAMPLE",
        arn: "arn:aws:iam::123456789012:user/ops/ann",
    }
}

pub(super) fn tags(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A policy with one statement that has `rest` besides its effect, action and resource.
pub(super) fn allow_all_with(rest: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*"{rest}}}}}"#
    )
}

/// What one policy says to a request.
pub(super) fn decide(policy: &str, action: &str, resource: &str, context: &Context<'_>) -> Decision {
    let policy = Policy::parse(policy).unwrap_or_else(|error| panic!("{policy}\n{error}"));
    evaluate(&[&policy], &Request { action, resource, context })
}
