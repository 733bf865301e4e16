//! The operations on real-time log configurations through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;

use super::resources::{document, page};
use crate::fixture::{Answer, Call, STRANGER, World};

const CONFIGS: &str = "/2020-05-31/realtime-log-config";
const ABSENT: &str = "404 NoSuchRealtimeLogConfig: The real-time log configuration does not exist.";

fn arn(name: &str) -> String {
    format!("arn:aws:cloudfront::111122223333:realtime-log-config/{name}")
}

/// The members of a configuration but its name.
fn rest(rate: u8) -> String {
    format!(
        "<EndPoints><member><StreamType>Kinesis</StreamType><KinesisStreamConfig><RoleARN>\
         arn:aws:iam::111122223333:role/logs</RoleARN><StreamARN>arn:aws:kinesis:us-east-1:111122223333:stream/logs\
         </StreamARN></KinesisStreamConfig></member></EndPoints><Fields><Field>timestamp</Field><Field>c-ip</Field>\
         </Fields><SamplingRate>{rate}</SamplingRate>"
    )
}

fn create<'w>(world: &'w World, name: &str) -> Call<'w> {
    let elements = format!("{}<Name>{name}</Name>", rest(5));
    world.control("POST", CONFIGS).body(document("CreateRealtimeLogConfigRequest", &elements))
}

fn update<'w>(world: &'w World, elements: &str) -> Call<'w> {
    world.control("PUT", CONFIGS).body(document("UpdateRealtimeLogConfigRequest", elements))
}

/// Get or delete.
async fn ask(world: &World, verb: &str, elements: &str) -> Answer {
    let root = if verb == "get" { "GetRealtimeLogConfigRequest" } else { "DeleteRealtimeLogConfigRequest" };
    world
        .control("POST", format!("/2020-05-31/{verb}-realtime-log-config"))
        .body(document(root, elements))
        .send()
        .await
}

