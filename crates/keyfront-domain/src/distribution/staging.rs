//! Staging distributions: how one is copied from a primary distribution, what may change while a continuous deployment
//! policy is attached, and what a primary distribution takes over.

use keyfront_error::{Code, ServiceError};
use serde_json::{Map, Value, json};

/// What may change while a continuous deployment policy is attached, on both distributions (AWS: Settings that
/// continuous deployment supports).
const CHANGEABLE: [&str; 10] = [
    "CacheBehaviors",
    "Comment",
    "ContinuousDeploymentPolicyId",
    "CustomErrorResponses",
    "DefaultCacheBehavior",
    "DefaultRootObject",
    "Logging",
    "OriginGroups",
    "Origins",
    "Restrictions",
];

/// What a primary distribution keeps when it takes over the configuration of its staging distribution.
const KEPT: [&str; 4] = ["Aliases", "CallerReference", "ContinuousDeploymentPolicyId", "Staging"];

/// The refusal to disable or delete a staging distribution that a continuous deployment policy names.
pub const STAGING_IN_USE: ServiceError = ServiceError::new(
    Code::StagingDistributionInUse,
    "The specified staging distribution is currently used by a continuous deployment policy. Please the update policy \
     before deleting.",
);

/// Refuses a change of what cannot change while a continuous deployment policy is attached. Both are completed
/// configurations. The policy itself may be attached and detached. Once it is disabled, everything may change: the
/// Terraform provider disables it before it disables and deletes the primary distribution.
///
/// # Errors
/// `IllegalUpdate`.
pub fn check_change_beside_policy(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Result<(), ServiceError> {
    let changed = |member: &String| before.get(member) != after.get(member);
    let frozen = |member: &&String| !CHANGEABLE.contains(&member.as_str());
    if before.keys().chain(after.keys()).filter(frozen).any(changed) {
        return Err(ServiceError::new(
            Code::IllegalUpdate,
            "One or more fields updated are not supported for continuous deployment.",
        ));
    }
    Ok(())
}

/// The configuration of the staging distribution that `CopyDistribution` makes of a primary one: the same but for the
/// caller reference, without aliases and policy.
pub fn copied(primary: &Map<String, Value>, caller_reference: &str, enabled: bool) -> Map<String, Value> {
    let mut copy = primary.clone();
    for (member, value) in [
        ("Aliases", json!({ "Quantity": 0 })),
        ("CallerReference", json!(caller_reference)),
        ("ContinuousDeploymentPolicyId", json!("")),
        ("Enabled", json!(enabled)),
        ("Staging", json!(true)),
    ] {
        copy.insert(member.to_owned(), value);
    }
    copy
}

/// The configuration of a primary distribution that takes over that of its staging distribution.
pub fn promoted(primary: &Map<String, Value>, staging: &Map<String, Value>) -> Map<String, Value> {
    let mut promoted = staging.clone();
    for member in KEPT {
        match primary.get(member) {
            Some(kept) => promoted.insert(member.to_owned(), kept.clone()),
            None => promoted.remove(member),
        };
    }
    promoted
}
