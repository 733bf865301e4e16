//! What the tests of the newer families share, and what all of these families have in common: they are known by id, ARN
//! and name, their updates name what changes, and their lists are bare.

use std::time::Duration;

use keyfront_api::Settings;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::{Quotas, Settling};
use keyfront_store::records::TagsRecord;
use keyfront_store::resources::{self, Content, NewResource};
use keyfront_store::transact;
use serde_json::{Value, json};

use super::FIRST;
use super::resources::{ZEROTH, document};
use crate::fixture::{ADMIN, Answer, Call, STRANGER, User, World, escaped};

pub(super) const CONNECTION_GROUPS: &str = "/2020-05-31/connection-group";
pub(super) const TENANTS: &str = "/2020-05-31/distribution-tenant";
pub(super) const ANYCAST_IP_LISTS: &str = "/2020-05-31/anycast-ip-list";
pub(super) const TRUST_STORES: &str = "/2020-05-31/trust-store";

pub(super) const NOT_FOUND: &str = "404 EntityNotFound: The entity was not found.";
pub(super) const TAKEN: &str =
    "409 EntityAlreadyExists: The entity already exists. You must provide a unique entity.";
pub(super) const IN_USE: &str =
    "409 CannotDeleteEntityWhileInUse: The entity cannot be deleted while it is in use.";
pub(super) const NOT_DISABLED: &str =
    "409 ResourceNotDisabled: The specified CloudFront resource hasn't been disabled yet.";
pub(super) const NO_IF_MATCH: &str =
    "400 InvalidIfMatchVersion: The If-Match version is missing or not valid for the resource.";
pub(super) const STALE: &str = "412 PreconditionFailed: The request failed because it didn't meet the preconditions in one or more \
     request-header fields.";

/// A request with a document of this name.
pub(super) fn call<'w>(world: &'w World, method: &str, path: &str, root: &str, elements: &str) -> Call<'w> {
    world.control(method, path).body(document(root, elements))
}

/// Puts a multi-tenant distribution into the store.
pub(super) async fn multi_tenant_distribution(world: &World, id: &str, parameters: Value) {
    let config = json!({
        "ConnectionMode": "tenant-only",
        "Enabled": true,
        "TenantConfig": { "ParameterDefinitions": parameters },
    });
    distribution(world, ADMIN, id, config, &[]).await;
}

/// Puts a distribution with a configuration and domain names into the store.
pub(super) async fn distribution(world: &World, owner: User, id: &str, config: Value, domain_names: &[&str]) {
    let arn = &Arn::new(owner.account.parse().unwrap(), ResourceKind::DISTRIBUTION, id);
    let content = Content {
        config: serde_json::from_value(config).unwrap(),
        domain_names: domain_names.iter().map(|name| (*name).to_owned()).collect(),
        ..Content::default()
    };
    let tags = TagsRecord::default();
    let new = &NewResource { content, tags, version: 0, limit: u64::MAX, now_ms: 0 };
    let made = transact(&*world.engine, |tx| async move { resources::create(&tx, arn, new).await });
    made.await.unwrap();
}

/// Gives a distribution of the store another configuration.
pub(super) async fn reconfigured(world: &World, owner: User, id: &str, config: Value) {
    let arn = &Arn::new(owner.account.parse().unwrap(), ResourceKind::DISTRIBUTION, id);
    let config = &config;
    let changed = transact(&*world.engine, |tx| async move {
        let held = resources::get(&tx, arn).await?.unwrap();
        let content =
            Content { config: serde_json::from_value(config.clone()).unwrap(), ..Content::from(&held) };
        resources::update(&tx, arn, None, &content, 0).await
    });
    changed.await.unwrap();
}

/// The body of CreateDistributionTenant, with further elements.
pub(super) fn tenant(distribution: &str, name: &str, domains: &[&str], more: &str) -> String {
    let domains = domains.iter().map(|domain| format!("<member><Domain>{domain}</Domain></member>"));
    let elements = format!(
        "<DistributionId>{distribution}</DistributionId><Name>{name}</Name><Domains>{}</Domains>{more}",
        domains.collect::<String>()
    );
    document("CreateDistributionTenantRequest", &elements)
}

/// The id of a new tenant of the admin's.
pub(super) async fn made_tenant(world: &World, name: &str, domains: &[&str], more: &str) -> String {
    let create = world.control("POST", TENANTS).body(tenant("E1", name, domains, more));
    super::resources::made(create).await
}

