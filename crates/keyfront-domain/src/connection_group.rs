//! Connection groups: how viewers connect to the tenants of distributions.

use keyfront_error::ServiceError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::name;

/// A connection group's configuration, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConnectionGroupConfig {
    /// Unique in the account; it never changes.
    pub name: String,
    /// Whether viewers can connect over `IPv6`.
    pub ipv6_enabled: bool,
    /// Whether it answers viewers.
    pub enabled: bool,
    /// The Anycast list whose addresses it has.
    pub anycast_ip_list_id: Option<String>,
    /// Whether it is the account's default, which a client cannot say.
    pub is_default: bool,
}

impl ConnectionGroupConfig {
    /// Refuses what cannot be a connection group. The service states no rule for its name but that there is one.
    pub fn check(&self) -> Result<(), ServiceError> {
        name::check_length("Name", &self.name, 1..=128)
    }
}

/// Adds what the service adds (AWS: `CreateConnectionGroupRequest`); an empty id of an Anycast list means none.
pub fn complete(config: &mut Map<String, Value>) {
    for member in ["Ipv6Enabled", "Enabled"] {
        config.entry(member).or_insert(Value::Bool(true));
    }
    config.entry("IsDefault").or_insert(Value::Bool(false));
    if config.get("AnycastIpListId").and_then(Value::as_str) == Some("") {
        config.remove("AnycastIpListId");
    }
}

/// The configuration of the group that the service makes by itself, whose name has its id
/// (`CreatedByCloudFront-cg_…`).
pub fn default_config(id: &str) -> Map<String, Value> {
    let name = format!("CreatedByCloudFront-{id}");
    let members: [(_, Value); 4] = [
        ("Name", name.into()),
        ("Ipv6Enabled", json!(true)),
        ("Enabled", json!(true)),
        ("IsDefault", json!(true)),
    ];
    members.into_iter().map(|(member, value)| (member.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(config: Value) -> Map<String, Value> {
        let mut config = serde_json::from_value(config).unwrap();
        complete(&mut config);
        config
    }

    #[test]
    fn a_group_is_enabled_and_has_ipv6_unless_it_says_otherwise() {
        for (given, expected) in [
            (
                json!({ "Name": "g" }),
                json!({ "Name": "g", "Ipv6Enabled": true, "Enabled": true, "IsDefault": false }),
            ),
            (
                json!({ "Name": "g", "Ipv6Enabled": false, "Enabled": false, "AnycastIpListId": "" }),
                json!({ "Name": "g", "Ipv6Enabled": false, "Enabled": false, "IsDefault": false }),
            ),
            (
                json!({ "Name": "g", "AnycastIpListId": "aip_1" }),
                json!({
                    "Name": "g", "Ipv6Enabled": true, "Enabled": true, "IsDefault": false, "AnycastIpListId": "aip_1",
                }),
            ),
        ] {
            assert_eq!(Value::Object(completed(given)), expected);
        }
    }

    #[test]
    fn a_name_has_1_to_128_characters() {
        for (name, expected) in [
            ("g".to_owned(), None),
            ("ü".repeat(128), None),
            (String::new(), Some("InvalidArgument: The parameter Name is required.")),
            ("g".repeat(129), Some("InvalidArgument: The parameter Name is too big.")),
        ] {
            let config: ConnectionGroupConfig =
                serde_json::from_value(completed(json!({ "Name": name })).into()).unwrap();
            assert_eq!(config.check().err().map(|error| error.to_string()).as_deref(), expected);
        }
    }
}
