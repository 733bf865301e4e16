//! What a resource that was made is known by: its key, and what `Fn::GetAtt` gives.

use std::collections::BTreeMap;

use keyfront_cfn::resource_type::{Key, ResourceType};
use serde_json::{Map, Value};

use crate::failure::Failure;

/// By what the API names a resource that was made.
pub(super) fn key_of(
    kind: &ResourceType,
    shown: &Value,
    properties: &Map<String, Value>,
) -> Result<String, Failure> {
    let member = kind.operations.key.member();
    let key = match kind.operations.key {
        Key::DistributionId => properties.get(member),
        Key::Id | Key::Name | Key::Arn => shown.get(member),
    };
    let key = key.and_then(Value::as_str).map(str::to_owned);
    key.ok_or_else(|| Failure::new(format!("{}: the answer has no {member}", kind.operations.create)))
}

/// What `Fn::GetAtt` gives, from what the API shows.
pub(super) fn attributes(kind: &ResourceType, shown: &Value, etag: Option<&str>) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for attribute in &kind.attributes {
        let value = match attribute.as_str() {
            "ETag" => etag.map(Value::from),
            // The registry has the whole list under its own name.
            name if kind.name.ends_with(&format!("::{name}")) => Some(shown.clone()),
            // Functions show what is theirs in their metadata.
            "FunctionARN" | "ConnectionFunctionArn" | "Stage" | "CreatedTime"
                if shown.get("FunctionMetadata").is_some() =>
            {
                shown.get("FunctionMetadata").and_then(|metadata| named(metadata, attribute))
            }
            // Domains of a tenant with their states.
            "DomainResults" => shown.get("Domains").cloned(),
            path => path.split('.').try_fold(shown.clone(), |value, name| named(&value, name)),
        };
        if let Some(value) = value {
            found.insert(attribute.clone(), value);
        }
    }
    found
}

/// The member with this name, whatever the case of its letters.
fn named(shown: &Value, name: &str) -> Option<Value> {
    let mut members = shown.as_object()?.iter();
    members.find(|(member, _)| member.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
}

#[cfg(test)]
mod tests {
    use keyfront_cfn::resource_type::ResourceTypes;
    use serde_json::json;

    use super::*;

    /// What the API shows, by the service model, and the attributes of the registry.
    #[test]
    fn attributes_are_found_in_what_the_api_shows() {
        let types = ResourceTypes::new().unwrap();
        let metadata = json!({ "FunctionARN": "arn", "Stage": "LIVE" });
        let domains = json!([{ "Domain": "a", "Status": "active" }]);
        for (kind, shown, expected) in [
            (
                "Function",
                json!({ "Name": "f", "FunctionMetadata": metadata }),
                json!({ "FunctionARN": "arn", "FunctionMetadata.FunctionARN": "arn", "Stage": "LIVE" }),
            ),
            (
                "KeyValueStore",
                json!({ "ARN": "arn", "Id": "i", "Name": "s", "Status": "READY" }),
                json!({ "Arn": "arn", "Id": "i", "Status": "READY" }),
            ),
            (
                "Distribution",
                json!({ "Id": "E", "DomainName": "d", "ARN": "arn" }),
                json!({ "Id": "E", "DomainName": "d" }),
            ),
            (
                "AnycastIpList",
                json!({ "Id": "i", "AnycastIps": ["1"] }),
                json!({ "Id": "i", "ETag": "v", "AnycastIpList": { "Id": "i", "AnycastIps": ["1"] } }),
            ),
            (
                "DistributionTenant",
                json!({ "Id": "i", "Domains": domains }),
                json!({ "Id": "i", "ETag": "v", "DomainResults": domains }),
            ),
        ] {
            let kind = types.get(&format!("AWS::CloudFront::{kind}")).unwrap();
            let found = attributes(kind, &shown, Some("v"));
            assert_eq!(json!(found), expected, "{}", kind.name);
        }
    }

    #[test]
    fn a_resource_is_named_by_what_the_api_names_it_by() {
        let types = ResourceTypes::new().unwrap();
        let shown = json!({ "Id": "i", "Name": "n", "ARN": "arn" });
        let properties = Map::from_iter([("DistributionId".to_owned(), json!("E"))]);
        for (kind, expected) in [
            ("KeyGroup", "i"),
            ("Function", "n"),
            ("RealtimeLogConfig", "arn"),
            ("MonitoringSubscription", "E"),
        ] {
            let kind = types.get(&format!("AWS::CloudFront::{kind}")).unwrap();
            assert_eq!(key_of(kind, &shown, &properties).unwrap(), expected, "{}", kind.name);
            assert!(key_of(kind, &json!({}), &Map::new()).is_err());
        }
    }
}
