//! Tests of the rules of response headers policies, and of the managed ones.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{MANAGED, ResponseHeadersPolicyConfig};
use crate::Quotas;

fn refusal(mut config: Value) -> Option<String> {
    if config.get("Name").is_none() {
        config["Name"] = json!("headers");
    }
    let config: ResponseHeadersPolicyConfig = serde_json::from_value(config).unwrap();
    config.check(&Quotas::default()).err().map(|error| error.to_string())
}

/// Checks the outcomes of configurations: nothing, or the start of what is refused.
fn check(table: impl IntoIterator<Item = (Value, &'static str)>) {
    for (config, expected) in table {
        let refused = refusal(config.clone()).unwrap_or_default();
        assert!(
            refused.starts_with(expected) && refused.is_empty() == expected.is_empty(),
            "{config}: {refused}"
        );
    }
}

fn listed(items: &[&str]) -> Value {
    json!({ "Quantity": items.len(), "Items": items })
}

/// A policy with a section for other origins, in which this member is different.
fn cors(member: &str, value: Value) -> Value {
    let mut cors = json!({
        "AccessControlAllowOrigins": listed(&["https://a.example"]),
        "AccessControlAllowHeaders": listed(&["*"]),
        "AccessControlAllowMethods": listed(&["GET"]),
        "AccessControlAllowCredentials": true,
        "OriginOverride": false,
    });
    cors[member] = value;
    json!({ "CorsConfig": cors })
}

#[test]
fn a_policy_has_a_name_and_perhaps_a_comment() {
    check([
        (json!({}), ""),
        (json!({ "Name": "" }), "InvalidArgument: The parameter Name is required."),
        (json!({ "Name": "n".repeat(129) }), "InvalidArgument: The parameter Name is too big."),
        (json!({ "Comment": "c".repeat(128) }), ""),
        (json!({ "Comment": "c".repeat(129) }), "InvalidArgument: The parameter Comment is too big."),
    ]);
}

#[test]
fn origins_headers_and_methods_are_named_and_wildcards_stand_at_the_left() {
    check([
        (cors("AccessControlMaxAgeSec", json!(0)), ""),
        (
            cors("AccessControlMaxAgeSec", json!(-1)),
            "InvalidArgument: The parameter AccessControlMaxAgeSec is invalid.",
        ),
        (cors("AccessControlExposeHeaders", json!({ "Quantity": 0 })), ""),
        (
            cors("AccessControlExposeHeaders", listed(&[""])),
            "InvalidArgument: The parameter AccessControlExposeHeaders",
        ),
        (
            cors("AccessControlAllowHeaders", json!({ "Quantity": 2, "Items": ["a"] })),
            "InconsistentQuantities: ",
        ),
    ]);
    for member in ["AccessControlAllowOrigins", "AccessControlAllowHeaders", "AccessControlAllowMethods"] {
        let expected = format!("InvalidArgument: The parameter {member} is required.");
        assert_eq!(refusal(cors(member, json!({ "Quantity": 0 }))), Some(expected));
    }
    for (origin, allowed) in [
        ("*", true),
        ("http://*", true),
        ("https://*.example.org", true),
        ("*.example.org", true),
        ("https://example.org:8443", true),
        ("https://example.org:*", true),
        ("example.*", false),
        ("test.*.example.org", false),
        ("exa*mple.org", false),
        ("*a.example.org", false),
    ] {
        let text = format!(
            "InvalidArgument: The parameter AccessControlAllowOrigins contains {origin} that is not allowed."
        );
        let expected = (!allowed).then_some(text);
        assert_eq!(refusal(cors("AccessControlAllowOrigins", listed(&[origin]))), expected);
    }
}

#[test]
fn security_headers_are_as_browsers_take_them() {
    let security = |member: &str, value: Value| json!({ "SecurityHeadersConfig": { member: value } });
    let xss = |more: Value| {
        let mut xss = json!({ "Override": false, "Protection": true });
        let (Value::Object(xss_members), Value::Object(more)) = (&mut xss, more) else { panic!() };
        xss_members.extend(more);
        security("XSSProtection", xss)
    };
    let policy = |length: usize| {
        security(
            "ContentSecurityPolicy",
            json!({ "Override": true, "ContentSecurityPolicy": "c".repeat(length) }),
        )
    };
    let transport = |seconds: i64| {
        security("StrictTransportSecurity", json!({ "Override": true, "AccessControlMaxAgeSec": seconds }))
    };
    check([
        (json!({ "SecurityHeadersConfig": {} }), ""),
        (xss(json!({ "ModeBlock": true })), ""),
        (xss(json!({ "ModeBlock": true, "ReportUri": "" })), ""),
        (xss(json!({ "ModeBlock": false, "ReportUri": "https://r" })), ""),
        (
            xss(json!({ "ModeBlock": true, "ReportUri": "https://r" })),
            "InvalidArgument: The parameter ReportUri is invalid.",
        ),
        (policy(1783), ""),
        (policy(1784), "TooLongCSPInResponseHeadersPolicy: "),
        (policy(0), "InvalidArgument: The parameter ContentSecurityPolicy is required."),
        (transport(0), ""),
        (transport(-1), "InvalidArgument: The parameter AccessControlMaxAgeSec is invalid."),
    ]);
}

#[test]
fn a_sampling_rate_has_four_decimal_places() {
    for (rate, valid) in [
        (json!(null), true),
        (json!(0), true),
        (json!(100), true),
        (json!(12.3456), true),
        (json!(0.0001), true),
        (json!(99.9999), true),
        (json!(0.00001), false),
        (json!(33.33333), false),
    ] {
        let config = json!({ "ServerTimingHeadersConfig": { "Enabled": true, "SamplingRate": rate } });
        let expected = (!valid).then(|| "InvalidArgument: The parameter SamplingRate is invalid.".to_owned());
        assert_eq!(refusal(config), expected, "{rate}");
    }
}

#[test]
fn custom_headers_have_names_and_values_within_limits() {
    let custom = |headers: &[(&str, &str)]| {
        let header =
            |(name, value): &(&str, &str)| json!({ "Header": name, "Value": value, "Override": true });
        let items: Vec<_> = headers.iter().map(header).collect();
        json!({ "CustomHeadersConfig": { "Quantity": items.len(), "Items": items } })
    };
    let (long_name, long_value) = ("n".repeat(256), "v".repeat(1783));
    let (longer_name, longer_value) = ("n".repeat(257), "v".repeat(1784));
    check([
        (custom(&[]), ""),
        (custom(&[("X-A", "")]), ""),
        (custom(&[(&long_name, &long_value)]), ""),
        (custom(&[(&longer_name, "v")]), "InvalidArgument: The parameter Header is too big."),
        (custom(&[("X-A", &longer_value)]), "InvalidArgument: The parameter Value is too big."),
        (custom(&[("", "v")]), "InvalidArgument: The parameter Header is required."),
        (custom(&[("X A", "v")]), "InvalidArgument: The parameter Header is invalid."),
        (custom(&[("X-A", "a\nb")]), "InvalidArgument: The parameter Value is invalid."),
        (custom(&[("X-A", "v"); 10]), ""),
        (custom(&[("X-A", "v"); 11]), "TooManyCustomHeadersInResponseHeadersPolicy: "),
        (
            custom(&[("X-A", long_value.as_str()); 6]),
            "InvalidArgument: The parameter CustomHeadersConfig is too big.",
        ),
    ]);
}

#[test]
fn headers_that_cloudfront_needs_cannot_be_removed() {
    let removed = |headers: &[&str]| {
        let items: Vec<_> = headers.iter().map(|name| json!({ "Header": name })).collect();
        json!({ "RemoveHeadersConfig": { "Quantity": items.len(), "Items": items } })
    };
    check([
        (removed(&[]), ""),
        (removed(&["Server", "x-powered-by", "Vary"]), ""),
        (removed(&[""]), "InvalidArgument: The parameter Header is required."),
        (removed(&["a b"]), "InvalidArgument: The parameter Header is invalid."),
        (removed(&["a"; 10]), ""),
        (removed(&["a"; 11]), "TooManyRemoveHeadersInResponseHeadersPolicy: "),
    ]);
    for header in ["Connection", "content-length", "X-Amz-Cf-Id", "X-Edge-Location", "Via"] {
        let text = format!(
            "InvalidArgument: The parameter RemoveHeadersConfig contains {header} that is not allowed."
        );
        assert_eq!(refusal(removed(&[header])), Some(text));
    }
}

#[test]
fn managed_policies_differ_from_custom_ones_in_their_empty_lists_alone() {
    let ids: BTreeSet<_> = MANAGED.iter().map(|policy| policy.id).collect();
    assert_eq!(ids.len(), MANAGED.len());
    for policy in MANAGED {
        let mut config = Value::Object(policy.config());
        if let Some(cors) = config.get_mut("CorsConfig") {
            for member in ["AccessControlAllowHeaders", "AccessControlAllowMethods"] {
                cors[member] = listed(&["*"]);
            }
        }
        assert_eq!(refusal(config), None, "{}", policy.id);
    }
}
