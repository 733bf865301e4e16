//! Quotas: the service's limits as named settings.
//!
//! The defaults are the service's own numbers (AWS: Quotas on key value stores, on key groups, on
//! field-level encryption, on policies, on distributions, on CloudFront Functions). An operator can raise each; the text of the error stays the service's.

use serde::{Deserialize, Serialize};

const MIB: u64 = 1024 * 1024;

/// Limits that a resource or a request may not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// Key value stores in one account.
    pub key_value_stores_per_account: u64,
    /// Size of one store, in bytes: the sum of the UTF-8 bytes of all keys and values.
    pub key_value_store_bytes: u64,
    /// Length of a key, in UTF-8 bytes.
    pub key_bytes: u64,
    /// Length of a value, in UTF-8 bytes.
    pub value_bytes: u64,
    /// Pairs in one `UpdateKeys`, puts and deletes together.
    pub pairs_per_update: u64,
    /// Bytes of keys and values in one `UpdateKeys`.
    pub update_bytes: u64,
    /// Size of an object that a store is imported from, in bytes.
    pub import_bytes: u64,
    /// Tags on one resource.
    pub tags_per_resource: u64,
    /// Public keys in one account.
    pub public_keys_per_account: u64,
    /// Public keys in one key group.
    pub public_keys_per_key_group: u64,
    /// Key groups in one account.
    pub key_groups_per_account: u64,
    /// Configurations of field-level encryption in one account.
    pub field_level_encryption_configs_per_account: u64,
    /// Profiles of field-level encryption in one account.
    pub field_level_encryption_profiles_per_account: u64,
    /// Encryption entities, each with a public key, in one profile. The service states no number; every
    /// entity encrypts at least one field, so its limit of fields is one of entities too.
    pub encryption_entities_per_profile: u64,
    /// Field patterns in one profile, those of all its entities together.
    pub field_patterns_per_profile: u64,
    /// Query arguments that one configuration of field-level encryption maps to profiles.
    pub query_arg_profiles_per_config: u64,
    /// Origin access controls in one account.
    pub origin_access_controls_per_account: u64,
    /// Origin access identities in one account.
    pub origin_access_identities_per_account: u64,
    /// Custom cache policies in one account.
    pub cache_policies_per_account: u64,
    /// Headers in the cache key of one cache policy.
    pub headers_per_cache_policy: u64,
    /// Cookies in the cache key of one cache policy.
    pub cookies_per_cache_policy: u64,
    /// Query strings in the cache key of one cache policy.
    pub query_strings_per_cache_policy: u64,
    /// Distributions in one account, multi-tenant ones not counted.
    pub distributions_per_account: u64,
    /// Multi-tenant distributions in one account.
    pub multi_tenant_distributions_per_account: u64,
    /// Staging distributions in one account.
    pub staging_distributions_per_account: u64,
    /// Alternate domain names of one distribution.
    pub aliases_per_distribution: u64,
    /// Cache behaviors of one distribution, the default one not counted.
    pub cache_behaviors_per_distribution: u64,
    /// Origins of one distribution.
    pub origins_per_distribution: u64,
    /// Origin groups of one distribution.
    pub origin_groups_per_distribution: u64,
    /// Headers that one origin gets.
    pub custom_headers_per_origin: u64,
    /// Longest time for a response of an origin, in seconds.
    pub origin_response_timeout_seconds: u64,
    /// Longest time that a connection to an origin is kept, in seconds.
    pub origin_keepalive_timeout_seconds: u64,
    /// Key groups that one cache behavior trusts.
    pub key_groups_per_cache_behavior: u64,
    /// Accounts that one cache behavior trusts.
    pub trusted_signers_per_cache_behavior: u64,
    /// Cookies in the forwarded values of one cache behavior.
    pub cookies_per_cache_behavior: u64,
    /// Headers in the forwarded values of one cache behavior.
    pub headers_per_cache_behavior: u64,
    /// Query strings in the forwarded values of one cache behavior.
    pub query_strings_per_cache_behavior: u64,
    /// Associations with functions of Lambda@Edge in one distribution.
    pub lambda_function_associations_per_distribution: u64,
    /// Parameters that one multi-tenant distribution defines.
    pub parameters_per_multi_tenant_distribution: u64,
    /// Distributions that use one cache policy.
    pub distributions_per_cache_policy: u64,
    /// Distributions that use one configuration of field-level encryption.
    pub distributions_per_field_level_encryption_config: u64,
    /// Distributions that use one function.
    pub distributions_per_function: u64,
    /// Distributions that use one key group.
    pub distributions_per_key_group: u64,
    /// Distributions that use one origin access control.
    pub distributions_per_origin_access_control: u64,
    /// Distributions that use one origin request policy.
    pub distributions_per_origin_request_policy: u64,
    /// Distributions that use one response headers policy.
    pub distributions_per_response_headers_policy: u64,
    /// Distributions that use one VPC origin.
    pub distributions_per_vpc_origin: u64,
    /// Paths without a wildcard that one distribution may have in invalidations in progress.
    pub files_being_invalidated: u64,
    /// Paths with a wildcard that one distribution may have in invalidations in progress.
    pub wildcards_being_invalidated: u64,
    /// Custom origin request policies in one account.
    pub origin_request_policies_per_account: u64,
    /// Headers that one origin request policy names.
    pub headers_per_origin_request_policy: u64,
    /// Cookies that one origin request policy names.
    pub cookies_per_origin_request_policy: u64,
    /// Query strings that one origin request policy names.
    pub query_strings_per_origin_request_policy: u64,
    /// Custom response headers policies in one account.
    pub response_headers_policies_per_account: u64,
    /// Custom headers that one response headers policy adds.
    pub custom_headers_per_response_headers_policy: u64,
    /// Headers that one response headers policy removes.
    pub remove_headers_per_response_headers_policy: u64,
    /// Continuous deployment policies in one account.
    pub continuous_deployment_policies_per_account: u64,
    /// Real-time log configurations in one account.
    pub realtime_log_configs_per_account: u64,
    /// VPC origins in one account.
    pub vpc_origins_per_account: u64,
    /// Streaming distributions in one account.
    pub streaming_distributions_per_account: u64,
    /// Alternate domain names of one streaming distribution.
    pub aliases_per_streaming_distribution: u64,
    /// Accounts that one streaming distribution trusts to sign URLs.
    pub trusted_signers_per_streaming_distribution: u64,
    /// Anycast lists in one account. The service states no number.
    pub anycast_ip_lists_per_account: u64,
    /// Connection functions in one account.
    pub connection_functions_per_account: u64,
    /// Size of a connection function's code, in bytes of its source as it is uploaded.
    pub connection_function_code_bytes: u64,
    /// Connection groups in one account. The default one counts, and is made even where there is no room for it.
    pub connection_groups_per_account: u64,
    /// Distribution tenants in one account.
    pub distribution_tenants_per_account: u64,
    /// Domains of one distribution tenant.
    pub domains_per_distribution_tenant: u64,
    /// Parameters that one distribution tenant gives values for.
    pub parameters_per_distribution_tenant: u64,
    /// Trust stores in one account.
    pub trust_stores_per_account: u64,
    /// Size of a trust store's bundle of certificates, in bytes.
    pub ca_certificates_bundle_bytes: u64,
    /// Certificates in one trust store.
    pub ca_certificates_per_trust_store: u64,
    /// CloudFront Functions in one account.
    pub functions_per_account: u64,
    /// Size of a function's code, in bytes of its source as it is uploaded.
    pub function_code_bytes: u64,
}

