//! The operations on origin access controls through the whole pipeline, with their full responses.

use insta::assert_snapshot;

use super::resources::{ORIGIN_ACCESS_CONTROLS, ZEROTH, document, made, origin_access_control};
use crate::fixture::World;

#[tokio::test]
async fn an_origin_access_control_is_created_shown_and_listed() {
    let world = World::new();
    let create = world.control("POST", ORIGIN_ACCESS_CONTROLS).body(origin_access_control("site"));
    let created = create.send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/origin-access-control/E3QWQEP5D66GS3
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <OriginAccessControl xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>E3QWQEP5D66GS3</Id><OriginAccessControlConfig><Name>site</Name><Description>for a test</Description><SigningProtocol>sigv4</SigningProtocol><SigningBehavior>always</SigningBehavior><OriginAccessControlOriginType>s3</OriginAccessControlOriginType></OriginAccessControlConfig></OriginAccessControl>
    "#);
    let path = format!("{ORIGIN_ACCESS_CONTROLS}/{}", created.element("Id"));
    assert_snapshot!(world.control("GET", format!("{path}/config")).send().await, @r#"
    200
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <OriginAccessControlConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>site</Name><Description>for a test</Description><SigningProtocol>sigv4</SigningProtocol><SigningBehavior>always</SigningBehavior><OriginAccessControlOriginType>s3</OriginAccessControlOriginType></OriginAccessControlConfig>
    "#);
    assert_snapshot!(world.control("GET", ORIGIN_ACCESS_CONTROLS).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <OriginAccessControlList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><OriginAccessControlSummary><Id>E3QWQEP5D66GS3</Id><Description>for a test</Description><Name>site</Name><SigningProtocol>sigv4</SigningProtocol><SigningBehavior>always</SigningBehavior><OriginAccessControlOriginType>s3</OriginAccessControlOriginType></OriginAccessControlSummary></Items></OriginAccessControlList>
    "#);
}

/// Compatibility decision: a description that was left out comes back empty.
#[tokio::test]
async fn a_description_may_be_left_out() {
    let world = World::new();
    let body = origin_access_control("site").replace("<Description>for a test</Description>", "");
    let created = world.control("POST", ORIGIN_ACCESS_CONTROLS).body(body).send().await;
    assert_eq!((created.status, created.element("Description")), (201, ""));
}

#[tokio::test]
async fn every_member_can_change_and_a_name_must_be_free() {
    let world = World::new();
    made(world.control("POST", ORIGIN_ACCESS_CONTROLS).body(origin_access_control("taken"))).await;
    let id = made(world.control("POST", ORIGIN_ACCESS_CONTROLS).body(origin_access_control("site"))).await;
    let update = |body: String| {
        world.control("PUT", format!("{ORIGIN_ACCESS_CONTROLS}/{id}/config")).if_match(ZEROTH).body(body)
    };
    let taken =
        "409 OriginAccessControlAlreadyExists: An origin access control with the same name already exists.";
    assert_eq!(update(origin_access_control("taken")).send().await.refusal(), taken);
    let changed = origin_access_control("other").replace(">s3<", ">lambda<").replace(">always<", ">never<");
    let updated = update(changed).send().await;
    let members =
        ["Name", "SigningBehavior", "OriginAccessControlOriginType"].map(|name| updated.element(name));
    assert_eq!(members, ["other", "never", "lambda"]);
    made(world.control("POST", ORIGIN_ACCESS_CONTROLS).body(origin_access_control("site"))).await;
}

#[tokio::test]
async fn what_an_origin_access_control_may_not_be() {
    let world = World::new();
    let good = origin_access_control("site");
    let mut outcomes = Vec::new();
    for body in [
        origin_access_control(""),
        origin_access_control(&"n".repeat(65)),
        good.replace("for a test", &"d".repeat(257)),
        good.replace("sigv4", "sigv3"),
        good.replace("<SigningBehavior>always</SigningBehavior>", ""),
        document("OriginAccessControlConfig", ""),
    ] {
        outcomes.push(world.control("POST", ORIGIN_ACCESS_CONTROLS).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter Name is required.
    400 InvalidArgument: The parameter Name is too big.
    400 InvalidArgument: The parameter Description is too big.
    400 MalformedXML: 1 validation error detected: Value 'sigv3' at 'originAccessControlConfig.signingProtocol' failed to satisfy constraint: Member must satisfy value set: [sigv4]
    400 MalformedXML: 1 validation error detected: Value null at 'originAccessControlConfig.signingBehavior' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 4 validation errors detected: Value null at 'originAccessControlConfig.signingProtocol' failed to satisfy constraint: Member must not be null; Value null at 'originAccessControlConfig.originAccessControlOriginType' failed to satisfy constraint: Member must not be null; Value null at 'originAccessControlConfig.signingBehavior' failed to satisfy constraint: Member must not be null; Value null at 'originAccessControlConfig.name' failed to satisfy constraint: Member must not be null
    ");
}
