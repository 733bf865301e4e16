//! The operations of every resource type: one row each, in the order of their names.

use super::identity::{self, Found, Identity};
use super::operations::{Key, Operations};

/// What most types do not have.
const NONE: Operations = Operations {
    resource_type: "",
    create: "",
    create_with_tags: None,
    read: "",
    update: "",
    publish: None,
    delete: "",
    key: Key::Id,
    caller_reference_in: None,
    wrapped_in: None,
    enabled: None,
    identity: Identity { sent: "Name", found: Found::ByKey },
};

pub(super) const OPERATIONS: &[Operations] = &[
    Operations {
        resource_type: "AWS::CloudFront::AnycastIpList",
        create: "CreateAnycastIpList",
        read: "GetAnycastIpList",
        update: "UpdateAnycastIpList",
        delete: "DeleteAnycastIpList",
        identity: Identity {
            sent: "Name",
            found: Found::Listed { list: "ListAnycastIpLists", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::CachePolicy",
        create: "CreateCachePolicy",
        read: "GetCachePolicy",
        update: "UpdateCachePolicy",
        delete: "DeleteCachePolicy",
        identity: Identity {
            sent: "CachePolicyConfig.Name",
            found: Found::Listed {
                list: "ListCachePolicies",
                key: "CachePolicy.Id",
                shown: "CachePolicy.CachePolicyConfig.Name",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        create: "CreateCloudFrontOriginAccessIdentity",
        read: "GetCloudFrontOriginAccessIdentity",
        update: "UpdateCloudFrontOriginAccessIdentity",
        delete: "DeleteCloudFrontOriginAccessIdentity",
        caller_reference_in: Some("CloudFrontOriginAccessIdentityConfig"),
        identity: Identity {
            sent: identity::CALLER_REFERENCE,
            found: Found::Read {
                list: "ListCloudFrontOriginAccessIdentities",
                key: "Id",
                shown: "CloudFrontOriginAccessIdentityConfig.CallerReference",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::ConnectionFunction",
        create: "CreateConnectionFunction",
        read: "DescribeConnectionFunction",
        update: "UpdateConnectionFunction",
        publish: Some("PublishConnectionFunction"),
        delete: "DeleteConnectionFunction",
        identity: Identity {
            sent: "Name",
            found: Found::Listed { list: "ListConnectionFunctions", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::ConnectionGroup",
        create: "CreateConnectionGroup",
        read: "GetConnectionGroup",
        update: "UpdateConnectionGroup",
        delete: "DeleteConnectionGroup",
        enabled: Some("Enabled"),
        identity: Identity {
            sent: "Name",
            found: Found::Listed { list: "ListConnectionGroups", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::ContinuousDeploymentPolicy",
        create: "CreateContinuousDeploymentPolicy",
        read: "GetContinuousDeploymentPolicy",
        update: "UpdateContinuousDeploymentPolicy",
        delete: "DeleteContinuousDeploymentPolicy",
        identity: Identity {
            sent: "ContinuousDeploymentPolicyConfig.StagingDistributionDnsNames.Items",
            found: Found::Listed {
                list: "ListContinuousDeploymentPolicies",
                key: "ContinuousDeploymentPolicy.Id",
                shown: "ContinuousDeploymentPolicy.ContinuousDeploymentPolicyConfig.StagingDistributionDnsNames.Items",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::Distribution",
        create: "CreateDistribution",
        create_with_tags: Some("CreateDistributionWithTags"),
        read: "GetDistribution",
        update: "UpdateDistribution",
        delete: "DeleteDistribution",
        caller_reference_in: Some("DistributionConfig"),
        enabled: Some("DistributionConfig.Enabled"),
        identity: Identity {
            sent: identity::CALLER_REFERENCE,
            found: Found::Read {
                list: "ListDistributions",
                key: "Id",
                shown: "DistributionConfig.CallerReference",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::DistributionTenant",
        create: "CreateDistributionTenant",
        read: "GetDistributionTenant",
        update: "UpdateDistributionTenant",
        delete: "DeleteDistributionTenant",
        enabled: Some("Enabled"),
        identity: Identity {
            sent: "Name",
            found: Found::Listed { list: "ListDistributionTenants", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::FieldLevelEncryptionConfig",
        create: "CreateFieldLevelEncryptionConfig",
        read: "GetFieldLevelEncryption",
        update: "UpdateFieldLevelEncryptionConfig",
        delete: "DeleteFieldLevelEncryptionConfig",
        wrapped_in: Some("FieldLevelEncryptionConfig"),
        identity: Identity {
            sent: "FieldLevelEncryptionConfig.CallerReference",
            found: Found::Read {
                list: "ListFieldLevelEncryptionConfigs",
                key: "Id",
                shown: "FieldLevelEncryptionConfig.CallerReference",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::FieldLevelEncryptionProfile",
        create: "CreateFieldLevelEncryptionProfile",
        read: "GetFieldLevelEncryptionProfile",
        update: "UpdateFieldLevelEncryptionProfile",
        delete: "DeleteFieldLevelEncryptionProfile",
        identity: Identity {
            sent: "FieldLevelEncryptionProfileConfig.Name",
            found: Found::Listed { list: "ListFieldLevelEncryptionProfiles", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::Function",
        create: "CreateFunction",
        read: "DescribeFunction",
        update: "UpdateFunction",
        publish: Some("PublishFunction"),
        delete: "DeleteFunction",
        key: Key::Name,
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::KeyGroup",
        create: "CreateKeyGroup",
        read: "GetKeyGroup",
        update: "UpdateKeyGroup",
        delete: "DeleteKeyGroup",
        identity: Identity {
            sent: "KeyGroupConfig.Name",
            found: Found::Listed {
                list: "ListKeyGroups",
                key: "KeyGroup.Id",
                shown: "KeyGroup.KeyGroupConfig.Name",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::KeyValueStore",
        create: "CreateKeyValueStore",
        read: "DescribeKeyValueStore",
        update: "UpdateKeyValueStore",
        delete: "DeleteKeyValueStore",
        key: Key::Name,
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::MonitoringSubscription",
        create: "CreateMonitoringSubscription",
        read: "GetMonitoringSubscription",
        update: "CreateMonitoringSubscription",
        delete: "DeleteMonitoringSubscription",
        key: Key::DistributionId,
        identity: Identity { sent: "DistributionId", found: Found::ByKey },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::OriginAccessControl",
        create: "CreateOriginAccessControl",
        read: "GetOriginAccessControl",
        update: "UpdateOriginAccessControl",
        delete: "DeleteOriginAccessControl",
        identity: Identity {
            sent: "OriginAccessControlConfig.Name",
            found: Found::Listed { list: "ListOriginAccessControls", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::OriginRequestPolicy",
        create: "CreateOriginRequestPolicy",
        read: "GetOriginRequestPolicy",
        update: "UpdateOriginRequestPolicy",
        delete: "DeleteOriginRequestPolicy",
        identity: Identity {
            sent: "OriginRequestPolicyConfig.Name",
            found: Found::Listed {
                list: "ListOriginRequestPolicies",
                key: "OriginRequestPolicy.Id",
                shown: "OriginRequestPolicy.OriginRequestPolicyConfig.Name",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::PublicKey",
        create: "CreatePublicKey",
        read: "GetPublicKey",
        update: "UpdatePublicKey",
        delete: "DeletePublicKey",
        identity: Identity {
            sent: "PublicKeyConfig.Name",
            found: Found::Listed { list: "ListPublicKeys", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::RealtimeLogConfig",
        create: "CreateRealtimeLogConfig",
        read: "GetRealtimeLogConfig",
        update: "UpdateRealtimeLogConfig",
        delete: "DeleteRealtimeLogConfig",
        key: Key::Arn,
        identity: Identity {
            sent: "Name",
            found: Found::Listed { list: "ListRealtimeLogConfigs", key: "ARN", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::ResponseHeadersPolicy",
        create: "CreateResponseHeadersPolicy",
        read: "GetResponseHeadersPolicy",
        update: "UpdateResponseHeadersPolicy",
        delete: "DeleteResponseHeadersPolicy",
        identity: Identity {
            sent: "ResponseHeadersPolicyConfig.Name",
            found: Found::Listed {
                list: "ListResponseHeadersPolicies",
                key: "ResponseHeadersPolicy.Id",
                shown: "ResponseHeadersPolicy.ResponseHeadersPolicyConfig.Name",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::StreamingDistribution",
        create: "CreateStreamingDistribution",
        create_with_tags: Some("CreateStreamingDistributionWithTags"),
        read: "GetStreamingDistribution",
        update: "UpdateStreamingDistribution",
        delete: "DeleteStreamingDistribution",
        caller_reference_in: Some("StreamingDistributionConfig"),
        enabled: Some("StreamingDistributionConfig.Enabled"),
        identity: Identity {
            sent: identity::CALLER_REFERENCE,
            found: Found::Read {
                list: "ListStreamingDistributions",
                key: "Id",
                shown: "StreamingDistributionConfig.CallerReference",
            },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::TrustStore",
        create: "CreateTrustStore",
        read: "GetTrustStore",
        update: "UpdateTrustStore",
        delete: "DeleteTrustStore",
        identity: Identity {
            sent: "Name",
            found: Found::Listed { list: "ListTrustStores", key: "Id", shown: "Name" },
        },
        ..NONE
    },
    Operations {
        resource_type: "AWS::CloudFront::VpcOrigin",
        create: "CreateVpcOrigin",
        read: "GetVpcOrigin",
        update: "UpdateVpcOrigin",
        delete: "DeleteVpcOrigin",
        identity: Identity {
            sent: "VpcOriginEndpointConfig.Name",
            found: Found::Listed { list: "ListVpcOrigins", key: "Id", shown: "Name" },
        },
        ..NONE
    },
];

#[cfg(test)]
mod tests {
    use keyfront_wire::Service;

    use super::*;

    #[test]
    fn the_api_has_every_operation_and_names_resources_so() {
        let service = Service::cloudfront().unwrap();
        let inputs = |name: &str| -> Vec<&str> {
            let operation = service.operations().iter().find(|operation| operation.name == name);
            let operation = operation.unwrap_or_else(|| panic!("the API has no {name}"));
            let input = operation.input.as_ref().map(|input| service.shape(input.shape));
            let members = input.and_then(|input| input.structure()).map(|input| &input.members);
            members.into_iter().flatten().map(|member| member.name).collect()
        };
        for operations in OPERATIONS {
            let Operations { create, create_with_tags, read, update, publish, delete, .. } = operations;
            for name in create_with_tags.iter().chain(publish) {
                assert!(!inputs(name).is_empty(), "{name}");
            }
            assert!(!inputs(create).is_empty(), "{create}");
            for name in [read, update, delete] {
                let members = inputs(name);
                let named = operations.key.inputs().iter().any(|key| members.contains(key));
                assert!(named, "{name}: {members:?}");
            }
            if let Found::Listed { list, .. } | Found::Read { list, .. } = operations.identity.found {
                assert!(inputs(list).contains(&"Marker"), "{list}");
            }
        }
    }
}
