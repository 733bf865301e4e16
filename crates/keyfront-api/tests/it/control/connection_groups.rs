//! The operations on connection groups through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use serde_json::json;

use super::entities::{
    ANYCAST_IP_LISTS, CONNECTION_GROUPS, IN_USE, NOT_DISABLED, NOT_FOUND, call, listing, made_tenant,
    multi_tenant_distribution, page, settle, slow_world,
};
use super::resources::{ZEROTH, made};
use super::{FIRST, SECOND};
use crate::fixture::{Call, STRANGER, World};

fn create<'w>(world: &'w World, elements: &str) -> Call<'w> {
    call(world, "POST", CONNECTION_GROUPS, "CreateConnectionGroupRequest", elements)
}

fn update<'w>(world: &'w World, id: &str, etag: &str, elements: &str) -> Call<'w> {
    let path = format!("{CONNECTION_GROUPS}/{id}");
    call(world, "PUT", &path, "UpdateConnectionGroupRequest", elements).if_match(etag)
}

#[tokio::test]
async fn a_connection_group_is_created_shown_and_listed() {
    let world = World::new();
    let tags = "<Tags><Items><Tag><Key>team</Key><Value>edge</Value></Tag></Items></Tags>";
    let created = create(&world, &format!("<Name>shops</Name>{tags}")).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ConnectionGroup xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>cg_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><Name>shops</Name><Arn>arn:aws:cloudfront::111122223333:connection-group/cg_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><Tags><Items><Tag><Key>team</Key><Value>edge</Value></Tag></Items></Tags><Ipv6Enabled>true</Ipv6Enabled><RoutingEndpoint>d3qwqep5d66gs2.cloudfront.net</RoutingEndpoint><Status>InProgress</Status><Enabled>true</Enabled><IsDefault>false</IsDefault></ConnectionGroup>
    "#);
    let id = created.element("Id");
    assert_snapshot!(world.control("GET", format!("{CONNECTION_GROUPS}/{id}")).send().await, @r#"
    200
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <ConnectionGroup xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>cg_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><Name>shops</Name><Arn>arn:aws:cloudfront::111122223333:connection-group/cg_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><Ipv6Enabled>true</Ipv6Enabled><RoutingEndpoint>d3qwqep5d66gs2.cloudfront.net</RoutingEndpoint><Status>Deployed</Status><Enabled>true</Enabled><IsDefault>false</IsDefault></ConnectionGroup>
    "#);
    assert_snapshot!(listing(&world, "ListConnectionGroups", "").send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <ListConnectionGroupsResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><ConnectionGroups><ConnectionGroupSummary><Id>cg_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><Name>shops</Name><Arn>arn:aws:cloudfront::111122223333:connection-group/cg_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><RoutingEndpoint>d3qwqep5d66gs2.cloudfront.net</RoutingEndpoint><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><ETag>E23ZP02F085DFQ</ETag><Enabled>true</Enabled><Status>Deployed</Status><IsDefault>false</IsDefault></ConnectionGroupSummary></ConnectionGroups></ListConnectionGroupsResult>
    "#);
}

#[tokio::test]
async fn a_group_is_found_by_its_routing_endpoint() {
    let world = World::new();
    let created = create(&world, "<Name>shops</Name>").send().await;
    let endpoint = created.element("RoutingEndpoint").to_owned();
    let find =
        |endpoint: &str| world.control("GET", format!("{CONNECTION_GROUPS}?RoutingEndpoint={endpoint}"));
    let found = find(&endpoint).send().await;
    assert_eq!(
        (found.status, found.element("Id"), found.header("etag")),
        (200, created.element("Id"), ZEROTH)
    );
    assert_eq!(find("d1.cloudfront.net").send().await.refusal(), NOT_FOUND);
    assert_eq!(find(&endpoint).by(STRANGER).send().await.refusal(), NOT_FOUND);
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_keeps_the_rest() {
    let world = World::new();
    let created = create(&world, "<Name>shops</Name><Ipv6Enabled>false</Ipv6Enabled>").send().await;
    let id = created.element("Id");
    let updated = update(&world, id, ZEROTH, "<Enabled>false</Enabled>").send().await;
    let members = |answer: &crate::fixture::Answer| {
        ["Name", "Ipv6Enabled", "Enabled", "RoutingEndpoint", "Status"]
            .map(|name| answer.element(name).to_owned())
    };
    let endpoint = created.element("RoutingEndpoint");
    assert_eq!(members(&updated), ["shops", "false", "false", endpoint, "InProgress"]);
    let updated = update(&world, id, FIRST, "<Ipv6Enabled>true</Ipv6Enabled>").send().await;
    assert_eq!(members(&updated), ["shops", "true", "false", endpoint, "InProgress"]);
    assert_eq!(updated.header("etag"), SECOND);
}

#[tokio::test]
async fn a_group_is_deleted_when_it_is_disabled_settled_and_unused() {
    let world = slow_world();
    multi_tenant_distribution(&world, "E1", json!([])).await;
    let id = made(create(&world, "<Name>shops</Name>")).await;
    let delete = |etag: &str| world.control("DELETE", format!("{CONNECTION_GROUPS}/{id}")).if_match(etag);
    settle(&world);
    assert_eq!(delete(ZEROTH).send().await.refusal(), NOT_DISABLED);
    update(&world, &id, ZEROTH, "<Enabled>false</Enabled>").send().await;
    assert_eq!(delete(FIRST).send().await.refusal(), NOT_DISABLED);
    settle(&world);
    let group = format!("<ConnectionGroupId>{id}</ConnectionGroupId><Enabled>false</Enabled>");
    let tenant = made_tenant(&world, "shop", &["shop.example.com"], &group).await;
    assert_eq!(delete(FIRST).send().await.refusal(), IN_USE);
    settle(&world);
    let path = format!("{}/{tenant}", super::entities::TENANTS);
    assert_eq!(world.control("DELETE", path).if_match(ZEROTH).send().await.outcome(), "204");
    assert_eq!(delete(FIRST).send().await.outcome(), "204");
}

/// Compatibility decision: the group that the service makes cannot be deleted, even when it is disabled.
#[tokio::test]
async fn the_default_group_comes_with_the_first_tenant_and_stays() {
    let world = World::new();
    multi_tenant_distribution(&world, "E1", json!([])).await;
    for name in ["one", "two"] {
        made_tenant(&world, name, &[&format!("{name}.example.com")], "").await;
    }
    let listed = listing(&world, "ListConnectionGroups", "").send().await;
    let id = listed.element("Id").to_owned();
    assert_eq!(listed.elements("Name"), [format!("CreatedByCloudFront-{id}")]);
    assert_eq!((listed.element("IsDefault"), listed.element("Enabled")), ("true", "true"));
    let disabled = update(&world, &id, ZEROTH, "<Enabled>false</Enabled>").send().await;
    assert_eq!((disabled.element("IsDefault"), disabled.header("etag")), ("true", FIRST));
    let delete = world.control("DELETE", format!("{CONNECTION_GROUPS}/{id}")).if_match(FIRST);
    assert_eq!(delete.send().await.refusal(), IN_USE);
    // It is still the default one, so no second one is made.
    made_tenant(&world, "three", &["three.example.com"], "").await;
    assert_eq!(listing(&world, "ListConnectionGroups", "").send().await.elements("Id"), [id]);
}

#[tokio::test]
async fn groups_are_listed_by_their_anycast_list_which_they_keep() {
    let world = World::new();
    let body = "<Name>static</Name><IpCount>3</IpCount>";
    let list = call(&world, "POST", ANYCAST_IP_LISTS, "CreateAnycastIpListRequest", body).send().await;
    let list = list.element("Id").to_owned();
    create(&world, "<Name>plain</Name>").send().await;
    let member = format!("<AnycastIpListId>{list}</AnycastIpListId>");
    let group = made(create(&world, &format!("<Name>static</Name>{member}"))).await;
    let by_list = format!("<AssociationFilter>{member}</AssociationFilter>");
    assert_eq!(page(&listing(&world, "ListConnectionGroups", &by_list).send().await).0, ["static"]);
    let delete = || world.control("DELETE", format!("{ANYCAST_IP_LISTS}/{list}")).if_match(ZEROTH);
    assert_eq!(delete().send().await.refusal(), IN_USE);
    let unknown = "<Name>other</Name><AnycastIpListId>aip_1</AnycastIpListId>";
    assert_eq!(create(&world, unknown).send().await.refusal(), NOT_FOUND);
    // An empty id takes the list away.
    let updated = update(&world, &group, ZEROTH, "<AnycastIpListId></AnycastIpListId>").send().await;
    assert!(!updated.body.contains("AnycastIpListId"), "{updated}");
    assert_eq!(delete().send().await.outcome(), "204");
}

#[tokio::test]
async fn what_a_connection_group_may_not_be() {
    let world = World::new();
    let mut outcomes = Vec::new();
    for elements in ["", "<Name></Name>", &format!("<Name>{}</Name>", "n".repeat(129))] {
        outcomes.push(create(&world, elements).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null
    400 InvalidArgument: The parameter Name is required.
    400 InvalidArgument: The parameter Name is too big.
    ");
}
