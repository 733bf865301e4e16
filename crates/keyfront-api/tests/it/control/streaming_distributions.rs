//! The operations on streaming distributions through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;

use super::resources::{ORIGIN_ACCESS_IDENTITIES, ZEROTH, document, made, origin_access_identity, page};
use super::{FIRST, SECOND, list_tags};
use crate::fixture::{Call, STRANGER, World};

const DISTRIBUTIONS: &str = "/2020-05-31/streaming-distribution";
const ABSENT: &str = "404 NoSuchStreamingDistribution: The specified streaming distribution does not exist.";
const NOT_DISABLED: &str = "409 StreamingDistributionNotDisabled: The specified CloudFront distribution is not disabled. \
                            You must disable the distribution before you can delete it.";

/// The elements of a configuration.
fn elements(reference: &str, enabled: bool, more: &str) -> String {
    format!(
        "<CallerReference>{reference}</CallerReference><S3Origin><DomainName>media.s3.amazonaws.com</DomainName>\
         <OriginAccessIdentity></OriginAccessIdentity></S3Origin>{more}<Comment>c</Comment><TrustedSigners><Enabled>\
         false</Enabled><Quantity>0</Quantity></TrustedSigners><Enabled>{enabled}</Enabled>"
    )
}

fn config(reference: &str, enabled: bool, more: &str) -> String {
    document("StreamingDistributionConfig", &elements(reference, enabled, more))
}

fn create(world: &World, body: String) -> Call<'_> {
    world.control("POST", DISTRIBUTIONS).body(body)
}

fn aliases(names: &[&str]) -> String {
    let items = names.iter().map(|name| format!("<CNAME>{name}</CNAME>")).collect::<Vec<_>>().concat();
    format!("<Aliases><Quantity>{}</Quantity><Items>{items}</Items></Aliases>", names.len())
}

