//! The operations on monitoring subscriptions through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_store::resources::Content;

use super::resources::document;
use crate::fixture::{Call, STRANGER, World};

const PATH: &str = "/2020-05-31/distributions/E1/monitoring-subscription";
const NO_SUBSCRIPTION: &str = "404 NoSuchMonitoringSubscription: A monitoring subscription does not exist for the \
                               specified distribution.";
const NO_DISTRIBUTION: &str = "404 NoSuchDistribution: The specified distribution does not exist.";
const EXISTS: &str = "409 MonitoringSubscriptionAlreadyExists: A monitoring subscription already exists for this \
                      distribution";

/// A world with the distribution `E1`.
async fn world() -> World {
    let world = World::new();
    world.put_resource("distribution/E1", Content::default()).await;
    world
}

fn create<'w>(world: &'w World, status: &str) -> Call<'w> {
    let status = format!("<RealtimeMetricsSubscriptionStatus>{status}</RealtimeMetricsSubscriptionStatus>");
    let config = format!("<RealtimeMetricsSubscriptionConfig>{status}</RealtimeMetricsSubscriptionConfig>");
    world.control("POST", PATH).body(document("MonitoringSubscription", &config))
}

#[tokio::test]
async fn a_subscription_is_made_shown_and_ended() {
    let world = world().await;
    assert_eq!(world.control("GET", PATH).send().await.refusal(), NO_SUBSCRIPTION);
    let created = create(&world, "Enabled").send().await;
    assert_snapshot!(created, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <MonitoringSubscription xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><RealtimeMetricsSubscriptionConfig><RealtimeMetricsSubscriptionStatus>Enabled</RealtimeMetricsSubscriptionStatus></RealtimeMetricsSubscriptionConfig></MonitoringSubscription>
    "#);
    let shown = world.control("GET", PATH).send().await;
    assert_eq!((shown.status, shown.body), (200, created.body));
    for status in ["Enabled", "Disabled"] {
        assert_eq!(create(&world, status).send().await.refusal(), EXISTS);
    }
    let ended = world.control("DELETE", PATH).send().await;
    assert_eq!(ended.status, 200, "{ended}");
    for method in ["GET", "DELETE"] {
        assert_eq!(world.control(method, PATH).send().await.refusal(), NO_SUBSCRIPTION);
    }
    assert_eq!(create(&world, "Enabled").send().await.status, 200);
}

/// As on AWS: the answer is that of a success.
#[tokio::test]
async fn a_subscription_that_is_disabled_is_not_made() {
    let world = world().await;
    let created = create(&world, "Disabled").send().await;
    assert_eq!((created.status, created.element("RealtimeMetricsSubscriptionStatus")), (200, "Disabled"));
    assert_eq!(world.control("GET", PATH).send().await.refusal(), NO_SUBSCRIPTION);
}

#[tokio::test]
async fn a_subscription_needs_a_distribution_and_goes_with_it() {
    let world = world().await;
    for call in [create(&world, "Enabled"), world.control("GET", PATH), world.control("DELETE", PATH)] {
        assert_eq!(call.by(STRANGER).send().await.refusal(), NO_DISTRIBUTION);
    }
    assert_eq!(create(&world, "Enabled").send().await.status, 200);
    world.let_go("distribution/E1").await;
    for call in [create(&world, "Enabled"), world.control("GET", PATH), world.control("DELETE", PATH)] {
        assert_eq!(call.send().await.refusal(), NO_DISTRIBUTION);
    }
}

#[tokio::test]
async fn a_subscription_says_what_is_subscribed_to() {
    let world = world().await;
    let create =
        |elements: &str| world.control("POST", PATH).body(document("MonitoringSubscription", elements));
    let required = "400 InvalidArgument: The parameter RealtimeMetricsSubscriptionConfig is required.";
    assert_eq!(create("").send().await.refusal(), required);
    let wrong = "<RealtimeMetricsSubscriptionConfig><RealtimeMetricsSubscriptionStatus>On\
                 </RealtimeMetricsSubscriptionStatus></RealtimeMetricsSubscriptionConfig>";
    assert_eq!(create(wrong).send().await.element("Code"), "MalformedXML");
}
