//! Connection groups: how viewers connect to the tenants of distributions.

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::connection_group::{self, ConnectionGroupConfig};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use serde_json::Value;
use uuid::Uuid;

use crate::configuration::{
    Filter, IN_USE, KnownAs, Layout, NOT_DISABLED, Names, PageForm, Refusals, Resource, States, Summary,
    Target, Time, entity, moment, settled,
};
use crate::context::Context;
use crate::operation::{Members, text};

/// A connection group.
pub(super) struct ConnectionGroup;

/// What the default group is found by. No request of a client has a caller reference for a group.
pub(super) const DEFAULT_REFERENCE: &str = "default";

impl Resource for ConnectionGroup {
    const KIND: ResourceKind = ResourceKind::CONNECTION_GROUP;
    const NAMES: Names = Names {
        create: "CreateConnectionGroup",
        create_with_tags: None,
        get: "GetConnectionGroup",
        get_config: None,
        update: "UpdateConnectionGroup",
        delete: "DeleteConnectionGroup",
        list: "ListConnectionGroups",
        document: "ConnectionGroup",
        config: None,
        page: "ConnectionGroups",
        path: "connection-group",
    };
    const LAYOUT: Layout = Layout { times: &[Time::Created, Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = entity::refusals(IN_USE, false);
    const UPDATES_IN_PART: bool = true;
    const TARGETS: &'static [Target] = &[entity::target(ResourceKind::ANYCAST_IP_LIST)];
    const BAD_TAGS: Code = Code::InvalidTagging;
    const STATES: Option<States> = Some(States {
        changing: "InProgress",
        settled: "Deployed",
        lasts: |settling| settling.connection_group,
    });
    const DELETE_RULES: &'static [Code] = &[Code::ResourceNotDisabled];
    const KNOWN_AS: KnownAs = KnownAs::IdArnOrName;
    const GET_BY_DOMAIN_NAME: Option<(&'static str, &'static str)> =
        Some(("GetConnectionGroupByRoutingEndpoint", "RoutingEndpoint"));
    const PAGE_FORM: PageForm = PageForm::Bare;
    type Config = ConnectionGroupConfig;

    fn id_at(random: Uuid, now_ms: i64) -> String {
        id::ksuid("cg_", random, now_ms)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.connection_groups_per_account
    }

    fn complete(config: &mut Members) {
        connection_group::complete(config);
    }

    fn check(config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    fn check_delete(config: &Self::Config) -> Result<(), ServiceError> {
        if config.enabled {
            return Err(NOT_DISABLED);
        }
        if config.is_default { Err(IN_USE) } else { Ok(()) }
    }

    async fn check_delete_stored(
        _tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: &ResourceRecord,
    ) -> Result<(), ServiceError> {
        if settled(held, moment(cx, arn)) { Ok(()) } else { Err(NOT_DISABLED) }
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    fn caller_reference(config: &Self::Config) -> Option<&str> {
        config.is_default.then_some(DEFAULT_REFERENCE)
    }

    fn references(config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        config.anycast_ip_list_id.iter().map(|id| (ResourceKind::ANYCAST_IP_LIST, id.as_str())).collect()
    }

    fn generated(_config: &Self::Config, random: &mut dyn FnMut() -> Uuid) -> Members {
        let endpoint = format!("{}.cloudfront.net", id::numbered('d', random()).to_ascii_lowercase());
        Members::from_iter([("RoutingEndpoint".to_owned(), endpoint.into())])
    }

    fn domain_names(_config: &Self::Config, generated: &Members) -> BTreeSet<String> {
        BTreeSet::from([text(generated, "RoutingEndpoint").to_owned()])
    }

    fn filter(input: &Members) -> Result<Filter, ServiceError> {
        let wanted = input.get("AssociationFilter").and_then(|filter| filter.get("AnycastIpListId"));
        let wanted = wanted.and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
        Ok(Box::new(move |record| {
            wanted.as_ref().is_none_or(|wanted| text(&record.config, "AnycastIpListId") == wanted)
        }))
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        let arn = Arn::new(account, Self::KIND, record.id.as_str()).to_string();
        Members::from_iter([("Arn".to_owned(), arn.into())])
    }
}
