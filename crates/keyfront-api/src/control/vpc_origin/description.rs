//! VPC origins: load balancers and instances in a private network.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::vpc_origin::VpcOriginEndpointConfig;
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::configuration::{IN_USE, Layout, Names, Refusals, Resource, States, Summary, Time, entity};
use crate::control::distribution_ids::UsedByDistributions;
use crate::operation::{Members, text};

/// A VPC origin.
pub(super) struct VpcOrigin;

const DEPLOYED: &str = "Deployed";

impl Resource for VpcOrigin {
    const KIND: ResourceKind = ResourceKind::VPC_ORIGIN;
    const NAMES: Names = Names {
        create: "CreateVpcOrigin",
        create_with_tags: None,
        get: "GetVpcOrigin",
        get_config: None,
        update: "UpdateVpcOrigin",
        delete: "DeleteVpcOrigin",
        list: "ListVpcOrigins",
        document: "VpcOrigin",
        config: Some("VpcOriginEndpointConfig"),
        page: "VpcOriginList",
        path: "vpc-origin",
    };
    const LAYOUT: Layout =
        Layout { times: &[Time::Created, Time::LastModified], summary: Summary::Own(summary) };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 1;
    const REFUSALS: Refusals = entity::refusals(IN_USE, true);
    const STATES: Option<States> =
        Some(States { changing: "Deploying", settled: DEPLOYED, lasts: |settling| settling.vpc_origin });
    const DELETE_SHOWS: bool = true;
    const RULES: &'static [Code] = &[Code::InconsistentQuantities];
    type Config = VpcOriginEndpointConfig;

    fn id(random: Uuid) -> String {
        id::base_58("vo_", random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.vpc_origins_per_account
    }

    fn check(config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        let arn = Arn::new(account, ResourceKind::VPC_ORIGIN, record.id.as_str()).to_string();
        let members = [("Arn", json!(arn)), ("AccountId", json!(account.to_string()))];
        members.map(|(member, value)| (member.to_owned(), value)).into_iter().collect()
    }
}

/// An item of a list, at a moment in milliseconds since the epoch. The endpoint's ARN has another name there.
fn summary(account: AccountId, record: ResourceRecord, now_ms: i64) -> Value {
    let mut summary = VpcOrigin::computed(account, &record);
    let status = record.state.as_ref().map_or(DEPLOYED, |state| state.at(now_ms));
    for (member, value) in [
        ("Name", json!(text(&record.config, "Name"))),
        ("Status", json!(status)),
        ("CreatedTime", json!(record.created_ms)),
        ("LastModifiedTime", json!(record.modified_ms)),
        ("OriginEndpointArn", json!(text(&record.config, "Arn"))),
    ] {
        summary.insert(member.to_owned(), value);
    }
    summary.insert("Id".to_owned(), record.id.into());
    Value::Object(summary)
}

impl UsedByDistributions for VpcOrigin {
    const LIST_DISTRIBUTIONS: &'static str = "ListDistributionsByVpcOriginId";
    const LISTED_BY: &'static str = "VpcOriginId";
}
