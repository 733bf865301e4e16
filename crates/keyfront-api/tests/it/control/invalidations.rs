//! The operations on invalidations through the whole pipeline.

use insta::assert_snapshot;

use super::distributions::{DISTRIBUTIONS, config, minimal};
use super::resources::{document, made, page};
use crate::fixture::World;

fn batch(reference: &str, paths: &[&str]) -> String {
    let items = paths.iter().map(|path| format!("<Path>{path}</Path>")).collect::<Vec<_>>().concat();
    document(
        "InvalidationBatch",
        &format!(
            "<Paths><Quantity>{}</Quantity><Items>{items}</Items></Paths>\
             <CallerReference>{reference}</CallerReference>",
            paths.len()
        ),
    )
}

#[tokio::test]
async fn an_invalidation_is_in_progress_and_completed_at_the_next_look() {
    let world = World::new();
    let id = made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("first")))).await;
    let path = &format!("{DISTRIBUTIONS}/{id}/invalidation");
    let create = |reference: &str, paths: &[&str]| world.control("POST", path).body(batch(reference, paths));
    let created = create("one", &["/index.html", "/img/*"]).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    location: https://cloudfront.amazonaws.com/2020-05-31/distribution/E3QWQEP5D66GS3/invalidation/I3QWQEP5D66GS4
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I3QWQEP5D66GS4</Id><Status>InProgress</Status><CreateTime>2026-11-22T03:31:32.042Z</CreateTime><InvalidationBatch><Paths><Quantity>2</Quantity><Items><Path>/index.html</Path><Path>/img/*</Path></Items></Paths><CallerReference>one</CallerReference></InvalidationBatch></Invalidation>
    "#);
    let first = created.element("Id").to_owned();
    let read = world.control("GET", format!("{path}/{first}")).send().await;
    assert_eq!((read.status, read.element("Status")), (200, "Completed"));
    assert_eq!(made(create("one", &["/img/*", "/index.html"])).await, first, "the same again");
    assert_eq!(
        create("one", &["/"]).send().await.refusal(),
        "400 InvalidArgument: Your request contains a caller reference that was used for a previous invalidation \
         batch for the same distribution."
    );
    world.clock.advance(std::time::Duration::from_secs(1));
    let second = made(create("two", &["/"])).await;
    let listed = world.control("GET", path).send().await;
    assert_eq!(page(&listed, "Id"), format!("{second} {first}"));
    let rest = world.control("GET", format!("{path}?Marker={second}&MaxItems=1")).send().await;
    assert_eq!(page(&rest, "Id"), first);
}

#[tokio::test]
async fn what_cannot_be_invalidated_is_refused() {
    let world = World::new();
    let id = made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("first")))).await;
    let create = |id: &str, body: String| {
        world.control("POST", format!("{DISTRIBUTIONS}/{id}/invalidation")).body(body).send()
    };
    let too_many: Vec<_> = (0..16).map(|n| format!("/{n}/*")).collect();
    let too_many: Vec<_> = too_many.iter().map(String::as_str).collect();
    for (id, body, expected) in [
        (&*id, batch("a", &["index.html"]), "400 InvalidArgument: Your request contains one or more invalid"),
        (&*id, batch("a", &too_many), ""),
        ("E1", batch("a", &["/"]), "404 NoSuchDistribution: The specified distribution does not exist."),
    ] {
        let answer = create(id, body).await;
        if expected.is_empty() {
            assert!(answer.refusal().starts_with("400 TooManyInvalidationsInProgress"), "{answer}");
        } else {
            assert!(answer.refusal().starts_with(expected), "{answer}");
        }
    }
    let unknown = world.control("GET", format!("{DISTRIBUTIONS}/{id}/invalidation/I1")).send().await;
    assert_eq!(unknown.refusal(), "404 NoSuchInvalidation: The specified invalidation does not exist.");
}
