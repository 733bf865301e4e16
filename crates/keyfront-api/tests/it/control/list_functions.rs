//! `ListFunctions` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::FIRST;
use super::functions::{FUNCTIONS, delete, made, published};
use crate::fixture::{STRANGER, World};

async fn names(world: &World, query: &str) -> (Vec<String>, Option<String>) {
    let answer = world.control("GET", format!("{FUNCTIONS}{query}")).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    let names: Vec<_> = answer.elements("Name").into_iter().map(str::to_owned).collect();
    assert_eq!(answer.element("Quantity"), names.len().to_string());
    (names, answer.elements("NextMarker").first().map(|marker| (*marker).to_owned()))
}

#[tokio::test]
async fn an_account_without_functions_has_an_empty_list() {
    let world = World::new();
    made(&world, "redirect").await;
    assert_snapshot!(world.control("GET", FUNCTIONS).by(STRANGER).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <FunctionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>0</Quantity></FunctionList>
    "#);
}

/// As the service does: a function that was published is there twice, once for each stage.
#[tokio::test]
async fn every_function_is_listed_once_for_each_stage_that_it_has() {
    let world = World::new();
    for name in ["b", "a"] {
        made(&world, name).await;
    }
    published(&world, "a", FIRST).await;
    assert_snapshot!(world.control("GET", FUNCTIONS).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <FunctionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>3</Quantity><Items><FunctionSummary><Name>a</Name><Status>UNASSOCIATED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/a</FunctionARN><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary><FunctionSummary><Name>a</Name><Status>UNASSOCIATED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/a</FunctionARN><Stage>LIVE</Stage><CreatedTime>2026-11-22T03:31:33.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary><FunctionSummary><Name>b</Name><Status>UNPUBLISHED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/b</FunctionARN><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary></Items></FunctionList>
    "#);
}

/// Whatever the size of a page, and also where a page ends between the stages of one function.
#[tokio::test]
async fn pages_of_all_stages_drop_nothing_and_repeat_nothing() {
    let world = World::new();
    for name in ["a", "b", "c", "d"] {
        made(&world, name).await;
    }
    for name in ["a", "c", "d"] {
        published(&world, name, FIRST).await;
    }
    let all = names(&world, "").await.0;
    assert_eq!(all, ["a", "a", "b", "c", "c", "d", "d"]);
    for size in 1..=8 {
        let (mut listed, mut marker) = (Vec::new(), String::new());
        loop {
            let (page, next) = names(&world, &format!("?MaxItems={size}&Marker={marker}")).await;
            assert!(page.len() <= size, "{page:?}");
            listed.extend(page);
            match next {
                Some(next) => marker = next,
                None => break,
            }
        }
        assert_eq!(listed, all, "in pages of {size}");
    }
    assert_eq!(names(&world, "?MaxItems=1").await.1.as_deref(), Some("a.DEVELOPMENT"));
    assert_eq!(names(&world, "?Marker=a").await.0, ["b", "c", "c", "d", "d"]);
    delete(&world, "a").if_match(FIRST).send().await;
    assert_eq!(names(&world, "?Marker=a.DEVELOPMENT").await.0, ["b", "c", "c", "d", "d"]);
    for query in ["?Marker=b.LIVE", "?Marker=.DEVELOPMENT", "?Stage=LIVE&Marker=c.DEVELOPMENT"] {
        assert_eq!(world.control("GET", format!("{FUNCTIONS}{query}")).send().await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn a_stage_lists_the_functions_that_have_it() {
    let world = World::new();
    for name in ["a", "b", "c"] {
        made(&world, name).await;
    }
    assert_eq!(names(&world, "?Stage=LIVE").await, (vec![], None));
    published(&world, "b", FIRST).await;
    assert_snapshot!(world.control("GET", format!("{FUNCTIONS}?Stage=LIVE")).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    <?xml version="1.0"?>
    <FunctionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><FunctionSummary><Name>b</Name><Status>UNASSOCIATED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/b</FunctionARN><Stage>LIVE</Stage><CreatedTime>2026-11-22T03:31:33.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary></Items></FunctionList>
    "#);
    assert_eq!(names(&world, "?Stage=DEVELOPMENT").await.0, ["a", "b", "c"]);
    let other = world.control("GET", format!("{FUNCTIONS}?Stage=TEST")).send().await;
    assert_snapshot!(other.refusal(), @"400 MalformedXML: 1 validation error detected: Value 'TEST' at 'stage' failed to satisfy constraint: Member must satisfy value set: [DEVELOPMENT, LIVE]");
}

#[tokio::test]
async fn pages_follow_each_other_whatever_goes_in_between() {
    let world = World::new();
    for name in ["a", "b", "c", "d"] {
        made(&world, name).await;
    }
    let (first, marker) = names(&world, "?MaxItems=2").await;
    assert_eq!((first.as_slice(), marker.as_deref()), (&["a".to_owned(), "b".to_owned()][..], Some("b")));
    delete(&world, "b").if_match(FIRST).send().await;
    assert_eq!(names(&world, "?MaxItems=2&Marker=b").await, (vec!["c".to_owned(), "d".to_owned()], None));
    assert_eq!(names(&world, "?Marker=").await.0, ["a", "c", "d"]);
    for query in ["?Marker=a%20b", "?MaxItems=0", "?MaxItems=x"] {
        let answer = world.control("GET", format!("{FUNCTIONS}{query}")).send().await;
        assert_eq!(answer.status, 400, "{answer}");
    }
}
