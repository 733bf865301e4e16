//! Renders distributions and invalidations by the service's names.

use keyfront_client::{StoredBehavior, StoredDistribution, StoredInvalidation};
use serde_json::{Value, json};

/// Whether viewers get answers.
pub(super) fn served(distribution: &StoredDistribution) -> &'static str {
    if distribution.enabled { "enabled" } else { "disabled" }
}

pub(super) fn as_json(distribution: &StoredDistribution) -> Value {
    let origins = distribution.origins.iter();
    let origins: Vec<_> =
        origins.map(|origin| json!({ "Id": origin.id, "DomainName": origin.domain_name })).collect();
    json!({
        "Id": distribution.id,
        "ARN": distribution.arn,
        "Status": distribution.status,
        "DomainName": distribution.domain_name,
        "LastModifiedTime": distribution.modified,
        "Enabled": distribution.enabled,
        "Staging": distribution.staging,
        "Comment": distribution.comment,
        "Aliases": distribution.aliases,
        "Origins": origins,
        "Behaviors": distribution.behaviors.iter().map(behavior).collect::<Vec<_>>(),
        "ETag": distribution.etag,
    })
}

fn behavior(behavior: &StoredBehavior) -> Value {
    json!({
        "PathPattern": behavior.path_pattern,
        "TargetOriginId": behavior.target,
        "ViewerProtocolPolicy": behavior.viewer_protocol_policy,
        "CachePolicyId": behavior.cache_policy,
    })
}

pub(super) fn invalidation(distribution: &str, invalidation: &StoredInvalidation) -> Value {
    json!({
        "DistributionId": distribution,
        "Id": invalidation.id,
        "Status": invalidation.status,
        "CreateTime": invalidation.created,
        "Paths": invalidation.paths,
    })
}
