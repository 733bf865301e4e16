//! The control plane: operations of CloudFront 2020-05-31, a folder for each resource.
//!
//! A folder exports its operations as `OPERATIONS`; an operation is one file, or one line where the resource is
//! described in `crate::configuration`. The files beside the folders are what resources share: how `If-Match` is
//! read, how lists are cut into pages, which distributions refer to a resource, what loses a name that moves.

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
mod moved_name;
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
pub use distribution::Summaries;

/// The operations of one kind of resource.
pub struct Family {
    /// What becomes of what they are asked for.
    pub effect: Effect,
    /// Them.
    pub operations: &'static [Handler],
}

/// What becomes of what an operation is asked for, once it is answered as the service answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is done, as far as the service does it.
    Exact,
    /// It is kept, checked, referred to and shown; nothing here acts on it.
    ConfigurationOnly,
}

impl Effect {
    /// As documents and commands call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Effect::Exact => "exact",
            Effect::ConfigurationOnly => "configuration only",
        }
    }
}

/// The operations of the control plane, by resource.
pub const FAMILIES: &[Family] = &[
    configuration_only(anycast_ip_list::OPERATIONS),
    exact(cache_policy::OPERATIONS),
    configuration_only(connection_function::OPERATIONS),
    exact(connection_group::OPERATIONS),
    exact(continuous_deployment_policy::OPERATIONS),
    exact(distribution::OPERATIONS),
    exact(distribution_tenant::OPERATIONS),
    configuration_only(domain::OPERATIONS),
    exact(field_level_encryption_config::OPERATIONS),
    exact(field_level_encryption_profile::OPERATIONS),
    exact(function::OPERATIONS),
    exact(invalidation::OPERATIONS),
    exact(key_group::OPERATIONS),
    exact(key_value_store::OPERATIONS),
    configuration_only(monitoring_subscription::OPERATIONS),
    exact(origin_access_control::OPERATIONS),
    exact(origin_access_identity::OPERATIONS),
    exact(origin_request_policy::OPERATIONS),
    exact(public_key::OPERATIONS),
    exact(realtime_log_config::OPERATIONS),
    configuration_only(resource_policy::OPERATIONS),
    exact(response_headers_policy::OPERATIONS),
    configuration_only(streaming_distribution::OPERATIONS),
    exact(tag::OPERATIONS),
    configuration_only(trust_store::OPERATIONS),
    exact(vpc_origin::OPERATIONS),
];

const fn exact(operations: &'static [Handler]) -> Family {
    Family { effect: Effect::Exact, operations }
}

const fn configuration_only(operations: &'static [Handler]) -> Family {
    Family { effect: Effect::ConfigurationOnly, operations }
}

/// Every operation that Keyfront has of the control plane.
pub fn operations() -> impl Iterator<Item = &'static Handler> + Clone {
    FAMILIES.iter().flat_map(|family| family.operations)
}

/// What becomes of what an operation of the control plane is asked for; nothing for a name that no operation has.
pub fn effect(operation: &str) -> Option<Effect> {
    let has = |family: &&Family| family.operations.iter().any(|handler| handler.name == operation);
    FAMILIES.iter().find(has).map(|family| family.effect)
}