impl Default for Quotas {
    #[expect(clippy::too_many_lines, reason = "it is a table of numbers")]
    fn default() -> Self {
        Quotas {
            key_value_stores_per_account: 200,
            key_value_store_bytes: 5 * MIB,
            key_bytes: 512,
            value_bytes: 1024,
            pairs_per_update: 50,
            update_bytes: 3 * MIB,
            import_bytes: 5 * MIB,
            tags_per_resource: 50,
            public_keys_per_account: 10,
            public_keys_per_key_group: 5,
            key_groups_per_account: 10,
            field_level_encryption_configs_per_account: 10,
            field_level_encryption_profiles_per_account: 10,
            encryption_entities_per_profile: 10,
            field_patterns_per_profile: 10,
            query_arg_profiles_per_config: 5,
            origin_access_controls_per_account: 100,
            origin_access_identities_per_account: 100,
            cache_policies_per_account: 20,
            headers_per_cache_policy: 10,
            cookies_per_cache_policy: 10,
            query_strings_per_cache_policy: 10,
            distributions_per_account: 500,
            multi_tenant_distributions_per_account: 20,
            staging_distributions_per_account: 20,
            aliases_per_distribution: 100,
            cache_behaviors_per_distribution: 75,
            origins_per_distribution: 100,
            origin_groups_per_distribution: 10,
            custom_headers_per_origin: 30,
            origin_response_timeout_seconds: 120,
            origin_keepalive_timeout_seconds: 120,
            key_groups_per_cache_behavior: 4,
            trusted_signers_per_cache_behavior: 5,
            cookies_per_cache_behavior: 10,
            headers_per_cache_behavior: 10,
            query_strings_per_cache_behavior: 10,
            lambda_function_associations_per_distribution: 100,
            parameters_per_multi_tenant_distribution: 5,
            distributions_per_cache_policy: 100,
            distributions_per_field_level_encryption_config: 20,
            distributions_per_function: 100,
            distributions_per_key_group: 100,
            distributions_per_origin_access_control: 100,
            distributions_per_origin_request_policy: 100,
            distributions_per_response_headers_policy: 100,
            distributions_per_vpc_origin: 50,
            files_being_invalidated: 3_000,
            wildcards_being_invalidated: 15,
            origin_request_policies_per_account: 20,
            headers_per_origin_request_policy: 10,
            cookies_per_origin_request_policy: 10,
            query_strings_per_origin_request_policy: 10,
            response_headers_policies_per_account: 20,
            custom_headers_per_response_headers_policy: 10,
            remove_headers_per_response_headers_policy: 10,
            continuous_deployment_policies_per_account: 20,
            realtime_log_configs_per_account: 150,
            vpc_origins_per_account: 25,
            streaming_distributions_per_account: 100,
            aliases_per_streaming_distribution: 100,
            trusted_signers_per_streaming_distribution: 5,
            anycast_ip_lists_per_account: 10,
            connection_functions_per_account: 100,
            connection_function_code_bytes: 10 * 1024,
            connection_groups_per_account: 100,
            distribution_tenants_per_account: 10_000,
            domains_per_distribution_tenant: 100,
            parameters_per_distribution_tenant: 5,
            trust_stores_per_account: 20,
            ca_certificates_bundle_bytes: 64 * 1024,
            ca_certificates_per_trust_store: 25,
            functions_per_account: 100,
            function_code_bytes: 10 * 1024,
        }
    }
}

/// Quotas that cannot be raised above this, because the service's model refuses what is longer.
const LIMITED_BY_THE_MODEL: [(&str, u64); 2] = [("key_bytes", 1024), ("function_code_bytes", 40_960)];

impl Quotas {
    /// Refuses quotas that nothing could work with.
    ///
    /// # Errors
    /// The name of the setting, and what it can be.
    pub fn check(&self) -> Result<(), String> {
        let quotas = serde_json::to_value(self).map_err(|error| error.to_string())?;
        let quotas = quotas.as_object().into_iter().flatten();
        for (name, number) in quotas.filter_map(|(name, value)| Some((name, value.as_u64()?))) {
            if number == 0 {
                return Err(format!("{name} must be at least 1"));
            }
            let limit = LIMITED_BY_THE_MODEL.iter().find(|(limited, _)| limited == name);
            if let Some((_, limit)) = limit.filter(|(_, limit)| number > *limit) {
                return Err(format!("{name} is {number}; the service's model allows at most {limit}"));
            }
        }
        Ok(())
    }
}
