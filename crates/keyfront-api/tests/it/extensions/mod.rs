//! Keyfront's extensions: a whole store in one answer, any number of pairs in one write, the change stream.

mod bulk_queue;
mod follow_changes;
mod limits;
mod permissions;
mod read_pairs;
mod write_pairs;

use insta::assert_snapshot;
use keyfront_testkit::signing::{Algorithm, Signer};

use keyfront_store::stores;
use serde_json::json;

use crate::fixture::{ADMIN, Call, STRANGER, Store, World, create_body};

/// The ETags of the versions 1 and 2.
const FIRST: &str = "KVTVPDKIKX0DER";
const SECOND: &str = "KV3UN6WX5RRO2AG";

fn path(store: &Store) -> String {
    format!("/keyfront{}/pairs", store.data_path())
}

fn read<'w>(world: &'w World, store: &Store) -> Call<'w> {
    world.data("GET", path(store))
}

fn write<'w>(world: &'w World, store: &Store, body: &(impl ToString + ?Sized)) -> Call<'w> {
    world.data("POST", path(store)).body(body.to_string())
}

/// A body of puts and deletes.
fn body<K: AsRef<str>, V: AsRef<str>>(puts: &[(K, V)], deletes: &[&str]) -> serde_json::Value {
    let put = |(key, value): &(K, V)| json!({ "Key": key.as_ref(), "Value": value.as_ref() });
    let deletes: Vec<_> = deletes.iter().map(|key| json!({ "Key": key })).collect();
    json!({ "Puts": puts.iter().map(put).collect::<Vec<_>>(), "Deletes": deletes })
}

/// What a future gives when it is polled once.
async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    tokio::select! { biased; value = future => Some(value), () = std::future::ready(()) => None }
}

/// What both operations answer, one line each.
async fn answers(world: &World, store: &Store) -> String {
    let read = read(world, store).send().await.outcome();
    let write = write(world, store, "{}").if_match(FIRST).send().await.outcome();
    format!("ReadPairs  {read}\nWritePairs {write}")
}

