//! What is counted.

use crate::fixture::World;

#[tokio::test]
async fn requests_are_counted_by_operation_and_outcome_and_nothing_of_the_client() {
    let world = World::new();
    let store = world.store("routes").await;
    world.control("GET", store.control_path()).send().await;
    world.control("GET", store.control_path()).send().await;
    world.control("GET", "/2020-05-31/key-value-store/evil").send().await;
    world.control("GET", store.control_path()).unsigned().send().await;
    world.control("GET", "/2020-05-31/evil").send().await;
    world.query("sts", "Action=GetCallerIdentity&Version=2011-06-15").send().await;
    world.query("sts", "Action=Evil&Version=2011-06-15").send().await;
    let text = world.api.metrics().render().await.unwrap();
    for expected in [
        r#"keyfront_requests_total{service="cloudfront",operation="CreateKeyValueStore",outcome="ok"} 1"#,
        r#"keyfront_requests_total{service="cloudfront",operation="DescribeKeyValueStore",outcome="ok"} 2"#,
        r#"keyfront_requests_total{service="cloudfront",operation="DescribeKeyValueStore",outcome="EntityNotFound"} 1"#,
        r#"keyfront_requests_total{service="cloudfront",operation="DescribeKeyValueStore",outcome="MissingAuthenticationToken"} 1"#,
        r#"keyfront_requests_total{service="cloudfront",operation="none",outcome="InvalidURI"} 1"#,
        r#"keyfront_requests_total{service="sts",operation="none",outcome="InvalidAction"} 1"#,
        r#"keyfront_requests_total{service="sts",operation="GetCallerIdentity",outcome="ok"} 1"#,
        r#"keyfront_request_duration_seconds_count{service="cloudfront",operation="DescribeKeyValueStore"} 4"#,
        "keyfront_store_commits_total 1",
        "keyfront_key_value_stores 1",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} is not in\n{text}");
    }
    assert!(!text.to_lowercase().contains("evil"), "{text}");
}