#[tokio::test]
async fn a_configuration_is_known_by_its_name_and_its_arn() {
    let world = World::new();
    assert_snapshot!(create(&world, "logs").send().await, @r#"
    201
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <CreateRealtimeLogConfigResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><RealtimeLogConfig><ARN>arn:aws:cloudfront::111122223333:realtime-log-config/logs</ARN><Name>logs</Name><SamplingRate>5</SamplingRate><EndPoints><member><StreamType>Kinesis</StreamType><KinesisStreamConfig><RoleARN>arn:aws:iam::111122223333:role/logs</RoleARN><StreamARN>arn:aws:kinesis:us-east-1:111122223333:stream/logs</StreamARN></KinesisStreamConfig></member></EndPoints><Fields><Field>timestamp</Field><Field>c-ip</Field></Fields></RealtimeLogConfig></CreateRealtimeLogConfigResult>
    "#);
    let by_name = ask(&world, "get", "<Name>logs</Name>").await;
    assert_snapshot!(by_name, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <GetRealtimeLogConfigResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><RealtimeLogConfig><ARN>arn:aws:cloudfront::111122223333:realtime-log-config/logs</ARN><Name>logs</Name><SamplingRate>5</SamplingRate><EndPoints><member><StreamType>Kinesis</StreamType><KinesisStreamConfig><RoleARN>arn:aws:iam::111122223333:role/logs</RoleARN><StreamARN>arn:aws:kinesis:us-east-1:111122223333:stream/logs</StreamARN></KinesisStreamConfig></member></EndPoints><Fields><Field>timestamp</Field><Field>c-ip</Field></Fields></RealtimeLogConfig></GetRealtimeLogConfigResult>
    "#);
    let by_arn = ask(&world, "get", &format!("<ARN>{}</ARN>", arn("logs"))).await;
    assert_eq!((by_arn.status, &by_arn.body), (200, &by_name.body));
    assert_snapshot!(world.control("GET", CONFIGS).send().await.body, @r#"
    <?xml version="1.0"?>
    <RealtimeLogConfigs xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Items><member><ARN>arn:aws:cloudfront::111122223333:realtime-log-config/logs</ARN><Name>logs</Name><SamplingRate>5</SamplingRate><EndPoints><member><StreamType>Kinesis</StreamType><KinesisStreamConfig><RoleARN>arn:aws:iam::111122223333:role/logs</RoleARN><StreamARN>arn:aws:kinesis:us-east-1:111122223333:stream/logs</StreamARN></KinesisStreamConfig></member></EndPoints><Fields><Field>timestamp</Field><Field>c-ip</Field></Fields></member></Items><IsTruncated>false</IsTruncated><Marker></Marker></RealtimeLogConfigs>
    "#);
    let mut outcomes = Vec::new();
    for elements in [
        "",
        "<Name></Name>",
        "<Name>other</Name>",
        "<ARN>logs</ARN>",
        &format!("<ARN>{}</ARN>", arn("logs").replace("realtime-log-config", "function")),
        &format!("<Name>other</Name><ARN>{}</ARN>", arn("logs")),
        &format!("<ARN>{}</ARN>", arn("logs").replace("111122223333", "444455556666")),
    ] {
        outcomes.push(ask(&world, "get", elements).await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: Either Name or ARN must be given.
    400 InvalidArgument: Either Name or ARN must be given.
    404 NoSuchRealtimeLogConfig: The real-time log configuration does not exist.
    400 InvalidArgument: The parameter ARN is invalid.
    400 InvalidArgument: The parameter ARN is invalid.
    404 NoSuchRealtimeLogConfig: The real-time log configuration does not exist.
    403 AccessDenied: User: arn:aws:iam::111122223333:user/admin is not authorized to perform: cloudfront:GetRealtimeLogConfig on resource: arn:aws:cloudfront::444455556666:realtime-log-config/logs because no identity-based policy allows the cloudfront:GetRealtimeLogConfig action
    ");
}

#[tokio::test]
async fn an_update_replaces_everything_but_the_name() {
    let world = World::new();
    create(&world, "logs").send().await;
    let updated = update(&world, &format!("<ARN>{}</ARN>{}", arn("logs"), rest(100))).send().await;
    assert_eq!(
        (updated.status, updated.element("SamplingRate"), updated.element("Name")),
        (200, "100", "logs")
    );
    let mut outcomes = Vec::new();
    for elements in [
        rest(5),
        format!("<Name>other</Name>{}", rest(5)),
        format!("<Name>logs</Name>{}", rest(0)),
        "<Name>logs</Name><SamplingRate>5</SamplingRate>".to_owned(),
    ] {
        outcomes.push(update(&world, &elements).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: Either Name or ARN must be given.
    404 NoSuchRealtimeLogConfig: The real-time log configuration does not exist.
    400 InvalidArgument: The parameter SamplingRate is invalid.
    400 InvalidArgument: The parameter EndPoints is required.
    ");
    assert_eq!(ask(&world, "get", "<Name>logs</Name>").await.element("SamplingRate"), "100");
}

#[tokio::test]
async fn a_name_is_free_again_when_its_configuration_has_gone() {
    let world = World::new();
    assert_eq!(create(&world, "logs").send().await.status, 201);
    let exists = create(&world, "logs").send().await;
    assert_eq!((exists.status, exists.element("Code")), (409, "RealtimeLogConfigAlreadyExists"));
    world.refer("distribution/E1", &arn("logs")).await;
    let in_use = "400 RealtimeLogConfigInUse: Cannot delete the real-time log configuration because it is attached to \
                  one or more cache behaviors.";
    assert_eq!(ask(&world, "delete", "<Name>logs</Name>").await.refusal(), in_use);
    world.let_go("distribution/E1").await;
    let deleted = ask(&world, "delete", &format!("<ARN>{}</ARN>", arn("logs"))).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    for verb in ["get", "delete"] {
        assert_eq!(ask(&world, verb, "<Name>logs</Name>").await.refusal(), ABSENT);
    }
    assert_eq!(create(&world, "logs").send().await.status, 201);
    assert_eq!(ask(&world, "get", "<Name>logs</Name>").await.status, 200);
    let foreign = document("GetRealtimeLogConfigRequest", "<Name>logs</Name>");
    let foreign = world.control("POST", "/2020-05-31/get-realtime-log-config").body(foreign).by(STRANGER);
    assert_eq!(foreign.send().await.refusal(), ABSENT);
}

#[tokio::test]
async fn configurations_are_listed_in_the_order_of_creation_up_to_the_quota() {
    let quotas = Quotas { realtime_log_configs_per_account: 3, ..Quotas::default() };
    let world = World::with(quotas, Settings::default());
    for name in ["c", "b", "a"] {
        assert_eq!(create(&world, name).send().await.status, 201);
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let too_many = create(&world, "d").send().await;
    assert_eq!((too_many.status, too_many.element("Code")), (400, "TooManyRealtimeLogConfigs"));
    let list = |query: &str| {
        let call = world.control("GET", format!("{CONFIGS}?{query}"));
        async move { page(&call.send().await, "Name") }
    };
    assert_eq!(list("").await, "c b a");
    assert_eq!(list("MaxItems=2").await, "c b …");
    assert_eq!(list("MaxItems=2&Marker=b").await, "a");
    assert_eq!(list("Marker=other").await, "400 InvalidArgument: The parameter Marker is not valid.");
}