/// A request for a page of a bare list.
pub(super) fn listing<'w>(world: &'w World, operation: &str, elements: &str) -> Call<'w> {
    let path = match operation {
        "ListConnectionGroups" => "connection-groups",
        "ListDistributionTenants" => "distribution-tenants",
        "ListDistributionTenantsByCustomization" => "distribution-tenants-by-customization",
        "ListTrustStores" => "trust-stores",
        "ListConnectionFunctions" => "connection-functions",
        other => panic!("{other} has no path"),
    };
    call(world, "POST", &format!("/2020-05-31/{path}"), &format!("{operation}Request"), elements)
}

/// The names on a page, and where the next begins.
pub(super) fn page(answer: &Answer) -> (Vec<String>, Option<String>) {
    assert_eq!(answer.status, 200, "{answer}");
    let names = answer.elements("Name").into_iter().map(str::to_owned).collect();
    (names, answer.elements("NextMarker").first().map(|marker| (*marker).to_owned()))
}

/// A family in the tests that all of them pass.
struct Family {
    path: &'static str,
    list: &'static str,
    /// The roots of creating and updating, and the body of an update.
    create: &'static str,
    body: fn(&str) -> String,
    update: for<'w> fn(&'w World, &str) -> Call<'w>,
}

fn families() -> [Family; 3] {
    [
        Family {
            path: CONNECTION_GROUPS,
            list: "ListConnectionGroups",
            create: "CreateConnectionGroupRequest",
            body: |name| format!("<Name>{name}</Name>"),
            update: |world, path| {
                call(world, "PUT", path, "UpdateConnectionGroupRequest", "<Enabled>false</Enabled>")
            },
        },
        Family {
            path: TENANTS,
            list: "ListDistributionTenants",
            create: "CreateDistributionTenantRequest",
            body: |name| {
                format!(
                    "<DistributionId>E1</DistributionId><Name>{name}</Name><Domains><member><Domain>\
                     {name}.example.com</Domain></member></Domains>"
                )
            },
            update: |world, path| {
                call(world, "PUT", path, "UpdateDistributionTenantRequest", "<Enabled>false</Enabled>")
            },
        },
        Family {
            path: TRUST_STORES,
            list: "ListTrustStores",
            create: "CreateTrustStoreRequest",
            body: |name| {
                format!(
                    "<Name>{name}</Name><CaCertificatesBundleSource><CaCertificatesBundleS3Location><Bucket>\
                     certificates</Bucket><Key>ca.pem</Key><Region>us-east-1</Region>\
                     </CaCertificatesBundleS3Location></CaCertificatesBundleSource>"
                )
            },
            update: |world, path| {
                world.control("PUT", path).header("useclientcertificateocspendpoint", "true")
            },
        },
    ]
}

#[tokio::test]
async fn every_family_is_known_by_id_arn_and_name_and_changed_by_its_etag() {
    for family in families() {
        let world = World::new();
        multi_tenant_distribution(&world, "E1", json!([])).await;
        let create = |name: &str| call(&world, "POST", family.path, family.create, &(family.body)(name));
        let created = create("one-1").send().await;
        assert_eq!((created.status, created.header("etag")), (201, ZEROTH), "{created}");
        assert_eq!(create("one-1").send().await.refusal(), TAKEN);
        let (id, arn) = (created.element("Id").to_owned(), created.element("Arn").to_owned());
        for identifier in [&id, "one-1", &arn] {
            let shown = world.control("GET", format!("{}/{}", family.path, escaped(identifier))).send().await;
            assert_eq!((shown.status, shown.element("Id")), (200, id.as_str()), "{identifier}: {shown}");
        }
        let by_stranger = |identifier: &str| {
            world.control("GET", format!("{}/{}", family.path, escaped(identifier))).by(STRANGER)
        };
        assert_eq!(by_stranger(&id).send().await.refusal(), NOT_FOUND);
        assert_eq!(by_stranger("one-1").send().await.refusal(), NOT_FOUND);
        assert!(by_stranger(&arn).send().await.refusal().starts_with("403 AccessDenied"));
        let path = format!("{}/{id}", family.path);
        let update = || (family.update)(&world, &path);
        assert_eq!(update().send().await.refusal(), NO_IF_MATCH);
        assert_eq!(update().if_match(FIRST).send().await.refusal(), STALE);
        let updated = update().if_match(ZEROTH).send().await;
        assert_eq!((updated.status, updated.header("etag")), (200, FIRST), "{updated}");
        assert_eq!(updated.element("Name"), "one-1");
        let delete = || world.control("DELETE", &path);
        assert_eq!(delete().send().await.refusal(), NO_IF_MATCH);
        assert_eq!(delete().if_match(ZEROTH).send().await.refusal(), STALE);
        assert_eq!(delete().if_match(FIRST).send().await.outcome(), "204");
        for gone in [delete().if_match(FIRST), update().if_match(FIRST), world.control("GET", &path)] {
            assert_eq!(gone.send().await.refusal(), NOT_FOUND);
        }
        create("one-1").send().await;
    }
}

