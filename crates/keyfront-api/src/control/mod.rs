//! The control plane: operations of CloudFront 2020-05-31, a folder for each resource.
//!
//! A folder exports its operations as `OPERATIONS`; an operation is one file, or one line where the resource is
//! described in `crate::configuration`. The files beside the folders are what resources share: how `If-Match` is
//! read, how lists are cut into pages, which distributions refer to a resource.

mod anycast_ip_list;
mod cache_policy;
mod connection_function;
mod connection_group;
mod continuous_deployment_policy;
mod distribution;
mod distribution_ids;
mod distribution_tenant;
mod domain;
mod field_level_encryption_config;
mod field_level_encryption_profile;
mod function;
pub(crate) mod if_match;
mod invalidation;
mod key_group;
mod key_value_store;
mod monitoring_subscription;
mod origin_access_control;
mod origin_access_identity;
mod origin_request_policy;
pub(crate) mod page;
mod public_key;
mod realtime_log_config;
mod resource_policy;
mod response_headers_policy;
mod streaming_distribution;
pub(crate) mod tag;
mod trust_store;
mod vpc_origin;

use crate::operation::Handler;

/// The operations that Keyfront has of the control plane, by resource. The rest of the model answers 501.
pub const RESOURCES: &[&[Handler]] = &[
    anycast_ip_list::OPERATIONS,
    cache_policy::OPERATIONS,
    connection_function::OPERATIONS,
    connection_group::OPERATIONS,
    continuous_deployment_policy::OPERATIONS,
    distribution::OPERATIONS,
    distribution_tenant::OPERATIONS,
    domain::OPERATIONS,
    field_level_encryption_config::OPERATIONS,
    field_level_encryption_profile::OPERATIONS,
    function::OPERATIONS,
    invalidation::OPERATIONS,
    key_group::OPERATIONS,
    key_value_store::OPERATIONS,
    monitoring_subscription::OPERATIONS,
    origin_access_control::OPERATIONS,
    origin_access_identity::OPERATIONS,
    origin_request_policy::OPERATIONS,
    public_key::OPERATIONS,
    realtime_log_config::OPERATIONS,
    resource_policy::OPERATIONS,
    response_headers_policy::OPERATIONS,
    streaming_distribution::OPERATIONS,
    tag::OPERATIONS,
    trust_store::OPERATIONS,
    vpc_origin::OPERATIONS,
];

/// Every operation that Keyfront has of the control plane.
pub fn operations() -> impl Iterator<Item = &'static Handler> + Clone {
    RESOURCES.iter().copied().flatten()
}
