//! Streaming distributions, which the service no longer serves and still keeps.

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::streaming_distribution::{self, INVALID_IDENTITY, StreamingDistributionConfig};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use serde_json::json;
use uuid::Uuid;

use crate::configuration::{self, Layout, Names, Refusals, Resource, States, Summary, Target, Time};
use crate::context::Context;
use crate::operation::{Members, text};

/// A streaming distribution.
pub(super) struct StreamingDistribution;

const DEPLOYED: &str = "Deployed";

const NOT_DISABLED: ServiceError = ServiceError::new(
    Code::StreamingDistributionNotDisabled,
    "The specified CloudFront distribution is not disabled. You must disable the distribution before you can delete it.",
);

impl Resource for StreamingDistribution {
    const KIND: ResourceKind = ResourceKind::STREAMING_DISTRIBUTION;
    const NAMES: Names = Names {
        create: "CreateStreamingDistribution",
        create_with_tags: Some((
            "CreateStreamingDistributionWithTags",
            "StreamingDistributionConfigWithTags",
        )),
        get: "GetStreamingDistribution",
        get_config: Some("GetStreamingDistributionConfig"),
        update: "UpdateStreamingDistribution",
        delete: "DeleteStreamingDistribution",
        list: "ListStreamingDistributions",
        document: "StreamingDistribution",
        config: Some("StreamingDistributionConfig"),
        page: "StreamingDistributionList",
        path: "streaming-distribution",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(
            Code::NoSuchStreamingDistribution,
            "The specified streaming distribution does not exist.",
        ),
        name_taken: None,
        caller_reference_used: Some(ServiceError::new(
            Code::StreamingDistributionAlreadyExists,
            "The caller reference you attempted to create the streaming distribution with is associated with another \
             distribution",
        )),
        too_many: ServiceError::new(
            Code::TooManyStreamingDistributions,
            "Processing your request would cause you to exceed the maximum number of streaming distributions allowed.",
        ),
        // Nothing refers to one.
        in_use: NOT_DISABLED,
    };
    const TARGETS: &'static [Target] = &[Target {
        kind: ResourceKind::ORIGIN_ACCESS_IDENTITY,
        absent: INVALID_IDENTITY,
        check: |_target| Ok(()),
        built_in: |_id| false,
    }];
    const STATES: Option<States> =
        Some(States { changing: "InProgress", settled: DEPLOYED, lasts: |settling| settling.distribution });
    const RULES: &'static [Code] = &[
        Code::CNAMEAlreadyExists,
        Code::InconsistentQuantities,
        Code::InvalidOriginAccessIdentity,
        Code::TooManyStreamingDistributionCNAMEs,
        Code::TooManyTrustedSigners,
        Code::TrustedSignerDoesNotExist,
    ];
    const CHANGE_RULES: &'static [Code] = &[Code::IllegalUpdate];
    const DELETE_RULES: &'static [Code] = &[Code::StreamingDistributionNotDisabled];
    type Config = StreamingDistributionConfig;

    fn id(random: Uuid) -> String {
        id::numbered('E', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.streaming_distributions_per_account
    }

    fn complete(config: &mut Members) {
        streaming_distribution::complete(config);
    }

    /// What a bucket is, is one of the server's settings.
    fn check(_config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        Ok(())
    }

    fn check_here(config: &Self::Config, cx: &Context) -> Result<(), ServiceError> {
        let rules = cx.rules();
        config.check(&rules.quotas, &rules.s3_hosts)
    }

    fn check_change(before: &Self::Config, after: &Self::Config) -> Result<(), ServiceError> {
        before.check_change(after)
    }

    fn check_delete(config: &Self::Config) -> Result<(), ServiceError> {
        if config.enabled { Err(NOT_DISABLED) } else { Ok(()) }
    }

    async fn check_delete_stored(
        _tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        let moment_ms = configuration::moment(cx, arn);
        let status = held.state.as_ref().map_or(DEPLOYED, |state| state.at(moment_ms));
        if status == DEPLOYED { Ok(()) } else { Err(NOT_DISABLED) }
    }

    fn caller_reference(config: &Self::Config) -> Option<&str> {
        Some(&config.caller_reference)
    }

    fn references(config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        let identity = config.origin_access_identity();
        identity.into_iter().map(|id| (ResourceKind::ORIGIN_ACCESS_IDENTITY, id)).collect()
    }

    fn generated(_config: &Self::Config, random: &mut dyn FnMut() -> Uuid) -> Members {
        let domain_name = format!("{}.cloudfront.net", id::numbered('s', random()).to_ascii_lowercase());
        Members::from_iter([("DomainName".to_owned(), json!(domain_name))])
    }

    fn domain_names(config: &Self::Config, generated: &Members) -> BTreeSet<String> {
        let own = text(generated, "DomainName").to_owned();
        config.aliases.items.iter().cloned().chain([own]).collect()
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        let arn = Arn::new(account, ResourceKind::STREAMING_DISTRIBUTION, record.id.as_str()).to_string();
        let signers = streaming_distribution::active_trusted_signers(&record.config);
        let members = [("ARN", json!(arn)), ("ActiveTrustedSigners", signers)];
        members.map(|(member, value)| (member.to_owned(), value)).into_iter().collect()
    }
}
