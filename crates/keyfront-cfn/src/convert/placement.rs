//! Where CloudFormation and the API differ by more than lists and the case of letters.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::resource_type::Property;

/// Properties that say what a deploy does, and are not sent.
pub(super) const NOT_SENT: &[&str] = &["AutoPublish"];

/// What to write in place of the origins of CloudFormation's first version of distributions.
const FIRST_VERSION: &str =
    "this is of CloudFormation's first version of distributions; write the origin under Origins";

/// Why a property of a shape is not taken; nothing if it is.
pub(super) fn refused(shape: &str, property: &str) -> Option<&'static str> {
    let first_version = matches!(property, "CustomOrigin" | "S3Origin");
    (shape == "DistributionConfig" && first_version).then_some(FIRST_VERSION)
}

/// Shape or resource type, property, and the path in the API.
const PLACES: &[(&str, &str, &[&str])] = &[
    ("DistributionConfig", "CNAMEs", &["Aliases"]),
    ("DistributionConfig", "IPV6Enabled", &["IsIPV6Enabled"]),
    ("Origin", "OriginCustomHeaders", &["CustomHeaders"]),
    ("DefaultCacheBehavior", "CachedMethods", &["AllowedMethods", "CachedMethods"]),
    ("CacheBehavior", "CachedMethods", &["AllowedMethods", "CachedMethods"]),
    ("GeoRestriction", "Locations", &["Items"]),
    ("TrustedSigners", "AwsAccountNumbers", &["Items"]),
    ("ContinuousDeploymentPolicyConfig", "Type", &["TrafficConfig", "Type"]),
    (
        "ContinuousDeploymentPolicyConfig",
        "SingleHeaderPolicyConfig",
        &["TrafficConfig", "SingleHeaderConfig"],
    ),
    (
        "ContinuousDeploymentPolicyConfig",
        "SingleWeightPolicyConfig",
        &["TrafficConfig", "SingleWeightConfig"],
    ),
];

/// The path of a property in the API.
pub(super) fn api_path<'n>(shape: &str, property: &'n str) -> Vec<&'n str> {
    let place = PLACES.iter().find(|(in_shape, name, _)| *in_shape == shape && *name == property);
    place.map_or_else(|| vec![property], |(_, _, path)| path.to_vec())
}

/// Fills in what CloudFormation does and the API does not, or what the API requires in another form.
pub(super) fn fill_in(shape: &str, known: &BTreeMap<String, Property>, properties: &mut Map<String, Value>) {
    let from_registry = |properties: &mut Map<String, Value>, name: &str| {
        if let Some(default) = known.get(name).and_then(|property| property.default.clone()) {
            properties.entry(name).or_insert(default);
        }
    };
    match shape {
        "DistributionConfig" => {
            // The API's own default is http2: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
            from_registry(properties, "HttpVersion");
        }
        "CustomErrorResponse" => from_registry(properties, "ErrorCachingMinTTL"),
        "DefaultCacheBehavior" | "CacheBehavior" => {
            // The API has the cached methods within the allowed ones.
            if properties.contains_key("CachedMethods") {
                from_registry(properties, "AllowedMethods");
            }
            if properties.contains_key("ForwardedValues") {
                from_registry(properties, "MinTTL");
            }
        }
        "ForwardedValues" => {
            properties.entry("Cookies").or_insert_with(|| json!({ "Forward": "none" }));
        }
        _ => {}
    }
}
