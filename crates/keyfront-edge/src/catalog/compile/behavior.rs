//! From a cache behavior and what it names (policies, functions, a log, a configuration of field-level encryption) to its
//! compiled form.

use std::collections::HashMap;
use std::sync::Arc;

use http::Method;
use keyfront_domain::arn::{Arn, FunctionArn, ResourceKind};
use keyfront_domain::field_level_encryption::form::SecretFields;
use keyfront_domain::field_level_encryption::{
    FieldLevelEncryptionConfig, FieldLevelEncryptionProfileConfig,
};
use keyfront_domain::forwarding::ForwardingRules;
use keyfront_domain::public_key::PublicKeyConfig;
use keyfront_domain::realtime_log_config::RealtimeLogConfig;
use keyfront_domain::routing::PathPattern;
use keyfront_domain::{cache_policy, distribution, origin_request_policy, response_headers_policy};

use crate::access::Trusted;
use crate::answer::HeadersPolicy;
use crate::cache::{CachingRules, ErrorTtls};
use crate::catalog::documents::{NotCompiled, Reader};
use crate::catalog::{Behavior, FieldLevelEncryption, ViewerProtocol};
use crate::forward::ForwardPlan;
use crate::key::KeyPlan;
use crate::record::RealtimeLog;

/// Seconds that objects stay where neither the origin nor the behavior says (AWS: "Default TTL").
const DEFAULT_TTL: i64 = 86_400;

/// Seconds that objects stay at most where the behavior does not say (AWS: "Maximum TTL").
const MAX_TTL: i64 = 31_536_000;

/// Compiles one of a distribution's behaviors; the default one has no path pattern.
pub(super) fn behavior(
    reader: &mut Reader<'_>,
    (cache_id, error_ttls): (&str, &ErrorTtls),
    path_pattern: Option<&str>,
    config: &distribution::Behavior,
) -> Result<Behavior, NotCompiled> {
    let forwarding = forwarding(reader, config)?;
    let methods = &config.allowed_methods;
    let function = |event_type: &str| -> Result<Option<FunctionArn>, NotCompiled> {
        let associations = &config.function_associations.items;
        let association = associations.iter().find(|association| association.event_type == event_type);
        let arn = association.map(|association| association.function_arn.parse());
        arn.transpose().map_err(|_not_one| NotCompiled::Setting("FunctionARN"))
    };
    Ok(Behavior {
        pattern: path_pattern.unwrap_or("*").into(),
        path_pattern: path_pattern.map(PathPattern::new),
        target_origin_id: config.target_origin_id.clone(),
        viewer_protocol: ViewerProtocol::of(&config.viewer_protocol_policy)
            .ok_or(NotCompiled::Setting("ViewerProtocolPolicy"))?,
        methods: allowed_methods(&methods.methods.items),
        caches_options: methods.cached_methods.items.iter().any(|method| method == "OPTIONS"),
        compress: config.compress,
        forward: ForwardPlan::new(&forwarding),
        key: KeyPlan::new(cache_id, &forwarding),
        caching: Arc::new(CachingRules {
            ttls: forwarding.ttls,
            error_ttls: error_ttls.clone(),
            collapse: !forwarding.forwards_cookies(),
            revalidate: !forwarding.forwards_cookies(),
        }),
        forwarding,
        headers_policy: headers_policy(reader, config)?,
        trusted: trusted(config),
        viewer_request: function("viewer-request")?,
        viewer_response: function("viewer-response")?,
        lambda: config
            .lambda_function_associations
            .items
            .first()
            .map(|association| association.lambda_function_arn.clone()),
        field_level_encryption: field_level_encryption(reader, &config.field_level_encryption_id)?,
        grpc: config.grpc_config.enabled,
        realtime_log: realtime_log(reader, config)?,
    })
}

