//! `PublishFunction` through the whole pipeline, with its full responses.

use std::time::Duration;

use insta::assert_snapshot;

use super::functions::{
    ABSENT, NO_IF_MATCH, STALE, associations, code, config, describe, get, made, made_with, publish,
    published, status, update,
};
use super::{FIRST, SECOND};
use crate::fixture::World;

#[tokio::test]
async fn what_is_in_development_becomes_live() {
    let world = World::new();
    made(&world, "redirect").await;
    world.clock.advance(Duration::from_secs(1));
    assert_snapshot!(publish(&world, "redirect").if_match(FIRST).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <FunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>redirect</Name><Status>UNASSOCIATED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/redirect</FunctionARN><Stage>LIVE</Stage><CreatedTime>2026-11-22T03:31:33.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary>
    "#);
    // What was published is no longer unpublished in the other stage either, whose ETag stays.
    let development = describe(&world, "redirect", "").send().await;
    assert_eq!(status(&development), ("UNASSOCIATED", "DEVELOPMENT"));
    assert_eq!(development.header("etag"), FIRST);
    assert_snapshot!(describe(&world, "redirect", "?Stage=LIVE").send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <FunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>redirect</Name><Status>UNASSOCIATED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/redirect</FunctionARN><Stage>LIVE</Stage><CreatedTime>2026-11-22T03:31:33.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary>
    "#);
}

#[tokio::test]
async fn stages_count_their_versions_apart() {
    let world = World::new();
    made(&world, "redirect").await;
    let elements = |text: &str| format!("{}{}", config(text, ""), code(text));
    assert_eq!(update(&world, "redirect", &elements("second")).if_match(FIRST).send().await.status, 200);
    published(&world, "redirect", SECOND).await;
    let live = describe(&world, "redirect", "?Stage=LIVE").send().await;
    assert_eq!((live.header("etag"), live.element("Comment")), (FIRST, "second"));
    let third = update(&world, "redirect", &elements("third")).if_match(SECOND).send().await;
    published(&world, "redirect", third.header("etag")).await;
    let live = describe(&world, "redirect", "?Stage=LIVE").send().await;
    assert_eq!((live.header("etag"), live.element("Comment")), (SECOND, "third"));
    assert_eq!(live.element("CreatedTime"), "2026-11-22T03:31:33.042Z");
    assert_eq!(live.element("LastModifiedTime"), "2026-11-22T03:31:34.042Z");
    assert_eq!(get(&world, "redirect", "?Stage=LIVE").send().await.body, "third");
}

#[tokio::test]
async fn what_is_live_already_is_not_published_again() {
    let world = World::new();
    made(&world, "redirect").await;
    published(&world, "redirect", FIRST).await;
    assert_snapshot!(publish(&world, "redirect").if_match(FIRST).send().await, @r#"
    412
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>PreconditionFailed</Code><Message>The request failed because it didn't meet the preconditions in one or more request-header fields.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
}

#[tokio::test]
async fn the_etag_must_be_that_of_development() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_eq!(publish(&world, "redirect").send().await.refusal(), NO_IF_MATCH);
    assert_eq!(publish(&world, "redirect").if_match(SECOND).send().await.refusal(), STALE);
    assert_eq!(publish(&world, "nothing").if_match(FIRST).send().await.refusal(), ABSENT);
    assert_eq!(describe(&world, "redirect", "?Stage=LIVE").send().await.refusal(), ABSENT);
}

#[tokio::test]
async fn a_store_is_kept_until_no_stage_names_it() {
    let world = World::new();
    let store = world.store("routes").await;
    made_with(&world, "redirect", &associations(&[&store.arn.to_string()])).await;
    published(&world, "redirect", FIRST).await;
    let elements = format!("{}{}", config("", ""), code("second"));
    update(&world, "redirect", &elements).if_match(FIRST).send().await;
    let kept = world.control("DELETE", store.control_path()).if_match(FIRST).send().await;
    assert_eq!(
        kept.refusal(),
        "409 CannotDeleteEntityWhileInUse: The entity cannot be deleted while it is in use."
    );
    published(&world, "redirect", SECOND).await;
    world.delete(&store).await;
}
