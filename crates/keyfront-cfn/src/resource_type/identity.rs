//! How a resource is found again of whose creation there was no answer.
//!
//! A creation names what no other resource of its type has: a name, or a caller reference. The API takes few types by
//! their names, so the others are looked for in their lists.

use serde_json::{Map, Value};

/// The identity of a resource is the caller reference that was made up for it.
pub(super) const CALLER_REFERENCE: &str = "";

/// What tells a resource from every other one of its type before its key is known.
#[derive(Debug)]
pub struct Identity {
    /// Where in the input of the creation it stands.
    pub(super) sent: &'static str,
    /// Where the API has it.
    pub found: Found,
}

/// Where the API has the identity of a resource. Paths have dots between names.
#[derive(Debug)]
pub enum Found {
    /// It is the resource's key.
    ByKey,
    /// In the items of a list.
    Listed {
        /// The operation that lists the resources.
        list: &'static str,
        /// Where an item has the resource's key.
        key: &'static str,
        /// Where an item has the identity.
        shown: &'static str,
    },
    /// In what is read of each resource of a list.
    Read {
        /// The operation that lists the resources.
        list: &'static str,
        /// Where an item has the resource's key.
        key: &'static str,
        /// Where the resource has the identity.
        shown: &'static str,
    },
}

impl Identity {
    /// The identity of what a creation with this input and caller reference makes.
    pub fn of(&self, input: &Map<String, Value>, caller_reference: &str) -> Value {
        if self.is_made_up() {
            return caller_reference.into();
        }
        let (first, rest) = self.sent.split_once('.').unwrap_or((self.sent, ""));
        let found =
            input.get(first).and_then(|value| if rest.is_empty() { Some(value) } else { at(value, rest) });
        found.cloned().unwrap_or_default()
    }

    /// Whether it was made up, so that no other resource has it.
    pub fn is_made_up(&self) -> bool {
        self.sent == CALLER_REFERENCE
    }
}

/// The value at a path with dots.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, name| value.get(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::ResourceTypes;

    #[test]
    fn every_type_has_an_identity_that_its_creation_sends() {
        let types = ResourceTypes::new().unwrap();
        for (kind, input, expected) in [
            ("Function", json!({ "Name": "f" }), json!("f")),
            ("KeyGroup", json!({ "KeyGroupConfig": { "Name": "g" } }), json!("g")),
            ("Distribution", json!({ "DistributionConfig": { "Comment": "" } }), json!("reference")),
            ("MonitoringSubscription", json!({ "DistributionId": "E" }), json!("E")),
            (
                "ContinuousDeploymentPolicy",
                json!({ "ContinuousDeploymentPolicyConfig": { "StagingDistributionDnsNames": { "Items": ["d"] } } }),
                json!(["d"]),
            ),
        ] {
            let identity = &types.get(&format!("AWS::CloudFront::{kind}")).unwrap().operations.identity;
            assert_eq!(identity.of(input.as_object().unwrap(), "reference"), expected, "{kind}");
        }
    }
}
