//! Operations of the control plane, one module each.

mod anycast_ip_lists;
mod cache_policies;
mod connection_functions;
mod connection_groups;
mod continuous_deployment_policies;
mod create_function;
mod create_key_value_store;
mod delete_function;
mod delete_key_value_store;
mod describe_function;
mod describe_key_value_store;
mod distribution_tenants;
mod distributions;
mod domains;
mod entities;
mod field_level_encryption_configs;
mod field_level_encryption_profiles;
mod functions;
mod get_function;
mod if_match;
mod invalidations;
mod key_groups;
mod list_distributions_by_id;
mod list_distributions_by_key_group;
mod list_functions;
mod list_key_value_stores;
mod list_tags_for_resource;
mod monitoring_subscriptions;
mod origin_access_controls;
mod origin_access_identities;
mod origin_request_policies;
mod public_keys;
mod publish_function;
mod realtime_log_configs;
mod resources;
mod response_headers_policies;
mod streaming_distributions;
mod tag_resource;
mod test_function;
mod trust_stores;
mod untag_resource;
mod update_function;
mod update_key_value_store;
mod vpc_origins;

use crate::fixture::{Call, World, create_body, escaped};

const STORES: &str = "/2020-05-31/key-value-store";

/// The control plane's ETags of the versions 1 and 2, and the data plane's of version 1.
const FIRST: &str = "ETVPDKIKX0DER";
const SECOND: &str = "E3UN6WX5RRO2AG";
const DATA_PLANE: &str = "KVTVPDKIKX0DER";

fn create<'w>(world: &'w World, elements: &str) -> Call<'w> {
    world.control("POST", STORES).body(create_body(elements))
}

fn update_body(comment: &str) -> String {
    format!(
        "<UpdateKeyValueStoreRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Comment>\
         {comment}</Comment></UpdateKeyValueStoreRequest>"
    )
}

fn tagging<'w>(world: &'w World, operation: &str, resource: &str) -> Call<'w> {
    let path = format!("/2020-05-31/tagging?Operation={operation}&Resource={}", escaped(resource));
    world.control("POST", path)
}

fn list_tags<'w>(world: &'w World, resource: &str) -> Call<'w> {
    world.control("GET", format!("/2020-05-31/tagging?Resource={}", escaped(resource)))
}