#[tokio::test]
async fn a_streaming_distribution_is_completed_deployed_and_listed() {
    let world = World::new();
    let created = create(&world, config("r", true, "")).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/streaming-distribution/E3QWQEP5D66GS3
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <StreamingDistribution xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>E3QWQEP5D66GS3</Id><ARN>arn:aws:cloudfront::111122223333:streaming-distribution/E3QWQEP5D66GS3</ARN><Status>InProgress</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><DomainName>s3qwqep5d66gs2.cloudfront.net</DomainName><ActiveTrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></ActiveTrustedSigners><StreamingDistributionConfig><CallerReference>r</CallerReference><S3Origin><DomainName>media.s3.amazonaws.com</DomainName><OriginAccessIdentity></OriginAccessIdentity></S3Origin><Aliases><Quantity>0</Quantity></Aliases><Comment>c</Comment><Logging><Enabled>false</Enabled><Bucket></Bucket><Prefix></Prefix></Logging><TrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></TrustedSigners><PriceClass>PriceClass_All</PriceClass><Enabled>true</Enabled></StreamingDistributionConfig></StreamingDistribution>
    "#);
    let path = format!("{DISTRIBUTIONS}/{}", created.element("Id"));
    let shown = world.control("GET", &path).send().await;
    assert_eq!(shown.body, created.body.replace(">InProgress<", ">Deployed<"));
    let alone = world.control("GET", format!("{path}/config")).send().await;
    assert_eq!((alone.header("etag"), alone.element("PriceClass")), (ZEROTH, "PriceClass_All"));
    assert_snapshot!(world.control("GET", DISTRIBUTIONS).send().await.body, @r#"
    <?xml version="1.0"?>
    <StreamingDistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><StreamingDistributionSummary><Id>E3QWQEP5D66GS3</Id><ARN>arn:aws:cloudfront::111122223333:streaming-distribution/E3QWQEP5D66GS3</ARN><Status>Deployed</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><DomainName>s3qwqep5d66gs2.cloudfront.net</DomainName><S3Origin><DomainName>media.s3.amazonaws.com</DomainName><OriginAccessIdentity></OriginAccessIdentity></S3Origin><Aliases><Quantity>0</Quantity></Aliases><TrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></TrustedSigners><Comment>c</Comment><PriceClass>PriceClass_All</PriceClass><Enabled>true</Enabled></StreamingDistributionSummary></Items></StreamingDistributionList>
    "#);
    let again = create(&world, config("r", true, "")).send().await;
    assert_eq!((again.status, again.element("Code")), (409, "StreamingDistributionAlreadyExists"));
}

#[tokio::test]
async fn it_is_disabled_before_it_is_deleted() {
    let world = World::new();
    let id = made(create(&world, config("r", true, ""))).await;
    let path = format!("{DISTRIBUTIONS}/{id}");
    assert_eq!(world.control("DELETE", &path).if_match(ZEROTH).send().await.refusal(), NOT_DISABLED);
    let update =
        |etag: &str, body: String| world.control("PUT", format!("{path}/config")).if_match(etag).body(body);
    let cannot = "400 IllegalUpdate: You cannot update Origin or CallerReference.";
    assert_eq!(update(ZEROTH, config("other", false, "")).send().await.refusal(), cannot);
    let moved = config("r", false, "").replace("media.s3", "other.s3");
    assert_eq!(update(ZEROTH, moved).send().await.refusal(), cannot);
    let updated = update(ZEROTH, config("r", false, "")).send().await;
    assert_eq!(
        (updated.status, updated.header("etag"), updated.element("Status")),
        (200, FIRST, "InProgress")
    );
    assert_eq!(update(SECOND, config("r", false, "")).send().await.element("Code"), "PreconditionFailed");
    assert_eq!(world.control("DELETE", &path).if_match(FIRST).by(STRANGER).send().await.refusal(), ABSENT);
    assert_eq!(world.control("DELETE", &path).if_match(FIRST).send().await.status, 204);
    assert_eq!(world.control("GET", &path).send().await.refusal(), ABSENT);
}

#[tokio::test]
async fn tags_come_with_an_operation_of_their_own() {
    let world = World::new();
    let body = document(
        "StreamingDistributionConfigWithTags",
        &format!(
            "<StreamingDistributionConfig>{}</StreamingDistributionConfig><Tags><Items><Tag><Key>team</Key><Value>a\
             </Value></Tag></Items></Tags>",
            elements("r", true, "")
        ),
    );
    let created = world.control("POST", format!("{DISTRIBUTIONS}?WithTags")).body(body).send().await;
    assert_eq!(created.status, 201, "{created}");
    let arn = created.element("ARN");
    assert_eq!(list_tags(&world, arn).send().await.element("Value"), "a");
}

#[tokio::test]
async fn aliases_are_one_distributions_and_an_identity_must_be_there() {
    let world = World::new();
    let first = create(&world, config("a", false, &aliases(&["media.example.com"]))).send().await;
    assert_eq!((first.status, first.element("CNAME")), (201, "media.example.com"));
    let taken = "409 CNAMEAlreadyExists: One or more of the CNAMEs you provided are already associated with a different \
                 resource.";
    let second = || create(&world, config("b", false, &aliases(&["media.example.com"])));
    assert_eq!(second().send().await.refusal(), taken);
    assert_eq!(second().by(STRANGER).send().await.refusal(), taken);
    let path = format!("{DISTRIBUTIONS}/{}", first.element("Id"));
    assert_eq!(world.control("DELETE", path).if_match(ZEROTH).send().await.status, 204);
    made(second()).await;

    let of_identity = |reference: &str, id: &str| {
        let path =
            format!("<OriginAccessIdentity>origin-access-identity/cloudfront/{id}</OriginAccessIdentity>");
        config(reference, false, "").replace("<OriginAccessIdentity></OriginAccessIdentity>", &path)
    };
    let absent = "400 InvalidOriginAccessIdentity: The specified origin access identity does not exist or is not valid.";
    assert_eq!(create(&world, of_identity("c", "E1")).send().await.refusal(), absent);
    let identity =
        made(world.control("POST", ORIGIN_ACCESS_IDENTITIES).body(origin_access_identity("r", ""))).await;
    made(create(&world, of_identity("c", &identity))).await;
    let delete = world.control("DELETE", format!("{ORIGIN_ACCESS_IDENTITIES}/{identity}")).if_match(ZEROTH);
    assert_eq!(delete.send().await.element("Code"), "CloudFrontOriginAccessIdentityInUse");
}

#[tokio::test]
async fn what_a_streaming_distribution_may_not_be() {
    let quotas = Quotas {
        streaming_distributions_per_account: 1,
        aliases_per_streaming_distribution: 1,
        trusted_signers_per_streaming_distribution: 1,
        ..Quotas::default()
    };
    let world = World::with(quotas, Settings::default());
    let signers = |signers: &str| {
        let none = "<TrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></TrustedSigners>";
        let quantity = signers.matches("</AwsAccountNumber>").count();
        let some = format!(
            "<TrustedSigners><Enabled>true</Enabled><Quantity>{quantity}</Quantity><Items>{signers}</Items></TrustedSigners>"
        );
        config("r", true, "").replace(none, &some)
    };
    let own = "<AwsAccountNumber>self</AwsAccountNumber>";
    let mut outcomes = Vec::new();
    for body in [
        config("", true, ""),
        config("r", true, "").replace("media.s3.amazonaws.com", "www.example.com"),
        config("r", true, &aliases(&["A.example.com"])),
        config("r", true, &aliases(&["a.example.com", "b.example.com"])),
        signers(""),
        signers(&own.replace("self", "me")),
        signers(&own.repeat(2)),
        document("StreamingDistributionConfig", ""),
    ] {
        outcomes.push(create(&world, body).send().await.outcome());
    }
    let signed = create(&world, signers(own)).send().await;
    assert_eq!((signed.status, signed.elements("AwsAccountNumber")), (201, vec!["self", "self"]));
    outcomes.push(create(&world, config("more", true, "")).send().await.outcome());
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter CallerReference is required.
    400 InvalidArgument: The parameter Origin DomainName does not refer to a valid S3 bucket.
    400 InvalidArgument: The parameter Aliases is invalid.
    400 TooManyStreamingDistributionCNAMEs: Your request contains more CNAMEs than are allowed per distribution.
    400 InvalidArgument: The parameter TrustedSigners is invalid.
    400 TrustedSignerDoesNotExist: One or more of your trusted signers don't exist.
    400 TooManyTrustedSigners: Your request contains more trusted signers than are allowed per distribution.
    400 MalformedXML: 5 validation errors detected: Value null at 'streamingDistributionConfig.trustedSigners' failed to satisfy constraint: Member must not be null; Value null at 'streamingDistributionConfig.callerReference' failed to satisfy constraint: Member must not be null; Value null at 'streamingDistributionConfig.comment' failed to satisfy constraint: Member must not be null; Value null at 'streamingDistributionConfig.s3Origin' failed to satisfy constraint: Member must not be null; Value null at 'streamingDistributionConfig.enabled' failed to satisfy constraint: Member must not be null
    400 TooManyStreamingDistributions: Processing your request would cause you to exceed the maximum number of streaming distributions allowed.
    ");
}

#[tokio::test]
async fn streaming_distributions_come_page_by_page() {
    let world = World::new();
    let mut ids = Vec::new();
    for reference in ["b", "a"] {
        ids.push(made(create(&world, config(reference, true, ""))).await);
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let first = world.control("GET", format!("{DISTRIBUTIONS}?MaxItems=1")).send().await;
    assert_eq!(page(&first, "Id"), format!("{} …", ids[0]));
    let second = world.control("GET", format!("{DISTRIBUTIONS}?Marker={}", ids[0])).send().await;
    assert_eq!(page(&second, "Id"), ids[1]);
}