#[tokio::test]
async fn every_family_is_listed_page_by_page_in_the_order_of_creation() {
    for family in families() {
        let world = World::new();
        multi_tenant_distribution(&world, "E1", json!([])).await;
        assert_eq!(page(&listing(&world, family.list, "").send().await), (vec![], None));
        for name in ["ccc", "bbb", "aaa"] {
            let created = call(&world, "POST", family.path, family.create, &(family.body)(name)).send().await;
            assert_eq!(created.status, 201, "{created}");
            world.clock.advance(Duration::from_secs(1));
        }
        let (all, _) = page(&listing(&world, family.list, "").send().await);
        let own: Vec<_> = all.iter().filter(|name| !name.starts_with("CreatedBy")).collect();
        assert_eq!(own, ["ccc", "bbb", "aaa"]);
        let (mut seen, mut marker) = (Vec::new(), String::new());
        loop {
            let elements = format!("<Marker>{marker}</Marker><MaxItems>1</MaxItems>");
            let (names, next) = page(&listing(&world, family.list, &elements).send().await);
            seen.extend(names);
            let Some(next) = next else { break };
            marker = next;
        }
        assert_eq!(seen, all);
        for (elements, refusal) in [
            ("<MaxItems>0</MaxItems>", "400 InvalidArgument: The parameter MaxItems is not valid."),
            ("<Marker>no_such</Marker>", "400 InvalidArgument: The parameter Marker is not valid."),
        ] {
            assert_eq!(listing(&world, family.list, elements).send().await.refusal(), refusal);
        }
    }
}

#[tokio::test]
async fn every_family_has_a_quota() {
    let quotas = Quotas {
        connection_groups_per_account: 1,
        distribution_tenants_per_account: 1,
        trust_stores_per_account: 1,
        ..Quotas::default()
    };
    for family in families() {
        let world = World::with(quotas.clone(), Settings::default());
        multi_tenant_distribution(&world, "E1", json!([])).await;
        let create = |name: &str| call(&world, "POST", family.path, family.create, &(family.body)(name));
        assert_eq!(create("one").send().await.outcome(), "201");
        let refused = "400 EntityLimitExceeded: The entity limit has been exceeded.";
        assert_eq!(create("two").send().await.refusal(), refused);
    }
}

/// A policy names a resource by its ARN; a request may name it otherwise.
#[tokio::test]
async fn a_policy_counts_whatever_a_request_calls_the_resource() {
    for family in families() {
        let world = World::new();
        multi_tenant_distribution(&world, "E1", json!([])).await;
        let create = |name: &str| call(&world, "POST", family.path, family.create, &(family.body)(name));
        let (one, two) = (create("one").send().await, create("two").send().await);
        let statement =
            format!(r#"{{"Effect":"Allow","Action":"cloudfront:Get*","Resource":"{}"}}"#, one.element("Arn"));
        let user = world.users.limit(&statement);
        for (identifier, allowed) in
            [(one.element("Id"), true), ("one", true), (two.element("Id"), false), ("two", false)]
        {
            let shown = world.control("GET", format!("{}/{identifier}", family.path)).by(user).send().await;
            assert_eq!(shown.status, if allowed { 200 } else { 403 }, "{identifier}: {shown}");
        }
    }
}

/// A world in which a change takes an hour to settle.
pub(super) fn slow_world() -> World {
    let hour = Duration::from_hours(1);
    let settling = Settling {
        connection_group: hour,
        distribution_tenant: hour,
        anycast_ip_list: hour,
        trust_store: hour,
        managed_certificate: hour,
        ..Settling::AT_ONCE
    };
    World::settling(settling)
}

/// What it takes for everything in a [`slow_world`] to settle.
pub(super) fn settle(world: &World) {
    world.clock.advance(Duration::from_hours(1));
}