/// As ListKeys and UpdateKeys of the data plane answer.
#[tokio::test]
async fn a_store_that_cannot_be_used_is_refused_as_on_the_data_plane() {
    let world = World::new();
    let source = "<ImportSource><SourceType>S3</SourceType><SourceARN>arn:aws:s3:::bucket/k</SourceARN></ImportSource>";
    let create = world.control("POST", "/2020-05-31/key-value-store");
    let created = create.body(create_body(&format!("<Name>importing</Name>{source}"))).send().await;
    let store = Store { name: "importing".to_owned(), arn: created.element("ARN").parse().unwrap() };
    assert_snapshot!(answers(&world, &store).await, @"
    ReadPairs  409 ConflictException: Key-Value-Store was not in expected state
    WritePairs 409 ConflictException: Key-Value-Store was not in expected state
    ");
    stores::finish_import(&*world.engine, &store.arn, Ok(&[]), 1_795_318_300_000).await.unwrap();
    assert_snapshot!(answers(&world, &store).await, @"
    ReadPairs  200
    WritePairs 200
    ");
    world.delete(&store).await;
    assert_snapshot!(answers(&world, &store).await, @"
    ReadPairs  409 ConflictException: Key-Value-Store was not in expected state
    WritePairs 409 ConflictException: Key-Value-Store was not in expected state
    ");
    let never = "arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";
    let never = Store { arn: never.parse().unwrap(), ..store };
    assert_snapshot!(answers(&world, &never).await, @"
    ReadPairs  404 ResourceNotFoundException: Resource was not found.
    WritePairs 404 ResourceNotFoundException: Resource was not found.
    ");
}

#[tokio::test]
async fn an_arn_that_is_none_names_no_store_and_one_of_another_account_is_refused() {
    let world = World::new();
    let none = world.data("GET", "/keyfront/key-value-stores/x/pairs").send().await;
    assert_snapshot!(none.refusal(), @"404 ResourceNotFoundException: Resource was not found.");
    let theirs = world.store_of(STRANGER, "theirs").await;
    assert_snapshot!(answers(&world, &theirs).await, @"
    ReadPairs  403 AccessDeniedException: User: arn:aws:iam::111122223333:user/admin is not authorized to perform: cloudfront-keyvaluestore:ListKeys on resource: arn:aws:cloudfront::444455556666:key-value-store/54947df8-0e9e-4471-a2f9-000000000003 because no identity-based policy allows the cloudfront-keyvaluestore:ListKeys action
    WritePairs 403 AccessDeniedException: User: arn:aws:iam::111122223333:user/admin is not authorized to perform: cloudfront-keyvaluestore:UpdateKeys on resource: arn:aws:cloudfront::444455556666:key-value-store/54947df8-0e9e-4471-a2f9-000000000003 because no identity-based policy allows the cloudfront-keyvaluestore:UpdateKeys action
    ");
}

#[tokio::test]
async fn a_path_or_method_that_is_no_operation_is_refused_in_the_form_of_the_data_plane() {
    let world = World::new();
    let store = world.store("routes").await;
    assert_snapshot!(world.data("PUT", path(&store)).send().await, @r#"
    404
    content-type: application/json
    x-amzn-errortype: UnknownOperationException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"Message":"The requested operation does not exist."}
    "#);
    for (method, path) in [
        ("GET", "/keyfront/".to_owned()),
        ("GET", format!("/keyfront{}", store.data_path())),
        ("GET", format!("/keyfront{}/keys", store.data_path())),
        ("GET", format!("/keyfront/{}/pairs", store.data_path())),
        ("GET", format!("{}/", path(&store))),
        ("GET", format!("/keyfront/key-value-stores/{}/pairs", store.arn)),
        // The service's own paths stay as they are.
        ("GET", format!("{}/pairs", store.data_path())),
    ] {
        let refusal = world.data(method, &path).send().await.refusal();
        assert_eq!(
            refusal, "404 UnknownOperationException: The requested operation does not exist.",
            "{path}"
        );
    }
}

/// The signatures are those of the data plane: SigV4A, and SigV4 of one region.
#[tokio::test]
async fn signatures_are_those_of_the_data_plane() {
    let v4 = |region: &str| Algorithm::V4 { region: region.to_owned() };
    let service = |name: &'static str, algorithm: Algorithm| {
        move |_| Signer::new(ADMIN.access_key_id, &ADMIN.secret(), name, algorithm)
    };
    let world = World::new();
    let store = world.store("routes").await;
    assert_eq!(read(&world, &store).send().await.status, 200);
    for (region, status) in [("us-east-1", 200), ("eu-west-1", 403)] {
        let plain = read(&world, &store).signed(service("cloudfront-keyvaluestore", v4(region))).send().await;
        assert_eq!(plain.status, status, "{plain}");
    }
    let other = read(&world, &store).signed(service("cloudfront", v4("us-east-1"))).send().await;
    assert_eq!(other.status, 403, "{other}");
    let unsigned = read(&world, &store).unsigned().send().await;
    let expected = "403 MissingAuthenticationTokenException: Request is missing Authentication Token";
    assert_eq!(unsigned.refusal(), expected);
}

#[tokio::test]
async fn requests_are_counted_by_their_own_names() {
    let world = World::new();
    let store = world.store("routes").await;
    read(&world, &store).send().await;
    write(&world, &store, "{}").if_match(FIRST).send().await;
    write(&world, &store, "{}").if_match(SECOND).send().await;
    let text = world.api.metrics().render().await.unwrap();
    for expected in [
        r#"keyfront_requests_total{service="cloudfront-keyvaluestore",operation="ReadPairs",outcome="ok"} 1"#,
        r#"keyfront_requests_total{service="cloudfront-keyvaluestore",operation="WritePairs",outcome="ok"} 1"#,
        r#"keyfront_requests_total{service="cloudfront-keyvaluestore",operation="WritePairs",outcome="ValidationException"} 1"#,
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} is not in\n{text}");
    }
}
