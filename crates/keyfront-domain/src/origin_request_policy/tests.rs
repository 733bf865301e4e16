//! Tests of the rules of origin request policies, and of the managed ones.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{MANAGED, OriginRequestPolicyConfig, complete};
use crate::Quotas;

/// The configuration with these members instead of its own, as the service completes it.
fn completed(changes: Value) -> Map<String, Value> {
    let mut config = json!({
        "Name": "forward",
        "HeadersConfig": { "HeaderBehavior": "none" },
        "CookiesConfig": { "CookieBehavior": "none" },
        "QueryStringsConfig": { "QueryStringBehavior": "none" },
    });
    let (Value::Object(config), Value::Object(changes)) = (&mut config, changes) else { panic!() };
    config.extend(changes);
    complete(config);
    config.clone()
}

fn refusal(changes: Value) -> Option<String> {
    let config: OriginRequestPolicyConfig = serde_json::from_value(completed(changes).into()).unwrap();
    config.check(&Quotas::default()).err().map(|error| error.to_string())
}

fn headers(behavior: &str, names: &[&str]) -> Value {
    let listed = json!({ "Quantity": names.len(), "Items": names });
    json!({ "HeadersConfig": { "HeaderBehavior": behavior, "Headers": listed } })
}

#[test]
fn what_is_sent_comes_back_without_empty_lists_and_without_a_comment_that_was_not_sent() {
    for empty in [json!({ "Quantity": 0 }), json!({ "Quantity": 0, "Items": [] })] {
        let sent = json!({ "CookiesConfig": { "CookieBehavior": "all", "Cookies": empty } });
        assert_eq!(completed(sent)["CookiesConfig"], json!({ "CookieBehavior": "all" }));
    }
    assert!(!completed(json!({})).contains_key("Comment"));
}

#[test]
fn the_rules_refuse_in_the_words_of_the_service() {
    for (changes, expected) in [
        (json!({}), None),
        (json!({ "Name": "" }), Some("InvalidArgument: The parameter Name is required.")),
        (json!({ "Name": "n".repeat(129) }), Some("InvalidArgument: The parameter Name is too big.")),
        (json!({ "Comment": "c".repeat(128) }), None),
        (json!({ "Comment": "c".repeat(129) }), Some("InvalidArgument: The parameter Comment is too big.")),
        (headers("allViewer", &[]), None),
        (headers("allViewer", &["a"]), Some("InvalidArgument: The parameter Headers is invalid.")),
        (headers("none", &["a"]), Some("InvalidArgument: The parameter Headers is invalid.")),
        (headers("whitelist", &[]), Some("InvalidArgument: The parameter Headers is required.")),
        (headers("allExcept", &[]), Some("InvalidArgument: The parameter Headers is required.")),
        (
            headers("allViewerAndWhitelistCloudFront", &[]),
            Some("InvalidArgument: The parameter Headers is required."),
        ),
    ] {
        assert_eq!(refusal(changes.clone()).as_deref(), expected, "{changes}");
    }
}

#[test]
fn which_headers_can_be_named_depends_on_the_behavior() {
    for (behavior, name, allowed) in [
        ("whitelist", "Accept", true),
        ("whitelist", "CloudFront-Viewer-Country", true),
        ("whitelist", "Authorization", false),
        ("whitelist", "accept-encoding", false),
        ("whitelist", "X-Amz-Content-Sha256", false),
        ("whitelist", "X-Edge-Location", false),
        ("whitelist", "", false),
        ("allViewerAndWhitelistCloudFront", "cloudfront-viewer-tls", true),
        ("allViewerAndWhitelistCloudFront", "Accept", false),
        ("allExcept", "Authorization", true),
        ("allExcept", "host", true),
        ("allExcept", "", false),
    ] {
        let expected = (!allowed)
            .then(|| format!("InvalidArgument: The parameter Headers contains {name} that is not allowed."));
        assert_eq!(refusal(headers(behavior, &[name])), expected, "{behavior}");
    }
}

#[test]
fn lists_of_names_are_limited() {
    for (section, behavior, list, code) in [
        ("HeadersConfig", "HeaderBehavior", "Headers", "TooManyHeadersInOriginRequestPolicy"),
        ("CookiesConfig", "CookieBehavior", "Cookies", "TooManyCookiesInOriginRequestPolicy"),
        (
            "QueryStringsConfig",
            "QueryStringBehavior",
            "QueryStrings",
            "TooManyQueryStringsInOriginRequestPolicy",
        ),
    ] {
        let with = |count: usize, quantity: usize| {
            let items: Vec<_> = (0..count).map(|n| format!("n{n}")).collect();
            let names = json!({ "Quantity": quantity, "Items": items });
            refusal(json!({ section: { behavior: "whitelist", list: names } })).unwrap_or_default()
        };
        assert_eq!(with(10, 10), "");
        assert!(with(11, 11).starts_with(code), "{list}");
        assert!(with(1, 2).starts_with("InconsistentQuantities"), "{list}");
    }
}

#[test]
fn managed_policies_satisfy_the_rules_that_custom_ones_must() {
    let ids: BTreeSet<_> = MANAGED.iter().map(|policy| policy.id).collect();
    assert_eq!(ids.len(), MANAGED.len());
    // The service itself names more headers than a custom policy may.
    let quotas = Quotas { headers_per_origin_request_policy: 21, ..Quotas::default() };
    for policy in MANAGED {
        let (mut config, shown) = (policy.config(), policy.config());
        complete(&mut config);
        assert_eq!(config, shown, "the service fills nothing in");
        let config: OriginRequestPolicyConfig = serde_json::from_value(config.into()).unwrap();
        assert_eq!(config.check(&quotas), Ok(()), "{}", policy.id);
    }
}
