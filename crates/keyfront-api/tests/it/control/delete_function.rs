//! `DeleteFunction` through the whole pipeline, with its full responses.

use insta::assert_snapshot;
use keyfront_store::functions;

use super::functions::{
    ABSENT, NO_IF_MATCH, STALE, associations, delete, describe, made, made_with, published,
};
use super::{FIRST, SECOND, list_tags, tagging};
use crate::fixture::{World, tags};

#[tokio::test]
async fn a_function_goes_with_both_stages_and_its_tags() {
    let world = World::new();
    let arn = made(&world, "redirect").await.element("FunctionARN").to_owned();
    published(&world, "redirect", FIRST).await;
    let body = tags([("team", "edge")]);
    assert_eq!(tagging(&world, "Tag", &arn).body(body).send().await.status, 204);
    assert_snapshot!(delete(&world, "redirect").if_match(FIRST).send().await, @"
    204
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004
    ");
    for query in ["", "?Stage=LIVE"] {
        assert_eq!(describe(&world, "redirect", query).send().await.refusal(), ABSENT);
    }
    assert_eq!(list_tags(&world, &arn).send().await.status, 404);
    assert_snapshot!(delete(&world, "redirect").if_match(FIRST).send().await, @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>NoSuchFunctionExists</Code><Message>The specified function does not exist.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000008</RequestId></ErrorResponse>
    "#);
    made(&world, "redirect").await;
    assert_eq!(list_tags(&world, &arn).send().await.elements("Tag").len(), 0);
}

#[tokio::test]
async fn the_etag_must_be_that_of_development() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_eq!(delete(&world, "redirect").send().await.refusal(), NO_IF_MATCH);
    assert_eq!(delete(&world, "redirect").if_match(SECOND).send().await.refusal(), STALE);
    assert_eq!(delete(&world, "nothing").if_match(SECOND).send().await.refusal(), ABSENT);
    assert_eq!(describe(&world, "redirect", "").send().await.status, 200);
}

#[tokio::test]
async fn a_function_of_a_distribution_is_kept() {
    let world = World::new();
    let arn = made(&world, "redirect").await.element("FunctionARN").to_owned();
    functions::publish(&*world.engine, &arn.parse().unwrap(), FIRST, 0).await.unwrap();
    world.refer("distribution/E1", &arn).await;
    assert_snapshot!(delete(&world, "redirect").if_match(FIRST).send().await, @r#"
    409
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>FunctionInUse</Code><Message>Cannot delete function redirect, it is in use by 1 distributions</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000002</RequestId></ErrorResponse>
    "#);
    world.let_go("distribution/E1").await;
    assert_eq!(delete(&world, "redirect").if_match(FIRST).send().await.status, 204);
}

#[tokio::test]
async fn a_store_can_go_after_the_function_that_named_it() {
    let world = World::new();
    let store = world.store("routes").await;
    made_with(&world, "redirect", &associations(&[&store.arn.to_string()])).await;
    let kept = world.control("DELETE", store.control_path()).if_match(FIRST).send().await;
    assert_eq!(kept.status, 409);
    assert_eq!(delete(&world, "redirect").if_match(FIRST).send().await.status, 204);
    world.delete(&store).await;
}
