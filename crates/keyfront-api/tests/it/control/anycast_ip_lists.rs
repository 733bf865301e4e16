//! The operations on Anycast lists and on resource policies through the whole pipeline.

use insta::assert_snapshot;

use super::entities::{
    ANYCAST_IP_LISTS, IN_USE, NO_IF_MATCH, NOT_FOUND, STALE, TAKEN, call, settle, slow_world,
};
use super::resources::ZEROTH;
use super::{FIRST, SECOND};
use crate::fixture::{Call, STRANGER, World, escaped};

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

fn create<'w>(world: &'w World, elements: &str) -> Call<'w> {
    call(world, "POST", ANYCAST_IP_LISTS, "CreateAnycastIpListRequest", elements)
}

#[tokio::test]
async fn a_list_is_created_shown_and_listed() {
    let world = World::new();
    let tags = "<Tags><Items><Tag><Key>team</Key></Tag></Items></Tags>";
    let created = create(&world, &format!("<Name>static</Name><IpCount>3</IpCount>{tags}")).send().await;
    assert_snapshot!(created, @r#"
    202
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <AnycastIpList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>aip_BSmeCYHxxQJVBjEjuNAcyo</Id><Name>static</Name><Status>Deploying</Status><Arn>arn:aws:cloudfront::111122223333:anycast-ip-list/aip_BSmeCYHxxQJVBjEjuNAcyo</Arn><IpAddressType>ipv4</IpAddressType><AnycastIps><AnycastIp>203.0.113.250</AnycastIp><AnycastIp>203.0.113.251</AnycastIp><AnycastIp>203.0.113.252</AnycastIp></AnycastIps><IpCount>3</IpCount><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></AnycastIpList>
    "#);
    let shown = world.control("GET", format!("{ANYCAST_IP_LISTS}/{}", created.element("Id"))).send().await;
    assert_eq!((shown.status, shown.element("Status"), shown.header("etag")), (200, "Deployed", ZEROTH));
    assert_eq!(shown.elements("AnycastIp"), created.elements("AnycastIp"));
    assert_snapshot!(world.control("GET", format!("{ANYCAST_IP_LISTS}?MaxItems=5")).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <AnycastIpListCollection xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Items><AnycastIpListSummary><Id>aip_BSmeCYHxxQJVBjEjuNAcyo</Id><Name>static</Name><Status>Deployed</Status><Arn>arn:aws:cloudfront::111122223333:anycast-ip-list/aip_BSmeCYHxxQJVBjEjuNAcyo</Arn><IpCount>3</IpCount><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><IpAddressType>ipv4</IpAddressType><ETag>E23ZP02F085DFQ</ETag></AnycastIpListSummary></Items><Marker></Marker><MaxItems>5</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity></AnycastIpListCollection>
    "#);
    assert_eq!(create(&world, "<Name>static</Name><IpCount>3</IpCount>").send().await.refusal(), TAKEN);
}

#[tokio::test]
async fn a_list_gets_other_addresses_with_other_protocols_and_shows_networks_of_its_own() {
    let world = slow_world();
    let created = create(&world, "<Name>static</Name><IpCount>21</IpCount>").send().await;
    let addresses = created.elements("AnycastIp");
    assert_eq!((addresses.len(), created.element("Status")), (21, "Deploying"));
    let path = format!("{ANYCAST_IP_LISTS}/{}", created.element("Id"));
    settle(&world);
    assert_eq!(world.control("GET", &path).send().await.element("Status"), "Deployed");
    let network = "<IpamCidrConfigs><IpamCidrConfig><Cidr>203.0.113.0/24</Cidr><IpamPoolArn>\
                   arn:aws:ec2::111122223333:ipam-pool/ipam-pool-1</IpamPoolArn></IpamCidrConfig></IpamCidrConfigs>";
    let update = |elements: &str| call(&world, "PUT", &path, "UpdateAnycastIpListRequest", elements);
    assert_eq!(update(network).send().await.refusal(), NO_IF_MATCH);
    assert_eq!(update(network).if_match(FIRST).send().await.refusal(), STALE);
    let updated = update(network).if_match(ZEROTH).send().await;
    assert_eq!((updated.element("Quantity"), updated.element("Cidr")), ("1", "203.0.113.0/24"), "{updated}");
    assert_eq!((updated.elements("AnycastIp"), updated.element("Name")), (addresses, "static"));
    let updated = update("<IpAddressType>dualstack</IpAddressType>").if_match(FIRST).send().await;
    assert_eq!((updated.elements("AnycastIp").len(), updated.header("etag")), (42, SECOND));
    assert_eq!(updated.element("Cidr"), "203.0.113.0/24");
}

#[tokio::test]
async fn what_a_list_may_not_be_and_when_it_stays() {
    let world = World::new();
    let mut outcomes = Vec::new();
    for elements in [
        "<Name>a b</Name><IpCount>3</IpCount>",
        "<Name>static</Name>",
        "<Name>static</Name><IpCount>4</IpCount>",
        "<Name>static</Name><IpCount>3</IpCount><IpAddressType>ipv5</IpAddressType>",
    ] {
        outcomes.push(create(&world, elements).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 1 validation error detected: Value null at 'ipCount' failed to satisfy constraint: Member must not be null
    400 InvalidArgument: The parameter IpCount is invalid.
    400 MalformedXML: 1 validation error detected: Value 'ipv5' at 'ipAddressType' failed to satisfy constraint: Member must satisfy value set: [ipv4, ipv6, dualstack]
    ");
    let created = create(&world, "<Name>static</Name><IpCount>3</IpCount>").send().await;
    world.refer("distribution/E1", created.element("Arn")).await;
    let delete =
        || world.control("DELETE", format!("{ANYCAST_IP_LISTS}/{}", created.element("Id"))).if_match(ZEROTH);
    assert_eq!(delete().send().await.refusal(), IN_USE);
    world.let_go("distribution/E1").await;
    assert_eq!(delete().send().await.outcome(), "204");
    assert_eq!(delete().send().await.refusal(), NOT_FOUND);
}

fn policy<'w>(world: &'w World, operation: &str, arn: &str, document: Option<&str>) -> Call<'w> {
    let document = document.map(|document| format!("<PolicyDocument>{document}</PolicyDocument>"));
    let elements = format!("<ResourceArn>{arn}</ResourceArn>{}", document.unwrap_or_default());
    let path = match operation {
        "PutResourcePolicy" => "put-resource-policy",
        "GetResourcePolicy" => "get-resource-policy",
        _delete => "delete-resource-policy",
    };
    call(world, "POST", &format!("/2020-05-31/{path}"), &format!("{operation}Request"), &elements)
}

#[tokio::test]
async fn a_policy_is_kept_to_the_letter_until_it_is_deleted() {
    let world = World::new();
    let list = create(&world, "<Name>static</Name><IpCount>3</IpCount>").send().await;
    let arn = list.element("Arn");
    let get = || policy(&world, "GetResourcePolicy", arn, None);
    let delete = || policy(&world, "DeleteResourcePolicy", arn, None);
    let put = |document: &str| policy(&world, "PutResourcePolicy", arn, Some(document));
    assert_eq!(get().send().await.refusal(), NOT_FOUND);
    assert_eq!(delete().send().await.refusal(), NOT_FOUND);
    assert_snapshot!(put(POLICY).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    <?xml version="1.0"?>
    <PutResourcePolicyResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><ResourceArn>arn:aws:cloudfront::111122223333:anycast-ip-list/aip_BSmeCYHxxQJVBjEjuNAcyo</ResourceArn></PutResourcePolicyResult>
    "#);
    assert_snapshot!(get().send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <GetResourcePolicyResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><ResourceArn>arn:aws:cloudfront::111122223333:anycast-ip-list/aip_BSmeCYHxxQJVBjEjuNAcyo</ResourceArn><PolicyDocument>{"Version":"2012-10-17","Statement":[]}</PolicyDocument></GetResourcePolicyResult>
    "#);
    let other = POLICY.replace("[]", r#"{"Effect":"Allow"}"#);
    assert_eq!(put(&other).send().await.outcome(), "200");
    assert_eq!(get().send().await.element("PolicyDocument"), other);
    // The version of the list stays.
    let shown = world.control("GET", format!("{ANYCAST_IP_LISTS}/{}", list.element("Id"))).send().await;
    assert_eq!(shown.header("etag"), ZEROTH);
    let invalid = "400 InvalidArgument: The parameter PolicyDocument is invalid.";
    assert_eq!(put("[]").send().await.refusal(), invalid);
    assert_eq!(delete().send().await.outcome(), "200");
    assert_eq!(get().send().await.refusal(), NOT_FOUND);
    assert!(get().by(STRANGER).send().await.refusal().starts_with("403 AccessDenied"));
    let key = "arn:aws:cloudfront::111122223333:public-key/K1";
    let refused = "400 InvalidArgument: The parameter ResourceArn is invalid.";
    assert_eq!(policy(&world, "GetResourcePolicy", key, None).send().await.refusal(), refused);
}

#[tokio::test]
async fn the_distributions_of_a_resource_are_listed_with_their_account() {
    let world = World::new();
    let created = create(&world, "<Name>static</Name><IpCount>3</IpCount>").send().await;
    let arn = created.element("Arn");
    world.refer("distribution/E1", arn).await;
    let list = |arn: &str| {
        world.control("GET", format!("/2020-05-31/distributionsByOwnedResource/{}", escaped(arn)))
    };
    assert_snapshot!(list(arn).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionIdOwner><DistributionId>E1</DistributionId><OwnerAccountId>111122223333</OwnerAccountId></DistributionIdOwner></Items></DistributionList>
    "#);
    assert_eq!(list(&arn.replace("aip_", "aip_x")).send().await.refusal(), NOT_FOUND);
    let refused = "400 InvalidArgument: The parameter ResourceArn is invalid.";
    assert_eq!(list("static").send().await.refusal(), refused);
}
