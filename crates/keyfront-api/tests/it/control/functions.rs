//! What the tests of functions share.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fixture::{Answer, Call, World};

pub(super) const FUNCTIONS: &str = "/2020-05-31/function";

pub(super) const CODE: &str = "function handler(event) { return event.request }";

pub(super) const ABSENT: &str = "404 NoSuchFunctionExists: The specified function does not exist.";

pub(super) const STALE: &str = "412 PreconditionFailed: The request failed because it didn't meet the preconditions \
                                in one or more request-header fields.";

pub(super) const NO_IF_MATCH: &str =
    "400 InvalidIfMatchVersion: The If-Match version is missing or not valid for the resource.";

/// The path of a function, with something after it.
pub(super) fn path(name: &str, rest: &str) -> String {
    format!("{FUNCTIONS}/{name}{rest}")
}

/// A `FunctionConfig` with some more elements.
pub(super) fn config(comment: &str, more: &str) -> String {
    format!(
        "<FunctionConfig><Comment>{comment}</Comment><Runtime>cloudfront-js-2.0</Runtime>{more}</FunctionConfig>"
    )
}

/// A `KeyValueStoreAssociations` with these ARNs.
pub(super) fn associations(arns: &[&str]) -> String {
    let item = |arn: &&str| {
        format!(
            "<KeyValueStoreAssociation><KeyValueStoreARN>{arn}</KeyValueStoreARN></KeyValueStoreAssociation>"
        )
    };
    let (quantity, items) = (arns.len(), arns.iter().map(item).collect::<String>());
    format!(
        "<KeyValueStoreAssociations><Quantity>{quantity}</Quantity><Items>{items}</Items></KeyValueStoreAssociations>"
    )
}

pub(super) fn code(source: impl AsRef<[u8]>) -> String {
    format!("<FunctionCode>{}</FunctionCode>", STANDARD.encode(source))
}

fn document(root: &str, elements: &str) -> String {
    format!("<{root} xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{elements}</{root}>")
}

pub(super) fn create<'w>(world: &'w World, elements: &str) -> Call<'w> {
    world.control("POST", FUNCTIONS).body(document("CreateFunctionRequest", elements))
}

pub(super) fn update<'w>(world: &'w World, name: &str, elements: &str) -> Call<'w> {
    world.control("PUT", path(name, "")).body(document("UpdateFunctionRequest", elements))
}

pub(super) fn publish<'w>(world: &'w World, name: &str) -> Call<'w> {
    world.control("POST", path(name, "/publish"))
}

pub(super) fn describe<'w>(world: &'w World, name: &str, query: &str) -> Call<'w> {
    world.control("GET", path(name, &format!("/describe{query}")))
}

pub(super) fn get<'w>(world: &'w World, name: &str, query: &str) -> Call<'w> {
    world.control("GET", path(name, query))
}

pub(super) fn delete<'w>(world: &'w World, name: &str) -> Call<'w> {
    world.control("DELETE", path(name, ""))
}

pub(super) fn test<'w>(world: &'w World, name: &str, elements: &str) -> Call<'w> {
    world.control("POST", path(name, "/test")).body(document("TestFunctionRequest", elements))
}

pub(super) fn event(json: &str) -> String {
    format!("<EventObject>{}</EventObject>", STANDARD.encode(json))
}

/// Makes a function of the usual code.
pub(super) async fn made(world: &World, name: &str) -> Answer {
    made_with(world, name, "").await
}

/// Makes a function of the usual code, with more in its configuration.
pub(super) async fn made_with(world: &World, name: &str, more: &str) -> Answer {
    let elements = format!("<Name>{name}</Name>{}{}", config("", more), code(CODE));
    let answer = create(world, &elements).send().await;
    assert_eq!(answer.status, 201, "{answer}");
    answer
}

/// Publishes a function, a second later.
pub(super) async fn published(world: &World, name: &str, etag: &str) {
    world.clock.advance(Duration::from_secs(1));
    let answer = publish(world, name).if_match(etag).send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

pub(super) fn status(answer: &Answer) -> (&str, &str) {
    (answer.element("Status"), answer.element("Stage"))
}
