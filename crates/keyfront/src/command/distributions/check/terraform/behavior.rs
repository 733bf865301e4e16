//! Cache behaviors.

use serde_json::{Map, Value, json};

use super::attributes::{Attributes, Unknown};
use super::list::{list, list_with};

/// The behaviors beside the default one.
pub(super) fn ordered(resource: &Attributes<'_>, unknown: &mut Unknown) -> Value {
    let behavior = |(index, block): (usize, &Attributes<'_>)| {
        let at = format!("CacheBehaviors.Items[{index}]");
        let mut behavior = of(block, &at, unknown);
        let pattern = block.text("path_pattern", &format!("{at}.PathPattern"), unknown);
        behavior.insert("PathPattern".to_owned(), pattern.into());
        Value::Object(behavior)
    };
    list(resource.blocks("ordered_cache_behavior").iter().enumerate().map(behavior).collect())
}

/// A behavior without its path.
pub(super) fn of(block: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Map<String, Value> {
    let place = |member: &str| format!("{at}.{member}");
    let mut behavior = Map::new();
    for (member, attribute) in [
        ("CachePolicyId", "cache_policy_id"),
        ("FieldLevelEncryptionId", "field_level_encryption_id"),
        ("OriginRequestPolicyId", "origin_request_policy_id"),
        ("ResponseHeadersPolicyId", "response_headers_policy_id"),
        ("TargetOriginId", "target_origin_id"),
        ("ViewerProtocolPolicy", "viewer_protocol_policy"),
    ] {
        behavior.insert(member.to_owned(), block.text(attribute, &place(member), unknown).into());
    }
    for (member, attribute) in [("Compress", "compress"), ("SmoothStreaming", "smooth_streaming")] {
        behavior.insert(member.to_owned(), block.flag(attribute).into());
    }
    // TTLs belong to the policy where there is one.
    if behavior.get("CachePolicyId").and_then(Value::as_str).is_none_or(str::is_empty) {
        behavior.insert("MinTTL".to_owned(), block.number("min_ttl", &place("MinTTL"), unknown).into());
        for (member, attribute) in [("DefaultTTL", "default_ttl"), ("MaxTTL", "max_ttl")] {
            behavior.insert(member.to_owned(), block.computed_number(attribute).into());
        }
    }
    let log_config = block.text("realtime_log_config_arn", &place("RealtimeLogConfigArn"), unknown);
    if !log_config.is_empty() {
        behavior.insert("RealtimeLogConfigArn".to_owned(), log_config.into());
    }
    let mut put = |member: &str, value: Value| behavior.insert(member.to_owned(), value);
    let methods = block.items("allowed_methods", &place("AllowedMethods"), unknown);
    let cached = block.items("cached_methods", &place("AllowedMethods.CachedMethods"), unknown);
    put("AllowedMethods", list_with(methods, [("CachedMethods", list(cached))]).into());
    put("TrustedKeyGroups", enabled(block.items("trusted_key_groups", &place("TrustedKeyGroups"), unknown)));
    put("TrustedSigners", enabled(block.items("trusted_signers", &place("TrustedSigners"), unknown)));
    put("FunctionAssociations", functions(block, at, unknown));
    put("LambdaFunctionAssociations", lambda_functions(block, at, unknown));
    if let Some(grpc) = block.block("grpc_config") {
        put("GrpcConfig", json!({ "Enabled": grpc.flag("enabled") }));
    }
    if let Some(forwarded) = block.block("forwarded_values") {
        put("ForwardedValues", forwarded_values(&forwarded, &place("ForwardedValues"), unknown));
    }
    behavior
}

/// A list that says beside whether it is used.
fn enabled(items: Vec<Value>) -> Value {
    let enabled = !items.is_empty();
    list_with(items, [("Enabled", enabled.into())]).into()
}

fn functions(block: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Value {
    let function = |(index, function): (usize, &Attributes<'_>)| {
        let place = |member: &str| format!("{at}.FunctionAssociations.Items[{index}].{member}");
        json!({
            "FunctionARN": function.text("function_arn", &place("FunctionARN"), unknown),
            "EventType": function.text("event_type", &place("EventType"), unknown),
        })
    };
    list(block.blocks("function_association").iter().enumerate().map(function).collect())
}

fn lambda_functions(block: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Value {
    let function = |(index, function): (usize, &Attributes<'_>)| {
        let place = |member: &str| format!("{at}.LambdaFunctionAssociations.Items[{index}].{member}");
        json!({
            "LambdaFunctionARN": function.text("lambda_arn", &place("LambdaFunctionARN"), unknown),
            "EventType": function.text("event_type", &place("EventType"), unknown),
            "IncludeBody": function.flag("include_body"),
        })
    };
    list(block.blocks("lambda_function_association").iter().enumerate().map(function).collect())
}

/// Lists that are empty have empty items here, as the provider sends them.
fn forwarded_values(forwarded: &Attributes<'_>, at: &str, unknown: &mut Unknown) -> Value {
    let place = |member: &str| format!("{at}.{member}");
    let mut items = |block: &Attributes<'_>, attribute: &str, member: &str| {
        let items = block.items(attribute, &place(member), unknown);
        json!({ "Quantity": items.len(), "Items": items })
    };
    let headers = items(forwarded, "headers", "Headers");
    let keys = items(forwarded, "query_string_cache_keys", "QueryStringCacheKeys");
    let cookies = forwarded.block("cookies").map(|cookies| {
        let names = items(&cookies, "whitelisted_names", "Cookies.WhitelistedNames");
        (cookies, names)
    });
    let cookies = cookies.map_or_else(Value::default, |(cookies, names)| {
        let forward = cookies.text("forward", &place("Cookies.Forward"), unknown);
        json!({ "Forward": forward, "WhitelistedNames": names })
    });
    json!({
        "QueryString": forwarded.flag("query_string"),
        "Headers": headers,
        "QueryStringCacheKeys": keys,
        "Cookies": cookies,
    })
}
