//! The operations on VPC origins through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;

use super::resources::{document, page};
use super::{FIRST, SECOND, list_tags};
use crate::fixture::{Call, STRANGER, World};

pub(super) const VPC_ORIGINS: &str = "/2020-05-31/vpc-origin";
const ABSENT: &str = "404 EntityNotFound: The entity was not found.";
const TAKEN: &str = "409 EntityAlreadyExists: The entity already exists. You must provide a unique entity.";

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
    <VpcOrigin xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>vo_BSmeCYHxxQJVBjEjuNAcyo</Id><Arn>arn:aws:cloudfront::111122223333:vpcorigin/vo_BSmeCYHxxQJVBjEjuNAcyo</Arn><AccountId>111122223333</AccountId><Status>Deploying</Status><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><VpcOriginEndpointConfig><Name>web</Name><Arn>arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c49</Arn><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol></Items></OriginSslProtocols></VpcOriginEndpointConfig></VpcOrigin>
    "#);
    let path = format!("{VPC_ORIGINS}/{}", created.element("Id"));
    let shown = world.control("GET", &path).send().await;
    assert_eq!(shown.body, created.body.replace(">Deploying<", ">Deployed<"));
    assert_snapshot!(world.control("GET", VPC_ORIGINS).send().await.body, @r#"
    <?xml version="1.0"?>
    <VpcOriginList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><VpcOriginSummary><Id>vo_BSmeCYHxxQJVBjEjuNAcyo</Id><Name>web</Name><Status>Deployed</Status><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><Arn>arn:aws:cloudfront::111122223333:vpcorigin/vo_BSmeCYHxxQJVBjEjuNAcyo</Arn><AccountId>111122223333</AccountId><OriginEndpointArn>arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c49</OriginEndpointArn></VpcOriginSummary></Items></VpcOriginList>
    "#);
    let arn = format!("arn:aws:cloudfront::111122223333:vpcorigin/{}", created.element("Id"));
    assert_eq!(list_tags(&world, &arn).send().await.element("Key"), "team");

    world.clock.advance(std::time::Duration::from_secs(1));
    let updated = update(&world, created.element("Id"), "other").if_match(FIRST).send().await;
    assert_eq!(
        (updated.status, updated.header("etag"), updated.element("Status")),
        (202, SECOND, "Deploying")
    );
    assert_ne!(updated.element("LastModifiedTime"), updated.element("CreatedTime"));
    let deleted = world.control("DELETE", &path).if_match(SECOND).send().await;
    assert_eq!((deleted.status, deleted.header("etag")), (202, SECOND));
    assert_eq!((deleted.element("Name"), deleted.element("Status")), ("other", "Deploying"));
    assert_eq!(world.control("GET", &path).send().await.refusal(), ABSENT);
}

#[tokio::test]
async fn names_are_unique_and_an_etag_must_be_named() {
    let world = World::new();
    let first = made(&world, "one").await;
    made(&world, "two").await;
    assert_eq!(create(&world, "one", "").send().await.refusal(), TAKEN);
    assert_eq!(update(&world, &first, "two").if_match(FIRST).send().await.refusal(), TAKEN);
    assert_eq!(update(&world, &first, "one").if_match(FIRST).by(STRANGER).send().await.refusal(), ABSENT);
    let mut outcomes = Vec::new();
    for call in [update(&world, &first, "x"), world.control("DELETE", format!("{VPC_ORIGINS}/{first}"))] {
        outcomes.push(call.send().await.outcome());
    }
    for call in [
        update(&world, &first, "x").if_match(SECOND),
        world.control("DELETE", format!("{VPC_ORIGINS}/{first}")).if_match(SECOND),
    ] {
        outcomes.push(call.send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value null at 'ifMatch' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value null at 'ifMatch' failed to satisfy constraint: Member must not be null
    412 PreconditionFailed: The request failed because it didn't meet the preconditions in one or more request-header fields.
    412 PreconditionFailed: The request failed because it didn't meet the preconditions in one or more request-header fields.
    ");
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
    400 InvalidArgument: Tag key cannot start with 'aws:'.
    400 InvalidArgument: The parameter HTTPPort is invalid.
    400 InvalidArgument: The parameter Arn is invalid.
    400 MalformedXML: 1 validation error detected: Value '[TLSv9]' at 'vpcOriginEndpointConfig.originSslProtocols.items' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy value set: [SSLv3, TLSv1, TLSv1.1, TLSv1.2]]
    400 EntityLimitExceeded: The entity limit has been exceeded.
    ");
}

#[tokio::test]
async fn vpc_origins_come_page_by_page() {
    let world = World::new();
    let mut ids = Vec::new();
    for name in ["b", "a"] {
        ids.push(made(&world, name).await);
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let first = world.control("GET", format!("{VPC_ORIGINS}?MaxItems=1")).send().await;
    assert_eq!(page(&first, "Id"), format!("{} …", ids[0]));
    let second = world.control("GET", format!("{VPC_ORIGINS}?Marker={}", ids[0])).send().await;
    assert_eq!(page(&second, "Id"), ids[1]);
}
