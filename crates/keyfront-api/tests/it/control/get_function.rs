//! `GetFunction` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::FIRST;
use super::functions::{ABSENT, code, config, get, made, published, update};
use crate::fixture::World;

#[tokio::test]
async fn the_code_is_the_whole_body() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_snapshot!(get(&world, "redirect", "").send().await, @"
    200
    content-type: application/octet-stream
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    function handler(event) { return event.request }
    ");
}

#[tokio::test]
async fn each_stage_has_its_code() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_eq!(get(&world, "redirect", "?Stage=LIVE").send().await.refusal(), ABSENT);
    published(&world, "redirect", FIRST).await;
    let elements = format!("{}{}", config("", ""), code("second"));
    update(&world, "redirect", &elements).if_match(FIRST).send().await;
    assert_snapshot!(get(&world, "redirect", "?Stage=LIVE").send().await, @"
    200
    content-type: application/octet-stream
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    function handler(event) { return event.request }
    ");
    assert_eq!(get(&world, "redirect", "?Stage=DEVELOPMENT").send().await.body, "second");
    assert_eq!(get(&world, "nothing", "").send().await.refusal(), ABSENT);
}
