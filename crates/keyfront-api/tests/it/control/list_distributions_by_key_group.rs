//! `ListDistributionsByKeyGroup` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::FIRST;
use super::resources::{KEY_GROUPS, key_group, made, made_key};
use crate::fixture::World;

const DISTRIBUTIONS: &str = "/2020-05-31/distributionsByKeyGroupId";

/// Makes something refer to a key group.
async fn refer(world: &World, group: &str, referrer: &str) {
    world.refer(referrer, &format!("arn:aws:cloudfront::111122223333:key-group/{group}")).await;
}

#[tokio::test]
async fn a_key_group_lists_the_distributions_that_trust_it() {
    let world = World::new();
    let key = made_key(&world, "key").await;
    let group = made(world.control("POST", KEY_GROUPS).body(key_group("group", &[&key]))).await;
    let path = format!("{DISTRIBUTIONS}/{group}");
    assert_snapshot!(world.control("GET", &path).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <DistributionIdList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>0</Quantity></DistributionIdList>
    "#);
    for id in ["E3", "E1", "E2"] {
        refer(&world, &group, &format!("distribution/{id}")).await;
    }
    refer(&world, &group, "distribution-tenant/dt1").await;
    assert_snapshot!(world.control("GET", format!("{path}?MaxItems=2")).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    <?xml version="1.0"?>
    <DistributionIdList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><NextMarker>E2</NextMarker><MaxItems>2</MaxItems><IsTruncated>true</IsTruncated><Quantity>2</Quantity><Items><DistributionId>E1</DistributionId><DistributionId>E2</DistributionId></Items></DistributionIdList>
    "#);
    assert_snapshot!(world.control("GET", format!("{path}?MaxItems=2&Marker=E2")).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <DistributionIdList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker>E2</Marker><MaxItems>2</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionId>E3</DistributionId></Items></DistributionIdList>
    "#);
    let delete = world.control("DELETE", format!("{KEY_GROUPS}/{group}")).if_match(FIRST).send().await;
    assert_eq!(delete.refusal(), "409 ResourceInUse: Cannot delete this resource because it is in use.");
}

#[tokio::test]
async fn an_unknown_group_and_a_marker_that_is_no_id_are_refused() {
    let world = World::new();
    let key = made_key(&world, "key").await;
    let group = made(world.control("POST", KEY_GROUPS).body(key_group("group", &[&key]))).await;
    let mut outcomes = Vec::new();
    for path in [
        "nothing".to_owned(),
        format!("{group}?Marker=x"),
        format!("{group}?Marker="),
        format!("{group}?MaxItems=0"),
    ] {
        outcomes.push(world.control("GET", format!("{DISTRIBUTIONS}/{path}")).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    404 NoSuchResource: A resource that was specified is not valid.
    400 InvalidArgument: The parameter Marker is not valid.
    200
    400 InvalidArgument: The parameter MaxItems is not valid.
    ");
}
