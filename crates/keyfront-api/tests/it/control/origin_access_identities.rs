//! The operations on origin access identities through the whole pipeline, with their full responses.

use insta::assert_snapshot;

use super::resources::{ORIGIN_ACCESS_IDENTITIES, ZEROTH, document, made, origin_access_identity};
use super::{FIRST, SECOND};
use crate::fixture::World;

#[tokio::test]
async fn an_identity_is_created_shown_and_listed() {
    let world = World::new();
    let create = world.control("POST", ORIGIN_ACCESS_IDENTITIES).body(origin_access_identity("r", "site"));
    let created = create.send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/origin-access-identity/cloudfront/E3QWQEP5D66GS3
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <CloudFrontOriginAccessIdentity xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>E3QWQEP5D66GS3</Id><S3CanonicalUserId>54947df80e9e4471a2f900000000000354947df80e9e4471a2f900000000000454947df80e9e4471a2f9000000000005</S3CanonicalUserId><CloudFrontOriginAccessIdentityConfig><CallerReference>r</CallerReference><Comment>site</Comment></CloudFrontOriginAccessIdentityConfig></CloudFrontOriginAccessIdentity>
    "#);
    let path = format!("{ORIGIN_ACCESS_IDENTITIES}/{}", created.element("Id"));
    assert_snapshot!(world.control("GET", format!("{path}/config")).send().await.body, @r#"
    <?xml version="1.0"?>
    <CloudFrontOriginAccessIdentityConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>r</CallerReference><Comment>site</Comment></CloudFrontOriginAccessIdentityConfig>
    "#);
    assert_snapshot!(world.control("GET", ORIGIN_ACCESS_IDENTITIES).send().await.body, @r#"
    <?xml version="1.0"?>
    <CloudFrontOriginAccessIdentityList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><CloudFrontOriginAccessIdentitySummary><Id>E3QWQEP5D66GS3</Id><S3CanonicalUserId>54947df80e9e4471a2f900000000000354947df80e9e4471a2f900000000000454947df80e9e4471a2f9000000000005</S3CanonicalUserId><Comment>site</Comment></CloudFrontOriginAccessIdentitySummary></Items></CloudFrontOriginAccessIdentityList>
    "#);
}

#[tokio::test]
async fn the_same_request_answers_the_same_identity() {
    let world = World::new();
    let create = |comment: &str| {
        world.control("POST", ORIGIN_ACCESS_IDENTITIES).body(origin_access_identity("r", comment))
    };
    let first = create("c").send().await;
    let second = create("c").send().await;
    assert_eq!((second.status, second.body), (201, first.body.clone()));
    assert_eq!((second.headers["location"].as_bytes(), second.headers["etag"].as_bytes()), {
        (first.headers["location"].as_bytes(), first.headers["etag"].as_bytes())
    });
    let other = create("d").send().await;
    assert_eq!(other.status, 409, "{other}");
    assert_eq!(other.element("Code"), "CloudFrontOriginAccessIdentityAlreadyExists");
    let path = format!("{ORIGIN_ACCESS_IDENTITIES}/{}", first.element("Id"));
    assert_eq!(world.control("DELETE", path).if_match(ZEROTH).send().await.status, 204);
    assert_ne!(made(create("c")).await, first.element("Id"));
}

#[tokio::test]
async fn only_the_comment_changes_and_the_user_of_s3_stays() {
    let world = World::new();
    let created =
        world.control("POST", ORIGIN_ACCESS_IDENTITIES).body(origin_access_identity("r", "c")).send().await;
    let path = format!("{ORIGIN_ACCESS_IDENTITIES}/{}/config", created.element("Id"));
    let update = |etag: &str, reference: &str| {
        world.control("PUT", &path).if_match(etag).body(origin_access_identity(reference, ""))
    };
    let refused = "400 IllegalUpdate: The update contains modifications that are not allowed.";
    assert_eq!(update(ZEROTH, "other").send().await.refusal(), refused);
    let updated = update(ZEROTH, "r").send().await;
    assert_eq!((updated.status, updated.header("etag"), updated.element("Comment")), (200, FIRST, ""));
    assert_eq!(updated.element("S3CanonicalUserId"), created.element("S3CanonicalUserId"));
    assert_eq!(update(FIRST, "r").send().await.header("etag"), SECOND);
}

#[tokio::test]
async fn an_identity_in_use_is_kept() {
    let world = World::new();
    let id =
        made(world.control("POST", ORIGIN_ACCESS_IDENTITIES).body(origin_access_identity("r", ""))).await;
    let arn = format!("arn:aws:cloudfront::111122223333:origin-access-identity/{id}");
    world.refer("distribution/E1", &arn).await;
    let delete = || world.control("DELETE", format!("{ORIGIN_ACCESS_IDENTITIES}/{id}")).if_match(ZEROTH);
    let in_use =
        "409 CloudFrontOriginAccessIdentityInUse: The CloudFront origin access identity is still being used.";
    assert_eq!(delete().send().await.refusal(), in_use);
    world.let_go("distribution/E1").await;
    assert_eq!(delete().send().await.status, 204);
}

#[tokio::test]
async fn what_an_identity_may_not_be() {
    let world = World::new();
    let mut outcomes = Vec::new();
    for body in [
        origin_access_identity("", "c"),
        origin_access_identity("r", &"c".repeat(129)),
        document("CloudFrontOriginAccessIdentityConfig", "<CallerReference>r</CallerReference>"),
        String::new(),
    ] {
        outcomes.push(world.control("POST", ORIGIN_ACCESS_IDENTITIES).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter CallerReference is required.
    400 InvalidArgument: The parameter Comment is too big.
    400 MalformedXML: 1 validation error detected: Value null at 'cloudFrontOriginAccessIdentityConfig.comment' failed to satisfy constraint: Member must not be null
    400 MissingBody: This operation requires a body. Ensure that the body is present and the Content-Type header is set.
    ");
}
