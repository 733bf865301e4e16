//! What the service fills in where a configuration leaves it out, and the form that it gives to what was sent.
//!
//! What cannot be stays as it was sent, for the rules to refuse. To complete what is complete changes nothing.

mod behaviors;
mod certificate;
mod origins;

use serde_json::{Map, Value, json};

/// Seconds that an error stays in the cache where the configuration does not say.
const ERROR_CACHING_MIN_TTL: i64 = 10;

/// Fills in what the service fills in, in its form: no items in empty lists, methods in one order, no member for
/// policies that are not used, and what else [`GetDistributionConfig`] shows of what `CreateDistribution` leaves out.
///
/// [`GetDistributionConfig`]: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetDistributionConfig.html
pub fn complete(config: &mut Map<String, Value>) {
    drop_empty_items(config);
    let kind = Kind::of(config);
    origins::complete(config);
    behaviors::complete(config, kind);
    for list in ["CacheBehaviors", "CustomErrorResponses", "OriginGroups"] {
        fill(config, list, || json!({ "Quantity": 0 }));
    }
    for text in ["DefaultRootObject", "WebACLId", "Comment"] {
        fill(config, text, || json!(""));
    }
    for response in items(config, "CustomErrorResponses") {
        fill(response, "ErrorCachingMinTTL", || json!(ERROR_CACHING_MIN_TTL));
    }
    logging(config);
    http_version(config);
    let geo_restriction = || json!({ "GeoRestriction": { "RestrictionType": "none", "Quantity": 0 } });
    fill(config, "Restrictions", geo_restriction);
    certificate::complete(config, kind);
    drop_empty_text(config, "AnycastIpListId");
    match kind {
        Kind::Standard => standard(config),
        Kind::MultiTenant => multi_tenant(config),
    }
}

/// The kinds of distributions, which have different members.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Standard,
    MultiTenant,
}

impl Kind {
    pub(super) fn of(config: &Map<String, Value>) -> Kind {
        match config.get("ConnectionMode").and_then(Value::as_str) {
            Some("tenant-only") => Kind::MultiTenant,
            Some(_) | None => Kind::Standard,
        }
    }
}

/// What only standard distributions have.
fn standard(config: &mut Map<String, Value>) {
    fill(config, "Aliases", || json!({ "Quantity": 0 }));
    fill(config, "ContinuousDeploymentPolicyId", || json!(""));
    fill(config, "PriceClass", || json!("PriceClass_All"));
    fill(config, "IsIPV6Enabled", || json!(true));
    fill(config, "Staging", || json!(false));
    let definitions = config.get("TenantConfig").and_then(|tenants| tenants.get("ParameterDefinitions"));
    if definitions.and_then(Value::as_array).is_none_or(Vec::is_empty) {
        config.remove("TenantConfig");
    }
}

/// Leaves out of a multi-tenant distribution what it cannot have where that says nothing. What says something is for
/// the rules to refuse.
fn multi_tenant(config: &mut Map<String, Value>) {
    drop_empty_list(config, "Aliases");
    drop_empty_text(config, "ContinuousDeploymentPolicyId");
    drop_false(config, "Staging");
}

/// Logs that are not written have neither bucket nor prefix, whatever was sent (AWS: `LoggingConfig`).
fn logging(config: &mut Map<String, Value>) {
    let Some(logging) = section(config, "Logging") else { return };
    for flag in ["Enabled", "IncludeCookies"] {
        fill(logging, flag, || json!(false));
    }
    let enabled = logging.get("Enabled") == Some(&Value::Bool(true));
    for text in ["Bucket", "Prefix"] {
        if enabled {
            fill(logging, text, || json!(""));
        } else {
            logging.insert(text.to_owned(), json!(""));
        }
    }
}

/// The configuration has the version in small letters; the summary has it in capital ones.
fn http_version(config: &mut Map<String, Value>) {
    let version = config.get("HttpVersion").and_then(Value::as_str).unwrap_or("http2").to_ascii_lowercase();
    config.insert("HttpVersion".to_owned(), version.into());
}

/// Empty lists have a quantity and no items, wherever they are.
fn drop_empty_items(members: &mut Map<String, Value>) {
    if members.get("Items").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        members.remove("Items");
    }
    for value in members.values_mut() {
        match value {
            Value::Object(inner) => drop_empty_items(inner),
            Value::Array(items) => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(drop_empty_items);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Adds a member that is not there.
fn fill(members: &mut Map<String, Value>, member: &str, value: impl FnOnce() -> Value) {
    if !members.contains_key(member) {
        members.insert(member.to_owned(), value());
    }
}

/// A structure, made where it is not there.
fn section<'m>(members: &'m mut Map<String, Value>, member: &str) -> Option<&'m mut Map<String, Value>> {
    fill(members, member, || json!({}));
    members.get_mut(member)?.as_object_mut()
}

/// The structures in a list with a quantity.
fn items<'m>(
    members: &'m mut Map<String, Value>,
    list: &str,
) -> impl Iterator<Item = &'m mut Map<String, Value>> {
    let items = members.get_mut(list).and_then(|list| list.get_mut("Items")).and_then(Value::as_array_mut);
    items.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Removes a text that says nothing.
fn drop_empty_text(members: &mut Map<String, Value>, member: &str) {
    if members.get(member).and_then(Value::as_str).is_some_and(str::is_empty) {
        members.remove(member);
    }
}

/// Removes a flag that is not set.
fn drop_false(members: &mut Map<String, Value>, member: &str) {
    if members.get(member) == Some(&Value::Bool(false)) {
        members.remove(member);
    }
}

/// Removes a list in which nothing is, and of which nothing was counted.
fn drop_empty_list(members: &mut Map<String, Value>, member: &str) {
    let list = members.get(member).and_then(Value::as_object);
    let empty = list.is_some_and(|list| {
        !list.contains_key("Items") && list.get("Quantity").and_then(Value::as_i64).unwrap_or(0) == 0
    });
    if empty {
        members.remove(member);
    }
}
