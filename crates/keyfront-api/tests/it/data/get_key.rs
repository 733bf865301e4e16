//! `GetKey` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::get;
use crate::fixture::World;

#[tokio::test]
async fn a_pair_comes_with_the_stores_totals() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("/a b", "\"quoted\" \u{1f680}\n"), ("other", "x")]).await;
    assert_snapshot!(get(&world, &store, "/a b").send().await, @r#"
    200
    content-type: application/json
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"Key":"/a b","Value":"\"quoted\" 🚀\n","ItemCount":2,"TotalSizeInBytes":24}
    "#);
}

/// Compatibility decision: a missing key is not found, and the text names it.
#[tokio::test]
async fn a_missing_key_is_not_found() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("Key", "x")]).await;
    assert_snapshot!(get(&world, &store, "key \"1\"").send().await, @r#"
    404
    content-type: application/json
    x-amzn-errortype: ResourceNotFoundException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"Message":"Key key \"1\" was not found."}
    "#);
    // Longer than any key can be, but not than the model says.
    assert_eq!(get(&world, &store, &"k".repeat(1024)).send().await.status, 404);
}

#[tokio::test]
async fn any_text_can_be_a_key() {
    let world = World::new();
    let store = world.store("routes").await;
    let keys =
        [".", "..", "a/b", "a//b", "/", "a%2Fb", "%", "a b", "+", "ü", "\u{1f680}", "a?b#c&d=e", "a,b", "*"];
    for key in keys {
        world.put(&store, &[(key, key)]).await;
    }
    for key in keys {
        let answer = get(&world, &store, key).send().await;
        assert_eq!((answer.json()["Key"].as_str(), answer.json()["Value"].as_str()), (Some(key), Some(key)));
    }
    assert_eq!(world.pairs(&store).await.len(), keys.len());
}

#[tokio::test]
async fn a_key_that_no_pair_can_have_is_refused() {
    let world = World::new();
    let store = world.store("routes").await;
    let too_long = get(&world, &store, &"ü".repeat(1025)).send().await.refusal();
    assert_snapshot!(too_long.replace(&"ü".repeat(1025), "ü…"), @"400 ValidationException: 1 validation error detected: Value 'ü…' at 'key' failed to satisfy constraint: Member must have length less than or equal to 1024");
    let not_utf8 = world.data("GET", format!("{}/keys/%FF", store.data_path())).send().await;
    assert_snapshot!(not_utf8.refusal(), @"400 ValidationException: The value of Key cannot be read.");
    // Without a key the path belongs to no operation.
    let empty = world.data("GET", format!("{}/keys/", store.data_path())).send().await;
    assert_snapshot!(empty.refusal(), @"404 UnknownOperationException: The requested operation does not exist.");
}
