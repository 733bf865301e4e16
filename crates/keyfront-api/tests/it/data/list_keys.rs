//! `ListKeys` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::FIRST;
use crate::fixture::{Answer, World};

fn keys(page: &Answer) -> Vec<String> {
    let page = page.json();
    page["Items"].as_array().unwrap().iter().map(|item| item["Key"].as_str().unwrap().to_owned()).collect()
}

async fn filled(world: &World, name: &str, count: usize) -> crate::fixture::Store {
    let store = world.store(name).await;
    let keys: Vec<String> = (0..count).map(|n| format!("k{n:03}")).collect();
    for chunk in keys.chunks(50) {
        world.put(&store, &chunk.iter().map(|key| (key.as_str(), "v")).collect::<Vec<_>>()).await;
    }
    store
}

#[tokio::test]
async fn a_store_without_pairs_has_an_empty_page() {
    let world = World::new();
    let store = world.store("routes").await;
    assert_snapshot!(world.data("GET", format!("{}/keys", store.data_path())).send().await, @r#"
    200
    content-type: application/json
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"Items":[]}
    "#);
}

/// Compatibility decision: pairs come by the UTF-8 bytes of their keys.
#[tokio::test]
async fn pairs_come_in_the_order_of_their_keys_bytes() {
    let world = World::new();
    let store = world.store("routes").await;
    world
        .put(
            &store,
            &[
                ("é", ""),
                ("z", ""),
                ("Z", ""),
                ("a/b", "1"),
                ("a", "\"x\""),
                ("\u{10000}", ""),
                ("\u{ff5e}", ""),
            ],
        )
        .await;
    assert_snapshot!(world.data("GET", format!("{}/keys", store.data_path())).send().await, @r#"
    200
    content-type: application/json
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"Items":[{"Key":"Z","Value":""},{"Key":"a","Value":"\"x\""},{"Key":"a/b","Value":"1"},{"Key":"z","Value":""},{"Key":"é","Value":""},{"Key":"～","Value":""},{"Key":"𐀀","Value":""}]}
    "#);
}

#[tokio::test]
async fn a_page_has_ten_pairs_unless_the_request_says_one_to_fifty() {
    let world = World::new();
    let store = filled(&world, "routes", 51).await;
    let mut outcomes = Vec::new();
    for query in [
        "",
        "?MaxResults=1",
        "?MaxResults=50",
        "?NextToken=",
        "?MaxResults=0",
        "?MaxResults=51",
        "?MaxResults=-1",
        "?MaxResults=ten",
        "?MaxResults=",
        "?MaxResults=1.5",
    ] {
        let answer = world.data("GET", format!("{}/keys{query}", store.data_path())).send().await;
        let outcome = match answer.status {
            200 => format!("{} and a token: {}", keys(&answer).len(), answer.json()["NextToken"].is_string()),
            _ => answer.refusal(),
        };
        outcomes.push(format!("{query:15} {outcome}"));
    }
    assert_snapshot!(outcomes.join("\n"), @"
                    10 and a token: true
    ?MaxResults=1   1 and a token: true
    ?MaxResults=50  50 and a token: true
    ?NextToken=     10 and a token: true
    ?MaxResults=0   400 ValidationException: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1
    ?MaxResults=51  400 ValidationException: 1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50
    ?MaxResults=-1  400 ValidationException: 1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1
    ?MaxResults=ten 400 ValidationException: The value of MaxResults cannot be read.
    ?MaxResults=    400 ValidationException: The value of MaxResults cannot be read.
    ?MaxResults=1.5 400 ValidationException: The value of MaxResults cannot be read.
    ");
}

#[tokio::test]
async fn pages_follow_each_other_and_the_last_has_no_token() {
    let world = World::new();
    for count in [49, 50, 51] {
        let store = filled(&world, &format!("routes-{count}"), count).await;
        let first = world.data("GET", format!("{}/keys?MaxResults=50", store.data_path())).send().await;
        assert_eq!(first.json()["NextToken"].is_string(), count > 50, "{count}");
        let all: Vec<_> = world.pairs(&store).await.into_iter().map(|(key, _)| key).collect();
        assert_eq!(all, (0..count).map(|n| format!("k{n:03}")).collect::<Vec<_>>());
    }
}

/// A token says where to go on, also when the pair it was made from is gone.
#[tokio::test]
async fn a_page_goes_on_after_a_pair_that_was_deleted() {
    let world = World::new();
    let store = filled(&world, "routes", 5).await;
    let list = |query: String| world.data("GET", format!("{}/keys?MaxResults=2{query}", store.data_path()));
    let first = list(String::new()).send().await;
    assert_eq!(keys(&first), ["k000", "k001"]);
    let etag = world.etag(&store).await;
    let delete = world.data("DELETE", store.key_path("k001")).if_match(&etag).send().await;
    assert_eq!(delete.status, 200);
    let token = first.json()["NextToken"].as_str().unwrap().to_owned();
    let second = list(format!("&NextToken={token}")).send().await;
    assert_eq!(keys(&second), ["k002", "k003"]);
}

/// Compatibility decision: a token that is malformed or another store's is an error, never an empty success.
#[tokio::test]
async fn a_token_of_another_store_or_of_none_is_refused() {
    let world = World::new();
    let store = filled(&world, "routes", 3).await;
    let other = filled(&world, "other", 3).await;
    let first = world.data("GET", format!("{}/keys?MaxResults=1", other.data_path())).send().await;
    let foreign = first.json()["NextToken"].as_str().unwrap().to_owned();
    let list = |token: &str| world.data("GET", format!("{}/keys?NextToken={token}", store.data_path()));
    assert_snapshot!(list(&foreign).send().await, @r#"
    400
    content-type: application/json
    x-amzn-errortype: ValidationException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-00000000000a

    {"Message":"The NextToken is not valid for this Key-Value-Store."}
    "#);
    let expected = list(&foreign).send().await.refusal();
    for token in ["k000", FIRST, "AAAAAAAAAAAAAAAA", "%00", "%C3%BC", &format!("{foreign}A")] {
        assert_eq!(list(token).send().await.refusal(), expected, "{token}");
    }
}
