//! Tests of the rules of cache policies, and of the managed ones.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{CachePolicyConfig, MANAGED, complete};
use crate::Quotas;

fn members(json: Value) -> Map<String, Value> {
    serde_json::from_value(json).unwrap()
}

/// The configuration with these members instead of its own, as the service completes it.
fn completed(changes: Value) -> Map<String, Value> {
    let mut config = members(json!({ "Name": "pages", "MinTTL": 1 }));
    config.extend(members(changes));
    complete(&mut config);
    config
}

fn refusal(changes: Value) -> Option<String> {
    let config: CachePolicyConfig = serde_json::from_value(completed(changes).into()).unwrap();
    config.check(&Quotas::default()).err().map(|error| error.to_string())
}

/// A cache key with one of its sections.
fn key(section: &str, content: Value) -> Value {
    let mut parameters = members(json!({
        "EnableAcceptEncodingGzip": false,
        "HeadersConfig": { "HeaderBehavior": "none" },
        "CookiesConfig": { "CookieBehavior": "none" },
        "QueryStringsConfig": { "QueryStringBehavior": "none" },
    }));
    parameters.insert(section.to_owned(), content);
    json!({ "ParametersInCacheKeyAndForwardedToOrigin": parameters })
}

fn names(count: usize, length: usize) -> Value {
    let items: Vec<_> = (0..count).map(|n| format!("{n:a<length$}")).collect();
    json!({ "Quantity": count, "Items": items })
}

