//! Anycast lists: static addresses that distributions and connection groups answer from.

use keyfront_domain::anycast_ip_list::{self, AnycastIpListConfig};
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::Content;
use serde_json::json;
use uuid::Uuid;

use crate::configuration::{IN_USE, Layout, Names, Refusals, Resource, States, Summary, Time, entity};
use crate::context::Context;
use crate::operation::{Members, text};

/// An Anycast list.
pub(super) struct AnycastIpList;

impl Resource for AnycastIpList {
    const KIND: ResourceKind = ResourceKind::ANYCAST_IP_LIST;
    const NAMES: Names = Names {
        create: "CreateAnycastIpList",
        create_with_tags: None,
        get: "GetAnycastIpList",
        get_config: None,
        update: "UpdateAnycastIpList",
        delete: "DeleteAnycastIpList",
        list: "ListAnycastIpLists",
        document: "AnycastIpList",
        config: None,
        page: "AnycastIpLists",
        path: "anycast-ip-list",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = entity::refusals(IN_USE, false);
    const UPDATES_IN_PART: bool = true;
    const BAD_TAGS: Code = Code::InvalidTagging;
    const STATES: Option<States> = Some(States {
        changing: "Deploying",
        settled: "Deployed",
        lasts: |settling| settling.anycast_ip_list,
    });
    type Config = AnycastIpListConfig;

    fn id(random: Uuid) -> String {
        id::base_58("aip_", random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.anycast_ip_lists_per_account
    }

    fn complete(config: &mut Members) {
        anycast_ip_list::complete(config);
    }

    fn check(config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    fn generated(config: &Self::Config, random: &mut dyn FnMut() -> Uuid) -> Members {
        Members::from_iter([("AnycastIps".to_owned(), json!(config.addresses(random())))])
    }

    /// A list of other protocols has other addresses.
    async fn supplement(
        _tx: &Transaction<'_>,
        cx: &Context,
        _arn: &Arn,
        held: Option<&ResourceRecord>,
        config: &Self::Config,
        content: &mut Content,
    ) -> Result<(), ServiceError> {
        let changed = |held: &ResourceRecord| {
            text(&held.config, "IpAddressType") != text(&content.config, "IpAddressType")
        };
        if held.is_some_and(changed) {
            content.shown.extend(Self::generated(config, &mut || cx.ids.uuid()));
        }
        Ok(())
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        let arn = Arn::new(account, Self::KIND, record.id.as_str()).to_string();
        let networks = anycast_ip_list::ipam_config(&record.config);
        let networks = networks.map(|networks| ("IpamConfig".to_owned(), networks));
        [("Arn".to_owned(), arn.into())].into_iter().chain(networks).collect()
    }
}
