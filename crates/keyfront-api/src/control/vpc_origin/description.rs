//! VPC origins: load balancers and instances in a private network.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::vpc_origin::{self, VpcOriginEndpointConfig};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::{Transaction, references};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::configuration::{Layout, NameTaken, Names, Refusals, Resource, States, Summary, TOO_MANY, Time};
use crate::context::Context;
use crate::control::distribution_ids::UsedByDistributions;
use crate::operation::{Members, text};

/// A VPC origin.
pub(super) struct VpcOrigin;

const DEPLOYED: &str = "Deployed";

/// The refusal of an id that no VPC origin has, also by a distribution that names it (captures of 2026-10 in MiniStack's
/// tests, as the other texts here).
pub(in crate::control) const NO_SUCH_VPC_ORIGIN: ServiceError =
    ServiceError::new(Code::EntityNotFound, "The specified vpc origin does not exist");

const NAME_TAKEN: ServiceError = ServiceError::new(
    Code::EntityAlreadyExists,
    "Another vpc origin with the same name already exists within the aws account.",
);

const fn in_use(code: Code) -> ServiceError {
    ServiceError::new(
        code,
        "The specified VPC origin is currently associated with one or more distributions. Please disassociate the VPC \
         origin from all distributions before updating or deleting",
    )
}

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
    const REFUSALS: Refusals = Refusals {
        absent: NO_SUCH_VPC_ORIGIN,
        name_taken: Some(NameTaken { refusal: NAME_TAKEN, on_update: true }),
        caller_reference_used: None,
        too_many: TOO_MANY,
        in_use: in_use(Code::CannotDeleteEntityWhileInUse),
    };
    const STATES: Option<States> =
        Some(States { changing: "Deploying", settled: DEPLOYED, lasts: |settling| settling.vpc_origin });
    const SETTLING_COUNTS: bool = true;
    const JUDGED_FIRST: bool = true;
    const BAD_TAGS: Code = Code::InvalidTagging;
    const DELETE_SHOWS: bool = true;
    const RULES: &'static [Code] = &[Code::InconsistentQuantities];
    const CHANGE_RULES: &'static [Code] = &[Code::CannotUpdateEntityWhileInUse];
    type Config = VpcOriginEndpointConfig;

    fn id(random: Uuid) -> String {
        id::base_58("vo_", random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.vpc_origins_per_account
    }

    fn check_id(id: &str) -> Result<(), ServiceError> {
        vpc_origin::check_id(id)
    }

    fn complete(config: &mut Members) {
        vpc_origin::complete(config);
    }

    fn check(_config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        Ok(())
    }

    fn check_for(account: AccountId, config: &Self::Config) -> Result<(), ServiceError> {
        config.check(account)
    }

    async fn check_changed(
        tx: &Transaction<'_>,
        arn: &Arn,
        before: &Members,
        after: &Members,
    ) -> Result<(), ServiceError> {
        // An earlier version kept less of it.
        let mut known = before.clone();
        vpc_origin::complete(&mut known);
        if known != *after && Self::stays(tx, arn).await? {
            return Err(in_use(Code::CannotUpdateEntityWhileInUse));
        }
        Ok(())
    }

    /// While a distribution uses it.
    async fn stays(tx: &Transaction<'_>, arn: &Arn) -> Result<bool, ServiceError> {
        Ok(references::count_in(tx, arn).await? > 0)
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    /// An origin that an earlier version kept lacks what the service has added to its configuration since.
    async fn as_shown(
        _cx: &Context,
        _account: AccountId,
        mut record: ResourceRecord,
    ) -> Result<ResourceRecord, ServiceError> {
        vpc_origin::complete(&mut record.config);
        Ok(record)
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        let arn = Arn::new(account, ResourceKind::VPC_ORIGIN, record.id.as_str()).to_string();
        let members = [("Arn", json!(arn)), ("AccountId", json!(account.to_string()))];
        members.map(|(member, value)| (member.to_owned(), value)).into_iter().collect()
    }
}

/// An item of a list, at a moment in milliseconds since the epoch. The endpoint's ARN has another name there.
pub(super) fn summary(account: AccountId, mut record: ResourceRecord, now_ms: i64) -> Value {
    vpc_origin::complete(&mut record.config);
    let mut summary = VpcOrigin::computed(account, &record);
    let status = record.state.as_ref().map_or(DEPLOYED, |state| state.at(now_ms));
    for (member, value) in [
        ("Name", json!(text(&record.config, "Name"))),
        ("Status", json!(status)),
        ("CreatedTime", json!(record.created_ms)),
        ("LastModifiedTime", json!(record.modified_ms)),
        ("OriginEndpointArn", json!(text(&record.config, "Arn"))),
        ("IpAddressType", record.config.get("IpAddressType").cloned().unwrap_or_default()),
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
