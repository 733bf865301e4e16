//! How distributions are shown in lists.

use serde_json::{Value, json};

use super::bodies::{cloudformation, multi_tenant, terraform};
use super::{completed, with};
use crate::distribution::summary_config;

#[test]
fn a_list_shows_most_of_the_configuration() {
    let config = completed(cloudformation());
    let summary = summary_config(config.clone());
    let mut members: Vec<_> = summary.keys().map(String::as_str).collect();
    members.sort_unstable();
    let expected = [
        "AliasICPRecordals",
        "Aliases",
        "CacheBehaviors",
        "Comment",
        "ConnectionMode",
        "CustomErrorResponses",
        "DefaultCacheBehavior",
        "Enabled",
        "HttpVersion",
        "IsIPV6Enabled",
        "OriginGroups",
        "Origins",
        "PriceClass",
        "Restrictions",
        "Staging",
        "ViewerCertificate",
        "WebACLId",
    ];
    assert_eq!(members, expected);
    assert_eq!(summary["Origins"], config["Origins"]);
    assert_eq!(summary["ConnectionMode"], json!("direct"));
    let recordals = json!([{ "CNAME": "www.example.com", "ICPRecordalStatus": "APPROVED" }]);
    assert_eq!(summary["AliasICPRecordals"], recordals);
    assert!(!summary_config(completed(terraform())).contains_key("AliasICPRecordals"));
}

#[test]
fn lists_have_the_version_of_http_in_capital_letters() {
    for (sent, shown) in
        [("http1.1", "HTTP1.1"), ("http2", "HTTP2"), ("http3", "HTTP3"), ("http2and3", "HTTP2AND3")]
    {
        let summary = summary_config(completed(with(terraform(), &[("HttpVersion", json!(sent))])));
        assert_eq!(summary["HttpVersion"], json!(shown));
    }
}

/// As `list-distributions-by-connection-mode` of the AWS CLI's examples.
#[test]
fn a_multi_tenant_distribution_is_listed_with_values_that_it_cannot_have() {
    let summary = summary_config(completed(multi_tenant()));
    for (member, expected) in [
        ("Aliases", json!({ "Quantity": 0 })),
        ("PriceClass", json!("PriceClass_All")),
        ("HttpVersion", json!("http2")),
        ("IsIPV6Enabled", json!(false)),
        ("Staging", json!(false)),
        ("ConnectionMode", json!("tenant-only")),
        ("TenantConfig", Value::Null),
        ("AliasICPRecordals", Value::Null),
    ] {
        assert_eq!(summary.get(member).cloned().unwrap_or_default(), expected, "{member}");
    }
    let behavior = summary["DefaultCacheBehavior"].as_object().unwrap();
    assert!(!behavior.contains_key("TrustedSigners") && !behavior.contains_key("SmoothStreaming"));
}
