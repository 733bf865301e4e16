//! What a distribution refers to.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};

use super::DistributionConfig;
use super::config::{Origin, given};
use crate::arn::ResourceKind;

impl DistributionConfig {
    /// What it refers to, by kind and id; functions and real-time log configurations by the names in their ARNs.
    ///
    /// An ARN or path that names nothing is left out; the rules refuse it. Web ACLs, certificates, functions of Lambda
    /// and buckets are resources of other services.
    pub fn references(&self) -> BTreeSet<(ResourceKind, &str)> {
        let (mut found, mut key_groups) = (BTreeSet::new(), BTreeSet::new());
        let mut add = |kind: ResourceKind, id| {
            let given: Option<&str> = id;
            found.extend(given.filter(|id| !id.is_empty()).map(|id| (kind, id)));
        };
        for origin in &self.origins.items {
            add(ResourceKind::ORIGIN_ACCESS_CONTROL, Some(&origin.origin_access_control_id));
            add(ResourceKind::ORIGIN_ACCESS_IDENTITY, origin.origin_access_identity().and_then(Result::ok));
            let vpc_origin = origin.vpc_origin_config.as_ref().map(|vpc| vpc.vpc_origin_id.as_str());
            add(ResourceKind::VPC_ORIGIN, vpc_origin);
        }
        for behavior in self.behaviors() {
            add(ResourceKind::CACHE_POLICY, behavior.cache_policy_id.as_deref());
            add(ResourceKind::ORIGIN_REQUEST_POLICY, behavior.origin_request_policy_id.as_deref());
            add(ResourceKind::RESPONSE_HEADERS_POLICY, behavior.response_headers_policy_id.as_deref());
            add(ResourceKind::FIELD_LEVEL_ENCRYPTION_CONFIG, Some(&behavior.field_level_encryption_id));
            let log_config = given(behavior.realtime_log_config_arn.as_ref()).and_then(name_of_log_config);
            add(ResourceKind::REALTIME_LOG_CONFIG, log_config);
            for key_group in &behavior.trusted_key_groups.key_groups.items {
                // In a list an empty id stands for no other than itself.
                key_groups.insert((ResourceKind::KEY_GROUP, key_group.as_str()));
            }
            for association in &behavior.function_associations.items {
                add(ResourceKind::FUNCTION, name_of_function(&association.function_arn));
            }
        }
        // A staging distribution shows the policy that names it, and holds nothing of it.
        if !self.is_staging() {
            add(ResourceKind::CONTINUOUS_DEPLOYMENT_POLICY, Some(&self.continuous_deployment_policy_id));
        }
        add(ResourceKind::ANYCAST_IP_LIST, self.anycast_ip_list_id.as_deref());
        let trust = self.viewer_mtls_config.as_ref().and_then(|mtls| mtls.trust_store_config.as_ref());
        add(ResourceKind::TRUST_STORE, trust.map(|trust| trust.trust_store_id.as_str()));
        let function = self.connection_function_association.as_ref().map(|function| function.id.as_str());
        add(ResourceKind::CONNECTION_FUNCTION, function);
        found.append(&mut key_groups);
        found
    }

    /// The ARNs of its CloudFront Functions. An account can only use its own.
    pub fn function_arns(&self) -> BTreeSet<&str> {
        let associations = self.behaviors().flat_map(|behavior| &behavior.function_associations.items);
        associations.map(|association| association.function_arn.as_str()).collect()
    }

    /// The ARNs of its real-time log configurations. An account can only use its own.
    pub fn realtime_log_config_arns(&self) -> BTreeSet<&str> {
        self.behaviors().filter_map(|behavior| given(behavior.realtime_log_config_arn.as_ref())).collect()
    }

    /// Refuses an origin access control that the origins which name it cannot use: one for S3 needs an origin of S3
    /// without an origin access identity, and one for another service a custom origin with a name of that service.
    ///
    /// # Errors
    /// `InvalidArgument` and `InvalidDomainNameForOriginAccessControl`.
    pub fn check_origin_access_control(&self, id: &str, origin_type: &str) -> Result<(), ServiceError> {
        let naming = self.origins.items.iter().filter(|origin| origin.origin_access_control_id == id);
        naming.into_iter().try_for_each(|origin| check_origin_type(origin, origin_type))
    }
}

fn check_origin_type(origin: &Origin, origin_type: &str) -> Result<(), ServiceError> {
    let fits = match origin_type {
        "s3" => origin.s3_origin_config.as_ref().is_some_and(|s3| s3.origin_access_identity.is_empty()),
        _ => origin.custom_origin_config.is_some(),
    };
    if !fits {
        return Err(ServiceError::new(
            Code::InvalidArgument,
            "Illegal configuration: The origin type and OAC origin type differ.",
        ));
    }
    if is_host_of(origin_type, &origin.domain_name) {
        return Ok(());
    }
    Err(ServiceError::new(
        Code::InvalidDomainNameForOriginAccessControl,
        "An origin access control is associated with an origin whose domain name is not supported.",
    ))
}

/// Whether a host is of the service that a type of origin access control is for. Which hosts are of S3 is a rule of
/// origins already.
fn is_host_of(origin_type: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    match origin_type {
        "mediastore" => host.contains(".mediastore.") && host.ends_with(".amazonaws.com"),
        "mediapackagev2" => host.contains(".mediapackagev2.") && host.ends_with(".amazonaws.com"),
        "lambda" => host.contains(".lambda-url.") && host.ends_with(".on.aws"),
        _ => true,
    }
}

/// The name in the ARN of a CloudFront Function.
pub(super) fn name_of_function(arn: &str) -> Option<&str> {
    name_in(arn, ":function/")
}

/// The name in the ARN of a real-time log configuration.
pub(super) fn name_of_log_config(arn: &str) -> Option<&str> {
    name_in(arn, ":realtime-log-config/")
}

/// The name after the kind in `arn:aws:cloudfront::ACCOUNT:KIND/NAME`.
fn name_in<'a>(arn: &'a str, kind: &str) -> Option<&'a str> {
    let (account, name) = arn.strip_prefix("arn:aws:cloudfront::")?.split_once(kind)?;
    let account = account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit());
    (account && !name.is_empty() && !name.contains('/')).then_some(name)
}
