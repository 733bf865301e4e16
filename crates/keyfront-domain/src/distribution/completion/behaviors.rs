//! What the service fills in for cache behaviors.

use serde_json::{Map, Value, json};

use super::{Kind, drop_empty_list, drop_empty_text, drop_false, fill, items};

/// Seconds of a `DefaultTTL` that is left out: a day.
const DEFAULT_TTL: i64 = 86_400;
/// Seconds of a `MaxTTL` that is left out: a year.
const MAX_TTL: i64 = 31_536_000;

/// The order in which the service shows methods, however they are sent.
const METHODS: [&str; 7] = ["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"];

/// Ids that are left out where they are empty. Others are shown empty.
const IDS: [&str; 4] =
    ["CachePolicyId", "OriginRequestPolicyId", "ResponseHeadersPolicyId", "RealtimeLogConfigArn"];

pub(super) fn complete(config: &mut Map<String, Value>, kind: Kind) {
    if let Some(behavior) = config.get_mut("DefaultCacheBehavior").and_then(Value::as_object_mut) {
        complete_one(behavior, kind);
    }
    for behavior in items(config, "CacheBehaviors") {
        complete_one(behavior, kind);
    }
}

fn complete_one(behavior: &mut Map<String, Value>, kind: Kind) {
    for id in IDS {
        drop_empty_text(behavior, id);
    }
    methods(behavior);
    fill(behavior, "TrustedKeyGroups", || json!({ "Enabled": false, "Quantity": 0 }));
    fill(behavior, "Compress", || json!(false));
    fill(behavior, "LambdaFunctionAssociations", || json!({ "Quantity": 0 }));
    for association in items(behavior, "LambdaFunctionAssociations") {
        fill(association, "IncludeBody", || json!(false));
    }
    fill(behavior, "FunctionAssociations", || json!({ "Quantity": 0 }));
    fill(behavior, "FieldLevelEncryptionId", || json!(""));
    fill(behavior, "GrpcConfig", || json!({ "Enabled": false }));
    match kind {
        Kind::Standard => {
            fill(behavior, "TrustedSigners", || json!({ "Enabled": false, "Quantity": 0 }));
            fill(behavior, "SmoothStreaming", || json!(false));
            forwarded_values(behavior);
        }
        Kind::MultiTenant => {
            drop_empty_list(behavior, "TrustedSigners");
            drop_false(behavior, "SmoothStreaming");
        }
    }
}

/// The first two methods where none are given, and the service's order.
fn methods(behavior: &mut Map<String, Value>) {
    let two = || json!({ "Quantity": 2, "Items": ["HEAD", "GET"] });
    fill(behavior, "AllowedMethods", two);
    let Some(allowed) = behavior.get_mut("AllowedMethods").and_then(Value::as_object_mut) else { return };
    fill(allowed, "CachedMethods", two);
    sort(allowed);
    if let Some(cached) = allowed.get_mut("CachedMethods").and_then(Value::as_object_mut) {
        sort(cached);
    }
}

fn sort(list: &mut Map<String, Value>) {
    let Some(items) = list.get_mut("Items").and_then(Value::as_array_mut) else { return };
    items.sort_by_key(|method| METHODS.iter().position(|known| method == known).unwrap_or(METHODS.len()));
}

/// The TTLs and lists that go with forwarded values. With a cache policy there are none of them, so what is sent
/// beside one stays for the rules to refuse.
fn forwarded_values(behavior: &mut Map<String, Value>) {
    if behavior.contains_key("CachePolicyId") {
        return;
    }
    let seconds = |behavior: &Map<String, Value>, member: &str| behavior.get(member).and_then(Value::as_i64);
    let min_ttl = seconds(behavior, "MinTTL").unwrap_or_default();
    let Some(forwarded) = behavior.get_mut("ForwardedValues").and_then(Value::as_object_mut) else { return };
    for list in ["Headers", "QueryStringCacheKeys"] {
        fill(forwarded, list, || json!({ "Quantity": 0 }));
    }
    // "If you change the value of Forward … CloudFront deletes them automatically" (AWS: CookiePreference).
    if let Some(cookies) = forwarded.get_mut("Cookies").and_then(Value::as_object_mut)
        && cookies.get("Forward").and_then(Value::as_str) != Some("whitelist")
    {
        cookies.remove("WhitelistedNames");
    }
    fill(behavior, "DefaultTTL", || json!(DEFAULT_TTL.max(min_ttl)));
    let default_ttl = seconds(behavior, "DefaultTTL").unwrap_or_default();
    fill(behavior, "MaxTTL", || json!(MAX_TTL.max(default_ttl).max(min_ttl)));
}