#[test]
fn what_is_left_out_is_filled_in() {
    let empty = json!({
        "EnableAcceptEncodingGzip": false,
        "EnableAcceptEncodingBrotli": false,
        "HeadersConfig": { "HeaderBehavior": "none" },
        "CookiesConfig": { "CookieBehavior": "none" },
        "QueryStringsConfig": { "QueryStringBehavior": "none" },
    });
    for (given, default_ttl, max_ttl) in [
        (json!({ "MinTTL": 1 }), 86_400, 31_536_000),
        (json!({ "MinTTL": 100_000 }), 100_000, 31_536_000),
        (json!({ "MinTTL": 40_000_000 }), 40_000_000, 40_000_000),
        (json!({ "MinTTL": 0, "DefaultTTL": 40_000_000 }), 40_000_000, 40_000_000),
        (json!({ "MinTTL": 0, "DefaultTTL": 0 }), 0, 31_536_000),
        (json!({ "MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 0 }), 0, 0),
    ] {
        let config = completed(given.clone());
        assert_eq!(
            (&config["DefaultTTL"], &config["MaxTTL"]),
            (&json!(default_ttl), &json!(max_ttl)),
            "{given}"
        );
        assert_eq!(config["Comment"], json!(""));
        assert_eq!(config["ParametersInCacheKeyAndForwardedToOrigin"], empty, "{given}");
    }
}

#[test]
fn an_empty_list_of_names_is_left_out() {
    for empty in [json!({ "Quantity": 0 }), json!({ "Quantity": 0, "Items": [] })] {
        let config = completed(key("HeadersConfig", json!({ "HeaderBehavior": "none", "Headers": empty })));
        let headers = &config["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"];
        assert_eq!(*headers, json!({ "HeaderBehavior": "none" }));
    }
}

#[test]
fn the_rules_refuse_in_the_words_of_the_service() {
    let order = "InvalidArgument: MinTTL, MaxTTL and DefaultTTL should follow order MinTTL less than or equal to \
                 DefaultTTL less than or equal to MaxTTL";
    for (changes, expected) in [
        (json!({}), None),
        (json!({ "Name": "" }), Some("InvalidArgument: The parameter Name is required.")),
        (json!({ "Name": "n".repeat(129) }), Some("InvalidArgument: The parameter Name is too big.")),
        (json!({ "Comment": "c".repeat(128) }), None),
        (json!({ "Comment": "c".repeat(129) }), Some("InvalidArgument: The parameter Comment is too big.")),
        (json!({ "MinTTL": -1 }), Some("InvalidArgument: The parameter MinTTL is invalid.")),
        (json!({ "MinTTL": 10, "DefaultTTL": 5 }), Some(order)),
        (json!({ "MinTTL": 1, "DefaultTTL": 5, "MaxTTL": 4 }), Some(order)),
    ] {
        assert_eq!(refusal(changes.clone()).as_deref(), expected, "{changes}");
    }
}

#[test]
fn nothing_is_in_the_key_where_caching_is_disabled() {
    for (section, content, member) in [
        ("EnableAcceptEncodingGzip", json!(true), "EnableAcceptEncodingGzip"),
        ("EnableAcceptEncodingBrotli", json!(true), "EnableAcceptEncodingBrotli"),
        ("HeadersConfig", json!({ "HeaderBehavior": "whitelist", "Headers": names(1, 3) }), "HeaderBehavior"),
        ("CookiesConfig", json!({ "CookieBehavior": "all" }), "CookieBehavior"),
        ("QueryStringsConfig", json!({ "QueryStringBehavior": "all" }), "QueryStringBehavior"),
    ] {
        let mut changes = members(key(section, content.clone()));
        assert_eq!(refusal(changes.clone().into()), None, "{section}");
        changes.extend(members(json!({ "MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 0 })));
        let expected =
            format!("InvalidArgument: The parameter {member} is invalid for policy with caching disabled.");
        assert_eq!(refusal(changes.into()), Some(expected), "{section}");
    }
}

#[test]
fn lists_of_names_belong_to_a_behavior_and_are_limited() {
    for (section, behavior, list, code) in [
        ("HeadersConfig", "HeaderBehavior", "Headers", "TooManyHeadersInCachePolicy"),
        ("CookiesConfig", "CookieBehavior", "Cookies", "TooManyCookiesInCachePolicy"),
        ("QueryStringsConfig", "QueryStringBehavior", "QueryStrings", "TooManyQueryStringsInCachePolicy"),
    ] {
        let refused = |content: Value| refusal(key(section, content)).unwrap_or_default();
        let listed = |names: Value| json!({ behavior: "whitelist", list: names });
        assert_eq!(refused(listed(names(10, 10))), "");
        assert!(refused(listed(names(11, 10))).starts_with(code), "{list}");
        assert_eq!(
            refused(listed(names(10, 103))),
            format!("InvalidArgument: The parameter {list} is too big.")
        );
        let required = format!("InvalidArgument: The parameter {list} is required.");
        assert_eq!(refused(json!({ behavior: "whitelist" })), required);
        assert_eq!(refused(listed(json!({ "Quantity": 0, "Items": [] }))), required);
        let invalid = format!("InvalidArgument: The parameter {list} is invalid.");
        assert_eq!(refused(json!({ behavior: "none", list: names(1, 3) })), invalid);
        let inconsistent = refused(listed(json!({ "Quantity": 2, "Items": ["a"] })));
        assert!(inconsistent.starts_with("InconsistentQuantities"), "{inconsistent}");
    }
}

#[test]
fn headers_that_cloudfront_sets_itself_are_refused() {
    for (name, allowed) in [
        ("Authorization", true),
        ("Accept", true),
        ("accept-encoding", false),
        ("Accept-Encoding", false),
        ("X-Amz-Content-Sha256", false),
        ("X-Edge-Location", false),
    ] {
        let headers = json!({ "HeaderBehavior": "whitelist", "Headers": { "Quantity": 1, "Items": [name] } });
        let expected = (!allowed)
            .then(|| format!("InvalidArgument: The parameter Headers contains {name} that is not allowed."));
        assert_eq!(refusal(key("HeadersConfig", headers)), expected);
    }
}

#[test]
fn managed_policies_satisfy_the_rules_that_custom_ones_must() {
    let ids: BTreeSet<_> = MANAGED.iter().map(|policy| policy.id).collect();
    assert_eq!(ids.len(), MANAGED.len());
    for policy in MANAGED {
        let (mut config, shown) = (policy.config(), policy.config());
        complete(&mut config);
        assert_eq!(config, shown, "the service fills nothing in");
        let config: CachePolicyConfig = serde_json::from_value(config.into()).unwrap();
        assert_eq!(config.check(&Quotas::default()), Ok(()), "{}", policy.id);
    }
}
