//! The operations on VPC origins through the whole pipeline, with their full responses.

use std::time::Duration;

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::{Quotas, Settling};
use keyfront_store::resources::{self, Content};
use keyfront_store::transact;

use super::distributions::{DISTRIBUTIONS, config, minimal, with_vpc_origin};
use super::resources::{document, page};
use super::{FIRST, SECOND, list_tags};
use crate::fixture::{ADMIN, Call, STRANGER, World};

pub(super) const VPC_ORIGINS: &str = "/2020-05-31/vpc-origin";
const ABSENT: &str = "404 EntityNotFound: The specified vpc origin does not exist";
const TAKEN: &str =
    "409 EntityAlreadyExists: Another vpc origin with the same name already exists within the aws account.";
const STALE: &str = "412 PreconditionFailed: The request failed because it didn't meet the preconditions in one or more \
                     request-header fields.";
const UNREADABLE: &str =
    "400 InvalidIfMatchVersion: The If-Match version is missing or not valid for the resource.";
const PORT: &str = "400 InvalidArgument: The parameter origin port is not within allowed range.";
const IN_USE: &str = "The specified VPC origin is currently associated with one or more distributions. Please disassociate \
                      the VPC origin from all distributions before updating or deleting";
const OTHER_ACCOUNT: &str =
    "400 InvalidArgument: The parameter VpcOriginEndpointConfig Arn contains a mismatched AWS account.";
const THIRD: &str = "E1F83G8C2ARO7P";
const FOURTH: &str = "E1PA6795UKMFR9";
const UNKNOWN: &str = "vo_Y769dEbaneau0o63mXNjrY";

fn endpoint(name: &str) -> String {
    format!(
        "<Name>{name}</Name><Arn>arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c49\
         </Arn><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only\
         </OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol>\
         </Items></OriginSslProtocols>"
    )
}

fn create<'w>(world: &'w World, name: &str, more: &str) -> Call<'w> {
    let config = format!("<VpcOriginEndpointConfig>{}</VpcOriginEndpointConfig>{more}", endpoint(name));
    world.control("POST", VPC_ORIGINS).body(document("CreateVpcOriginRequest", &config))
}

fn update<'w>(world: &'w World, id: &str, name: &str) -> Call<'w> {
    let path = format!("{VPC_ORIGINS}/{id}");
    world.control("PUT", path).body(document("VpcOriginEndpointConfig", &endpoint(name)))
}

/// A new distribution with a VPC origin.
fn private_distribution<'w>(world: &'w World, id: &str) -> Call<'w> {
    let members = with_vpc_origin(&minimal("private"), id);
    world.control("POST", DISTRIBUTIONS).body(config(&members))
}

/// The id of a new VPC origin.
pub(super) async fn made(world: &World, name: &str) -> String {
    let answer = create(world, name, "").send().await;
    assert_eq!(answer.status, 202, "{answer}");
    answer.element("Id").to_owned()
}