/// GET and HEAD where nothing is said.
fn allowed_methods(names: &[String]) -> Vec<Method> {
    if names.is_empty() {
        return vec![Method::GET, Method::HEAD];
    }
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

fn forwarding(
    reader: &mut Reader<'_>,
    config: &distribution::Behavior,
) -> Result<ForwardingRules, NotCompiled> {
    let origin_request = match given(config.origin_request_policy_id.as_deref()) {
        None => None,
        Some(id) => {
            let managed = origin_request_policy::MANAGED.iter().find(|policy| policy.id == id);
            let managed = managed.map(origin_request_policy::ManagedOriginRequestPolicy::config);
            Some(reader.config_or(ResourceKind::ORIGIN_REQUEST_POLICY, id, managed)?)
        }
    };
    match given(config.cache_policy_id.as_deref()) {
        Some(id) => {
            let managed = cache_policy::MANAGED.iter().find(|policy| policy.id == id);
            let managed = managed.map(cache_policy::ManagedCachePolicy::config);
            let cache = reader.config_or(ResourceKind::CACHE_POLICY, id, managed)?;
            Ok(ForwardingRules::of_policies(&cache, origin_request.as_ref()))
        }
        None => Ok(legacy_forwarding(config)),
    }
}

/// The rules of `ForwardedValues`; of a behavior that has neither them nor a policy, nothing is forwarded.
fn legacy_forwarding(config: &distribution::Behavior) -> ForwardingRules {
    let values = config.forwarded_values.clone().unwrap_or_default();
    let ttls = (
        config.min_ttl.unwrap_or_default(),
        config.default_ttl.unwrap_or(DEFAULT_TTL),
        config.max_ttl.unwrap_or(MAX_TTL),
    );
    ForwardingRules::of_forwarded_values(&values, ttls)
}

fn headers_policy(
    reader: &mut Reader<'_>,
    config: &distribution::Behavior,
) -> Result<Option<HeadersPolicy>, NotCompiled> {
    let Some(id) = given(config.response_headers_policy_id.as_deref()) else { return Ok(None) };
    let managed = response_headers_policy::MANAGED.iter().find(|policy| policy.id == id);
    let managed = managed.map(response_headers_policy::ManagedResponseHeadersPolicy::config);
    let policy = reader.config_or(ResourceKind::RESPONSE_HEADERS_POLICY, id, managed)?;
    Ok(Some(HeadersPolicy::new(&policy)))
}

/// The real-time log that a behavior names by its ARN.
fn realtime_log(
    reader: &mut Reader<'_>,
    config: &distribution::Behavior,
) -> Result<Option<Arc<RealtimeLog>>, NotCompiled> {
    let Some(arn) = given(config.realtime_log_config_arn.as_deref()) else { return Ok(None) };
    let arn: Arn = arn.parse().map_err(|_not_one| NotCompiled::Setting("RealtimeLogConfigArn"))?;
    let log: RealtimeLogConfig = reader.config(ResourceKind::REALTIME_LOG_CONFIG, arn.id())?;
    Ok(Some(Arc::new(RealtimeLog::of(&log))))
}

fn trusted(config: &distribution::Behavior) -> Trusted {
    let (groups, signers) = (&config.trusted_key_groups, &config.trusted_signers);
    if groups.enabled || signers.enabled {
        Trusted::KeyGroups(groups.key_groups.items.clone())
    } else {
        Trusted::Everyone
    }
}

fn field_level_encryption(
    reader: &mut Reader<'_>,
    id: &str,
) -> Result<Option<FieldLevelEncryption>, NotCompiled> {
    if id.is_empty() {
        return Ok(None);
    }
    let config: FieldLevelEncryptionConfig =
        reader.config(ResourceKind::FIELD_LEVEL_ENCRYPTION_CONFIG, id)?;
    let mut profiles = Vec::new();
    for id in config.profile_ids() {
        let profile: FieldLevelEncryptionProfileConfig =
            reader.config(ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE, id)?;
        let mut keys: HashMap<String, PublicKeyConfig> = HashMap::new();
        for id in profile.public_key_ids() {
            keys.insert(id.to_owned(), reader.config(ResourceKind::PUBLIC_KEY, id)?);
        }
        match SecretFields::of_profile(&profile, |id| keys.get(id)) {
            Ok(fields) => profiles.push((id.to_owned(), Arc::new(fields))),
            Err(error) => {
                tracing::error!(profile = id, %error, "a profile of field-level encryption cannot be used");
            }
        }
    }
    Ok(Some(FieldLevelEncryption { config, profiles }))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
