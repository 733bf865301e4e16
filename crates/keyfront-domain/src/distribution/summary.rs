//! How a distribution is shown in lists.

use serde_json::{Map, Value, json};

/// The members of the configuration that `DistributionSummary` has.
const MEMBERS: [&str; 19] = [
    "Aliases",
    "Origins",
    "OriginGroups",
    "DefaultCacheBehavior",
    "CacheBehaviors",
    "CustomErrorResponses",
    "Comment",
    "PriceClass",
    "Enabled",
    "ViewerCertificate",
    "Restrictions",
    "WebACLId",
    "HttpVersion",
    "IsIPV6Enabled",
    "Staging",
    "ConnectionMode",
    "AnycastIpListId",
    "ViewerMtlsConfig",
    "ConnectionFunctionAssociation",
];

/// What `DistributionSummary` takes from a completed configuration. Id, ARN, ETag, state, time and domain name (`-`
/// for a multi-tenant distribution) come from elsewhere.
///
/// Lists have the version of HTTP in capital letters, but for multi-tenant distributions, and show members that a
/// multi-tenant distribution does not have with the values that it cannot change.
pub fn summary_config(mut config: Map<String, Value>) -> Map<String, Value> {
    let recordals = alias_icp_recordals(&config);
    config.retain(|member, _| MEMBERS.contains(&member.as_str()));
    let mut summary = config;
    if summary.get("ConnectionMode").and_then(Value::as_str) == Some("tenant-only") {
        for (member, value) in [
            ("Aliases", json!({ "Quantity": 0 })),
            ("PriceClass", json!("PriceClass_All")),
            ("IsIPV6Enabled", json!(false)),
            ("Staging", json!(false)),
        ] {
            summary.insert(member.to_owned(), value);
        }
        return summary;
    }
    summary.entry("ConnectionMode").or_insert_with(|| json!("direct"));
    if let Some(Value::String(version)) = summary.get_mut("HttpVersion") {
        version.make_ascii_uppercase();
    }
    if let Some(recordals) = recordals {
        summary.insert("AliasICPRecordals".to_owned(), recordals);
    }
    summary
}

/// `AliasICPRecordals`, which is shown beside a configuration where there are aliases.
pub fn alias_icp_recordals(config: &Map<String, Value>) -> Option<Value> {
    let aliases = config.get("Aliases")?.get("Items")?.as_array()?;
    let recordal = |alias: &Value| json!({ "CNAME": alias, "ICPRecordalStatus": "APPROVED" });
    (!aliases.is_empty()).then(|| aliases.iter().map(recordal).collect::<Vec<_>>().into())
}
