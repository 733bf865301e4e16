//! `UpdateFunction` through the whole pipeline, with its full responses.

use std::time::Duration;

use insta::assert_snapshot;

use super::functions::{
    ABSENT, CODE, NO_IF_MATCH, STALE, associations, code, config, describe, get, made, made_with, published,
    status, update,
};
use super::{FIRST, SECOND};
use crate::fixture::World;

/// The model spells the header `ETtag`; it is sent in both spellings.
#[tokio::test]
async fn an_update_replaces_what_is_in_development() {
    let world = World::new();
    made(&world, "redirect").await;
    world.clock.advance(Duration::from_secs(1));
    let elements = format!("{}{}", config("second", ""), code("second"));
    assert_snapshot!(update(&world, "redirect", &elements).if_match(FIRST).send().await, @r#"
    200
    content-type: text/xml
    etag: E3UN6WX5RRO2AG
    ettag: E3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <FunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>redirect</Name><Status>UNPUBLISHED</Status><FunctionConfig><Comment>second</Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/redirect</FunctionARN><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary>
    "#);
    assert_eq!(get(&world, "redirect", "").send().await.body, "second");
    // The same again is another version.
    let again = update(&world, "redirect", &elements).if_match(SECOND).send().await;
    assert_eq!(again.status, 200);
    assert_eq!(again.header("ettag"), again.header("etag"));
    assert_ne!(again.header("etag"), SECOND);
}

#[tokio::test]
async fn an_update_after_publication_is_unpublished_and_leaves_what_is_live() {
    let world = World::new();
    made(&world, "redirect").await;
    published(&world, "redirect", FIRST).await;
    let elements = format!("{}{}", config("second", ""), code("second"));
    let updated = update(&world, "redirect", &elements).if_match(FIRST).send().await;
    assert_eq!(status(&updated), ("UNPUBLISHED", "DEVELOPMENT"));
    assert_eq!(updated.header("etag"), SECOND);
    let live = describe(&world, "redirect", "?Stage=LIVE").send().await;
    assert_eq!(
        (status(&live), live.element("Comment"), live.header("etag")),
        (("UNASSOCIATED", "LIVE"), "", FIRST)
    );
    assert_eq!(get(&world, "redirect", "?Stage=LIVE").send().await.body, CODE);
}

#[tokio::test]
async fn an_association_that_is_left_out_is_gone() {
    let world = World::new();
    let store = world.store("routes").await;
    made_with(&world, "redirect", &associations(&[&store.arn.to_string()])).await;
    let elements = format!("{}{}", config("", ""), code(CODE));
    let updated = update(&world, "redirect", &elements).if_match(FIRST).send().await;
    assert!(!updated.body.contains("KeyValueStore"), "{updated}");
    world.delete(&store).await;
}

/// Terraform updates with the ETag of a function that has gone, and must hear that it has.
#[tokio::test]
async fn an_absent_function_is_refused_first_then_a_missing_etag_then_a_stale_one_then_the_content() {
    let world = World::new();
    made(&world, "redirect").await;
    let good = format!("{}{}", config("", ""), code(CODE));
    let large = format!("{}{}", config("", ""), code("x".repeat(10_241)));
    let arn = "arn:aws:cloudfront::111122223333:key-value-store/00000000-0000-0000-0000-000000000000";
    let unknown = format!("{}{}", config("", &associations(&[arn])), code(CODE));
    for (name, etag, elements, expected) in [
        ("nothing", "", &large, ABSENT),
        ("redirect", "", &large, NO_IF_MATCH),
        ("nothing", FIRST, &large, ABSENT),
        ("redirect", SECOND, &large, STALE),
        ("redirect", SECOND, &good, STALE),
        (
            "redirect",
            FIRST,
            &large,
            "413 FunctionSizeLimitExceeded: The function is too large: it has 10241 bytes and may have 10240.",
        ),
        (
            "redirect",
            FIRST,
            &unknown,
            "400 InvalidArgument: The parameter KeyValueStoreARN is not valid. The account has no key value store \
             arn:aws:cloudfront::111122223333:key-value-store/00000000-0000-0000-0000-000000000000.",
        ),
    ] {
        let answer = update(&world, name, elements).if_match(etag).send().await;
        assert_eq!(answer.refusal(), expected, "{name} {etag}");
    }
    assert_eq!(update(&world, "redirect", &good).send().await.refusal(), NO_IF_MATCH);
    assert_eq!(describe(&world, "redirect", "").send().await.header("etag"), FIRST);
    let both = update(&world, "redirect", "").if_match(FIRST).send().await;
    assert_snapshot!(both.refusal(), @"400 MalformedXML: 2 validation errors detected: Value at 'functionCode' failed to satisfy constraint: Member must not be null; Value null at 'functionConfig' failed to satisfy constraint: Member must not be null");
}
