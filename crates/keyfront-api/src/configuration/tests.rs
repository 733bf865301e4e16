//! What the resources at hand do not need and the next families do: a resource without a time and without a member
//! for its configuration, with members that are computed and a state that changes with time.

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::{AccountId, Quotas};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::{NextState, ResourceRecord, StateRecord};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::proposal::{Proposal, Sent};
use super::{Layout, Names, Refusals, Resource, Summary, Time, shown};
use crate::operation::Members;

struct Group;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupConfig {
    name: String,
}

const REFUSAL: ServiceError = ServiceError::new(Code::EntityNotFound, "The entity was not found.");
const ACCOUNT: AccountId = AccountId::DEVELOPMENT;
const SETTLED_MS: i64 = 1000;

impl Resource for Group {
    const KIND: ResourceKind = ResourceKind::DISTRIBUTION;
    const NAMES: Names = Names {
        create: "CreateGroup",
        create_with_tags: None,
        get: "GetGroup",
        get_config: None,
        update: "UpdateGroup",
        delete: "DeleteGroup",
        list: "ListGroups",
        document: "Group",
        config: None,
        page: "Groups",
        path: "group",
    };
    const LAYOUT: Layout = Layout { times: &[Time::Created, Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: REFUSAL,
        name_taken: None,
        caller_reference_used: None,
        too_many: REFUSAL,
        in_use: REFUSAL,
    };
    type Config = GroupConfig;

    fn id(random: Uuid) -> String {
        random.to_string()
    }

    fn quota(_quotas: &Quotas) -> u64 {
        1
    }

    fn check(_config: &GroupConfig, _quotas: &Quotas) -> Result<(), ServiceError> {
        Ok(())
    }

    fn computed(_account: AccountId, record: &ResourceRecord) -> Members {
        members(json!({ "Arn": format!("arn:{}", record.id) }))
    }
}

fn members(value: Value) -> Members {
    serde_json::from_value(value).unwrap()
}

fn record(version: u64) -> ResourceRecord {
    ResourceRecord {
        id: "cg".to_owned(),
        name: None,
        caller_reference: None,
        config: members(json!({ "Name": "a" })),
        shown: members(json!({ "RoutingEndpoint": "d1.cloudfront.net" })),
        state: Some(StateRecord {
            name: "InProgress".to_owned(),
            next: Some(NextState { name: "Deployed".to_owned(), at_ms: SETTLED_MS }),
        }),
        references: [].into(),
        domain_names: [].into(),
        attached: Members::new(),
        created_ms: 1,
        modified_ms: 2,
        version,
    }
}

#[test]
fn a_configuration_without_a_member_of_its_own_is_the_rest_of_the_request() {
    let input = json!({ "Name": "a", "Enabled": true, "Id": "cg", "IfMatch": "E", "Tags": { "Items": [] } });
    let sent = Sent::take::<Group>(members(input)).unwrap();
    let proposal = Proposal::<Group>::new(sent.config).unwrap();
    assert_eq!(proposal.view.name, "a");
    assert_eq!(proposal.config, members(json!({ "Name": "a", "Enabled": true })));
}

#[test]
fn computed_members_state_and_times_stand_beside_the_configuration() {
    let expected = json!({
        "Id": "cg", "Name": "a", "CreatedTime": 1, "LastModifiedTime": 2, "Arn": "arn:cg",
        "Status": "InProgress", "RoutingEndpoint": "d1.cloudfront.net",
    });
    let mut item = expected.clone();
    item["ETag"] = json!("E23ZP02F085DFQ");
    assert_eq!(shown::summary::<Group>(ACCOUNT, record(0), 3), item);
    let whole = shown::whole::<Group>(ACCOUNT, record(0), Members::new(), 3);
    assert_eq!(Value::Object(whole), json!({ "Group": expected, "ETag": "E23ZP02F085DFQ" }));
}

#[test]
fn a_state_changes_with_time() {
    for (now_ms, expected) in [(SETTLED_MS - 1, "InProgress"), (SETTLED_MS, "Deployed")] {
        assert_eq!(shown::summary::<Group>(ACCOUNT, record(1), now_ms)["Status"], expected, "{now_ms}");
    }
}
