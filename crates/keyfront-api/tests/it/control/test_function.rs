//! What is decided before the function runs. How functions run is tested where they run.

use insta::assert_snapshot;

use super::functions::{ABSENT, NO_IF_MATCH, code, config, event, made, published, test, update};
use super::{FIRST, SECOND};
use crate::fixture::World;

const EVENT: &str = r#"{"version":"1.0","context":{"eventType":"viewer-request"},"viewer":{"ip":"1.2.3.4"},
    "request":{"method":"GET","uri":"/","querystring":{},"headers":{},"cookies":{}}}"#;

#[tokio::test]
async fn what_is_no_event_is_refused() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_snapshot!(test(&world, "redirect", &event("nonsense")).if_match(FIRST).send().await, @r#"
    500
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Receiver</Type><Code>TestFunctionFailed</Code><Message>The provided event object is not valid.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000002</RequestId></ErrorResponse>
    "#);
    for text in ["", "{", "[]", "null", "\"text\""] {
        let answer = test(&world, "redirect", &event(text)).if_match(FIRST).send().await;
        assert_eq!(
            answer.refusal(),
            "500 TestFunctionFailed: The provided event object is not valid.",
            "{text}"
        );
    }
}

/// Compatibility decision: the operation has no `PreconditionFailed` in its model, so a stale ETag is not valid.
#[tokio::test]
async fn the_etag_must_be_that_of_the_stage() {
    let world = World::new();
    made(&world, "redirect").await;
    let test = |name: &str, stage: &str| test(&world, name, &format!("{stage}{}", event(EVENT)));
    let live = "<Stage>LIVE</Stage>";
    assert_eq!(test("redirect", "").send().await.refusal(), NO_IF_MATCH);
    assert_eq!(test("nothing", "").send().await.refusal(), ABSENT);
    assert_eq!(test("redirect", "").if_match(SECOND).send().await.refusal(), NO_IF_MATCH);
    assert_eq!(test("nothing", "").if_match(FIRST).send().await.refusal(), ABSENT);
    assert_eq!(test("redirect", live).if_match(FIRST).send().await.refusal(), ABSENT);
    published(&world, "redirect", FIRST).await;
    let elements = format!("{}{}", config("", ""), code("second"));
    update(&world, "redirect", &elements).if_match(FIRST).send().await;
    assert_eq!(test("redirect", "").if_match(FIRST).send().await.refusal(), NO_IF_MATCH);
    assert_eq!(test("redirect", live).if_match(SECOND).send().await.refusal(), NO_IF_MATCH);
}

#[tokio::test]
async fn what_the_model_does_not_allow_is_refused() {
    let world = World::new();
    made(&world, "redirect").await;
    let mut refusals = Vec::new();
    for elements in [
        String::new(),
        format!("<Stage>TEST</Stage>{}", event(EVENT)),
        event(&" ".repeat(40_961)),
        "<EventObject>{}</EventObject>".to_owned(),
    ] {
        refusals.push(test(&world, "redirect", &elements).if_match(FIRST).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value at 'eventObject' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value 'TEST' at 'stage' failed to satisfy constraint: Member must satisfy value set: [DEVELOPMENT, LIVE]
    400 MalformedXML: 1 validation error detected: Value at 'eventObject' failed to satisfy constraint: Member must have length less than or equal to 40960
    400 MalformedInput: Invalid Base64 encoding
    ");
    // A stage that does not fit in front of the event is read wherever it stands.
    let behind = format!("{}<Stage>LIVE</Stage>", event(EVENT));
    assert_eq!(test(&world, "redirect", &behind).if_match(FIRST).send().await.refusal(), ABSENT);
}

#[tokio::test]
async fn a_conflict_on_purpose_is_answered_as_a_stale_etag_is() {
    let world = World::new();
    made(&world, "redirect").await;
    world.api.set_fault("TestFunction=conflict,count=1".parse().unwrap()).unwrap();
    let answer = test(&world, "redirect", &event(EVENT)).if_match(FIRST).send().await;
    assert_eq!(answer.refusal(), NO_IF_MATCH);
}