#[tokio::test]
async fn a_vpc_origin_is_deploying_in_the_answer_and_deployed_at_the_next_look() {
    let world = World::new();
    let tags = "<Tags><Items><Tag><Key>team</Key><Value>web</Value></Tag></Items></Tags>";
    let created = create(&world, "web", tags).send().await;
    assert_snapshot!(created, @r#"
    202
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/vpc-origin/vo_BSmeCYHxxQJVBjEjuNAcyo
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <VpcOrigin xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>vo_BSmeCYHxxQJVBjEjuNAcyo</Id><Arn>arn:aws:cloudfront::111122223333:vpcorigin/vo_BSmeCYHxxQJVBjEjuNAcyo</Arn><AccountId>111122223333</AccountId><Status>Deploying</Status><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><VpcOriginEndpointConfig><Name>web</Name><Arn>arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c49</Arn><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol></Items></OriginSslProtocols><IpAddressType>ipv4</IpAddressType></VpcOriginEndpointConfig></VpcOrigin>
    "#);
    let path = format!("{VPC_ORIGINS}/{}", created.element("Id"));
    let shown = world.control("GET", &path).send().await;
    assert_eq!(shown.body, created.body.replace(">Deploying<", ">Deployed<"));
    assert_eq!(shown.header("etag"), SECOND);
    assert_snapshot!(world.control("GET", VPC_ORIGINS).send().await.body, @r#"
    <?xml version="1.0"?>
    <VpcOriginList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><VpcOriginSummary><Id>vo_BSmeCYHxxQJVBjEjuNAcyo</Id><Name>web</Name><Status>Deployed</Status><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><Arn>arn:aws:cloudfront::111122223333:vpcorigin/vo_BSmeCYHxxQJVBjEjuNAcyo</Arn><AccountId>111122223333</AccountId><OriginEndpointArn>arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c49</OriginEndpointArn><IpAddressType>ipv4</IpAddressType></VpcOriginSummary></Items></VpcOriginList>
    "#);
    let arn = format!("arn:aws:cloudfront::111122223333:vpcorigin/{}", created.element("Id"));
    assert_eq!(list_tags(&world, &arn).send().await.element("Key"), "team");

    world.clock.advance(Duration::from_secs(1));
    let updated = update(&world, created.element("Id"), "other").if_match(SECOND).send().await;
    assert_eq!(
        (updated.status, updated.header("etag"), updated.element("Status")),
        (202, THIRD, "Deploying")
    );
    assert_ne!(updated.element("LastModifiedTime"), updated.element("CreatedTime"));
    world.clock.advance(Duration::from_secs(1));
    let deleted = world.control("DELETE", &path).if_match(FOURTH).send().await;
    assert_eq!((deleted.status, deleted.header("etag")), (202, "E13V1IB3VIYZZH"));
    assert_eq!((deleted.element("Name"), deleted.element("Status")), ("other", "Deploying"));
    assert_ne!(deleted.element("LastModifiedTime"), updated.element("LastModifiedTime"));
    assert_eq!(world.control("GET", &path).send().await.refusal(), ABSENT);
    let gone = "404 NoSuchResource: The specified resource doesn't exist. Update your request and try again.";
    assert_eq!(list_tags(&world, &arn).send().await.refusal(), gone);
}

/// Versions before 2026-11 did not keep the type of addresses.
#[tokio::test]
async fn an_origin_of_an_earlier_version_shows_what_the_service_adds() {
    let world = World::new();
    let id = made(&world, "web").await;
    let arn = &Arn::new(ADMIN.account.parse().unwrap(), ResourceKind::VPC_ORIGIN, id.as_str());
    let forgotten = transact(&*world.engine, |tx| async move {
        let mut content = Content::from(&resources::get(&tx, arn).await?.unwrap());
        content.config.remove("IpAddressType").unwrap();
        resources::update(&tx, arn, None, &content, 0).await
    });
    forgotten.await.unwrap();
    let shown = world.control("GET", format!("{VPC_ORIGINS}/{id}")).send().await;
    assert_eq!((shown.status, shown.element("IpAddressType")), (200, "ipv4"), "{shown}");
    let listed = world.control("GET", VPC_ORIGINS).send().await;
    assert_eq!((listed.status, listed.element("IpAddressType")), (200, "ipv4"), "{listed}");
}

/// While an origin is `Deploying` its version is that of the answer to the change; see R1 U6 of the captures of 2026-10
/// in MiniStack's tests.
#[tokio::test]
async fn the_end_of_a_deployment_is_a_version_of_its_own() {
    let vpc_origin = Duration::from_mins(1);
    let settling = Settling { vpc_origin, ..Settling::AT_ONCE };
    let world = World::settling(settling);
    let id = made(&world, "web").await;
    let look = || world.control("GET", format!("{VPC_ORIGINS}/{id}"));
    let shown = look().send().await;
    assert_eq!((shown.header("etag"), shown.element("Status")), (FIRST, "Deploying"));
    assert_eq!(update(&world, &id, "web").if_match(SECOND).send().await.refusal(), STALE);
    world.clock.advance(vpc_origin);
    let shown = look().send().await;
    assert_eq!((shown.header("etag"), shown.element("Status")), (SECOND, "Deployed"));
    assert_eq!(update(&world, &id, "web").if_match(FIRST).send().await.refusal(), STALE);
    assert_eq!(update(&world, &id, "b").if_match(SECOND).send().await.header("etag"), THIRD);
    assert_eq!(update(&world, &id, "c").if_match(THIRD).send().await.header("etag"), FOURTH);
    world.clock.advance(vpc_origin);
    assert_eq!(look().send().await.header("etag"), "E13V1IB3VIYZZH");
}

#[tokio::test]
async fn names_are_unique_and_of_a_letter_case() {
    let world = World::new();
    let first = made(&world, "one").await;
    made(&world, "two").await;
    assert_eq!(create(&world, "one", "").send().await.refusal(), TAKEN);
    assert_eq!(update(&world, &first, "two").if_match(SECOND).send().await.refusal(), TAKEN);
    assert_eq!(
        update(&world, &first, "one").if_match(SECOND).by(STRANGER).send().await.refusal(),
        OTHER_ACCOUNT
    );
    made(&world, "ONE").await;
}

/// Each row names its capture of 2026-10 in MiniStack's tests.
#[tokio::test]
async fn a_request_is_judged_by_itself_before_the_origin_is_looked_for() {
    let world = World::new();
    let id = &made(&world, "web").await;
    made(&world, "taken").await;
    let path = |id: &str| format!("{VPC_ORIGINS}/{id}");
    let put = |id: &str, config: &str| {
        world.control("PUT", path(id)).body(document("VpcOriginEndpointConfig", config))
    };
    let good = &endpoint("web");
    let port = &good.replace("<HTTPPort>80<", "<HTTPPort>0<");
    let policy = &good.replace("https-only", "nope");
    let no_etag = "400 MalformedXML: 1 validation error detected: Value null at 'ifMatch' failed to satisfy constraint: \
                   Member must not be null";
    let bad_id = "400 InvalidArgument: Id format is invalid";
    for (call, refusal) in [
        (put(id, good), no_etag),                     // R1 U2/update-A-no-if-match-valid-body
        (world.control("DELETE", path(id)), no_etag), // R1 U2/delete-A-no-if-match
        (put(id, good).if_match(""), UNREADABLE),     // R5 V-edge/update-empty-if-match
        (put(id, good).if_match("x"), UNREADABLE),    // R1 U2
        (put(id, good).if_match("E1ABCDEFGHIJKL"), UNREADABLE), // R1 U1/update-A-fake-etag
        (put(UNKNOWN, good).if_match("x"), UNREADABLE),
        (world.control("DELETE", path(UNKNOWN)).if_match("x"), UNREADABLE),
        (put(UNKNOWN, good).if_match(SECOND), ABSENT), // R1 U3/update-unknown-real-etag
        (world.control("DELETE", path(UNKNOWN)).if_match(SECOND), ABSENT), // R1 U3/delete-unknown-real-etag
        (put("vo_doesnotexist", policy), bad_id),      // R2 V-order/update-bad-id-bad-policy
        (world.control("DELETE", path("vo_doesnotexist")), bad_id),
        (world.control("GET", path("vo_doesnotexist")), bad_id), // V C8
        (
            world.control("PUT", path("vo_doesnotexist")).body("this is not xml"), // R5 V-edge/update-bad-id-not-xml
            "400 MalformedInput: Could not parse XML",
        ),
        (put(id, port).if_match("E1ABCDEFGHIJKL"), UNREADABLE), // R1 U3/update-A-fake-etag-port0
        (put(id, port).if_match(FIRST), PORT),                  // R2 V-order/update-stale-etag-port0
        (put(UNKNOWN, port).if_match(SECOND), PORT), // R2 V-order/update-unknown-id-real-etag-port0
        (put(id, &endpoint("taken")).if_match(FIRST), STALE), // R2 V-order/update-stale-etag-name-of-A
        (put(id, &endpoint("taken")).if_match(SECOND), TAKEN), // R2 V-name/update-C-name-of-A
        (world.control("DELETE", path(id)).if_match(FIRST), STALE), // R1 U1/delete-A-old-etag-deployed
    ] {
        assert_eq!(call.send().await.refusal(), refusal);
    }
    let shown = world.control("GET", path(id)).send().await;
    assert_eq!(shown.header("etag"), SECOND, "refused calls change nothing (R1 U15)");
}

/// R2 U13, R3b U13 and R5 V-edge of the captures of 2026-10 in MiniStack's tests.
#[tokio::test]
async fn an_origin_that_a_distribution_uses_stays_as_it_is() {
    let world = World::new();
    let id = &made(&world, "web").await;
    made(&world, "taken").await;
    let distribution = private_distribution(&world, id).send().await;
    assert_eq!(distribution.status, 201, "{distribution}");
    let path = format!("{VPC_ORIGINS}/{id}");
    let update_refused = format!("409 CannotUpdateEntityWhileInUse: {IN_USE}");
    assert_eq!(update(&world, id, "other").if_match(SECOND).send().await.refusal(), update_refused);
    assert_eq!(update(&world, id, "taken").if_match(SECOND).send().await.refusal(), update_refused);
    assert_eq!(update(&world, id, "other").if_match(FIRST).send().await.refusal(), STALE);
    let deleted = world.control("DELETE", &path).if_match(SECOND).send().await;
    assert_eq!(deleted.refusal(), format!("409 CannotDeleteEntityWhileInUse: {IN_USE}"));
    world.clock.advance(Duration::from_secs(1));
    let before = world.control("GET", &path).send().await;
    let same = update(&world, id, "web").if_match(SECOND).send().await;
    assert_eq!((same.status, same.header("etag"), &same.body), (202, SECOND, &before.body));
}

/// R2 U15, R3b U15 and R5 V-edge of the captures of 2026-10 in MiniStack's tests.
#[tokio::test]
async fn a_distribution_names_an_origin_that_is_there() {
    let world = World::new();
    for (id, refusal) in [
        (UNKNOWN, ABSENT),
        ("vo_doesnotexist", ABSENT),
        ("", "400 InvalidArgument: The parameter vpcOriginId must not be empty for VPC Origin."),
    ] {
        assert_eq!(private_distribution(&world, id).send().await.refusal(), refusal, "{id}");
    }
}

#[tokio::test]
async fn what_a_vpc_origin_may_not_be() {
    let quotas = Quotas { vpc_origins_per_account: 1, ..Quotas::default() };
    let world = World::with(quotas, Settings::default());
    let bad_tags = "<Tags><Items><Tag><Key>aws:a</Key></Tag></Items></Tags>";
    let mut outcomes = Vec::new();
    for call in [create(&world, &"n".repeat(65), ""), create(&world, "web", bad_tags)] {
        outcomes.push(call.send().await.outcome());
    }
    for (given, wrong) in
        [("<HTTPPort>80<", "<HTTPPort>81<"), (":loadbalancer/", ":targetgroup/"), ("TLSv1.2", "TLSv9")]
    {
        let config = endpoint("web").replace(given, wrong);
        let config = format!("<VpcOriginEndpointConfig>{config}</VpcOriginEndpointConfig>");
        let call = world.control("POST", VPC_ORIGINS).body(document("CreateVpcOriginRequest", &config));
        outcomes.push(call.send().await.outcome());
    }
    made(&world, "web").await;
    outcomes.push(create(&world, "more", "").send().await.outcome());
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter VPC Origin Name is too big.
    400 InvalidTagging: Tag key cannot start with 'aws:'.
    400 InvalidArgument: The parameter origin port is not within allowed range.
    400 InvalidArgument: The parameter VpcOriginEndpointConfig Arn Invalid Format.
    400 MalformedXML: 1 validation error detected: Value '[TLSv9]' at 'vpcOriginEndpointConfig.originSslProtocols.items' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy value set: [SSLv3, TLSv1, TLSv1.1, TLSv1.2]]
    400 EntityLimitExceeded: The entity limit has been exceeded.
    ");
}

/// V C37 to C42 and R1 U11 of the captures of 2026-10 in MiniStack's tests.
#[tokio::test]
async fn vpc_origins_come_page_by_page_in_the_order_of_their_ids() {
    let world = World::new();
    let mut ids = [made(&world, "c").await, made(&world, "a").await, made(&world, "b").await];
    ids.sort();
    let list = async |query: &str| world.control("GET", format!("{VPC_ORIGINS}?{query}")).send().await;
    let first = list("MaxItems=2").await;
    assert_eq!(page(&first, "Id"), format!("{} {} …", ids[0], ids[1]));
    assert_eq!(first.element("NextMarker"), ids[1]);
    let second = list(&format!("MaxItems=2&Marker={}", ids[1])).await;
    assert_eq!(page(&second, "Id"), ids[2]);
    let none = list("MaxItems=0").await;
    assert!(
        none.body.contains("><MaxItems>0</MaxItems><Quantity>0</Quantity><Items/></VpcOriginList>"),
        "{none}"
    );
    for (query, refusal) in [
        ("MaxItems=abc&Marker=x", "400 InvalidArgument: MaxItems must be a non-zero positive integer."),
        ("Marker=vo_doesnotexist", "404 EntityNotFound: The request contains an invalid marker."),
    ] {
        assert_eq!(list(query).await.refusal(), refusal);
    }
    assert_eq!(world.control("GET", VPC_ORIGINS).by(STRANGER).send().await.element("Quantity"), "0");
}
