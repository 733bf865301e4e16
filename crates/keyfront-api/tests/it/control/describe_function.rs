//! `DescribeFunction` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::functions::{ABSENT, describe, made};
use crate::fixture::{STRANGER, World};

#[tokio::test]
async fn development_is_shown_unless_another_stage_is_named() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_snapshot!(describe(&world, "redirect", "").send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <FunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>redirect</Name><Status>UNPUBLISHED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/redirect</FunctionARN><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary>
    "#);
    let named = describe(&world, "redirect", "?Stage=DEVELOPMENT").send().await;
    assert_eq!(named.element("Stage"), "DEVELOPMENT");
}

#[tokio::test]
async fn what_is_not_there_or_was_never_published_is_not_found() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_snapshot!(describe(&world, "redirect", "?Stage=LIVE").send().await, @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>NoSuchFunctionExists</Code><Message>The specified function does not exist.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000002</RequestId></ErrorResponse>
    "#);
    assert_eq!(describe(&world, "nothing", "").send().await.refusal(), ABSENT);
    assert_eq!(describe(&world, "redirect", "").by(STRANGER).send().await.refusal(), ABSENT);
    let other = describe(&world, "redirect", "?Stage=live").send().await;
    assert_snapshot!(other.refusal(), @"400 MalformedXML: 1 validation error detected: Value 'live' at 'stage' failed to satisfy constraint: Member must satisfy value set: [DEVELOPMENT, LIVE]");
}
