//! The operations on distributions through the whole pipeline.

use insta::assert_snapshot;
use keyfront_domain::Quotas;
use serde_json::json;

use super::entities::{TRUST_STORES, distribution, settle, slow_world};
use super::resources::{
    CACHE_POLICIES, ORIGIN_ACCESS_CONTROLS, ZEROTH, cache_policy, document, made, origin_access_control, page,
};
use super::vpc_origins::made as made_vpc_origin;
use super::{FIRST, SECOND, functions, trust_stores};
use crate::fixture::{ADMIN, Answer, CERTIFICATE, STRANGER, World};

pub(super) const DISTRIBUTIONS: &str = "/2020-05-31/distribution";

/// The elements that a create must have, with a custom origin.
pub(super) fn minimal(reference: &str) -> String {
    format!(
        "<CallerReference>{reference}</CallerReference><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id>\
         <DomainName>origin.example.com</DomainName><CustomOriginConfig><HTTPPort>80</HTTPPort>\
         <HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy><OriginSslProtocols>\
         <Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol></Items></OriginSslProtocols>\
         </CustomOriginConfig></Origin></Items></Origins>{}<Comment></Comment><Enabled>true</Enabled>",
        behavior("")
    )
}

/// A default cache behavior with a managed cache policy and more elements.
fn behavior(more: &str) -> String {
    format!(
        "<DefaultCacheBehavior><TargetOriginId>o</TargetOriginId>\
         <ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>{more}\
         <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId></DefaultCacheBehavior>"
    )
}

pub(super) fn config(elements: &str) -> String {
    document("DistributionConfig", elements)
}

/// The configuration in an answer, as a client sends it back.
pub(super) fn sent_back(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("<DistributionConfig>").unwrap();
    rest.split_once("</DistributionConfig>").unwrap().0.to_owned()
}

/// Everything that the service fills in is there, and the next look finds it deployed.
#[tokio::test]
async fn a_distribution_is_created_completed_and_deployed() {
    let world = World::new();
    let created = world.control("POST", DISTRIBUTIONS).body(config(&minimal("first"))).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/distribution/E3QWQEP5D66GS3
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <Distribution xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>E3QWQEP5D66GS3</Id><ARN>arn:aws:cloudfront::111122223333:distribution/E3QWQEP5D66GS3</ARN><Status>InProgress</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><InProgressInvalidationBatches>0</InProgressInvalidationBatches><DomainName>d3qwqep5d66gs2.cloudfront.net</DomainName><ActiveTrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></ActiveTrustedSigners><ActiveTrustedKeyGroups><Enabled>false</Enabled><Quantity>0</Quantity></ActiveTrustedKeyGroups><DistributionConfig><CallerReference>first</CallerReference><Aliases><Quantity>0</Quantity></Aliases><DefaultRootObject></DefaultRootObject><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>origin.example.com</DomainName><OriginPath></OriginPath><CustomHeaders><Quantity>0</Quantity></CustomHeaders><CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol></Items></OriginSslProtocols><OriginReadTimeout>30</OriginReadTimeout><OriginKeepaliveTimeout>5</OriginKeepaliveTimeout></CustomOriginConfig><ConnectionAttempts>3</ConnectionAttempts><ConnectionTimeout>10</ConnectionTimeout><OriginShield><Enabled>false</Enabled></OriginShield><OriginAccessControlId></OriginAccessControlId></Origin></Items></Origins><OriginGroups><Quantity>0</Quantity></OriginGroups><DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><TrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></TrustedSigners><TrustedKeyGroups><Enabled>false</Enabled><Quantity>0</Quantity></TrustedKeyGroups><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy><AllowedMethods><Quantity>2</Quantity><Items><Method>HEAD</Method><Method>GET</Method></Items><CachedMethods><Quantity>2</Quantity><Items><Method>HEAD</Method><Method>GET</Method></Items></CachedMethods></AllowedMethods><SmoothStreaming>false</SmoothStreaming><Compress>false</Compress><LambdaFunctionAssociations><Quantity>0</Quantity></LambdaFunctionAssociations><FunctionAssociations><Quantity>0</Quantity></FunctionAssociations><FieldLevelEncryptionId></FieldLevelEncryptionId><CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId><GrpcConfig><Enabled>false</Enabled></GrpcConfig></DefaultCacheBehavior><CacheBehaviors><Quantity>0</Quantity></CacheBehaviors><CustomErrorResponses><Quantity>0</Quantity></CustomErrorResponses><Comment></Comment><Logging><Enabled>false</Enabled><IncludeCookies>false</IncludeCookies><Bucket></Bucket><Prefix></Prefix></Logging><PriceClass>PriceClass_All</PriceClass><Enabled>true</Enabled><ViewerCertificate><CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate><SSLSupportMethod>vip</SSLSupportMethod><MinimumProtocolVersion>TLSv1</MinimumProtocolVersion><CertificateSource>cloudfront</CertificateSource></ViewerCertificate><Restrictions><GeoRestriction><RestrictionType>none</RestrictionType><Quantity>0</Quantity></GeoRestriction></Restrictions><WebACLId></WebACLId><HttpVersion>http2</HttpVersion><IsIPV6Enabled>true</IsIPV6Enabled><ContinuousDeploymentPolicyId></ContinuousDeploymentPolicyId><Staging>false</Staging></DistributionConfig></Distribution>
    "#);
    let path = format!("{DISTRIBUTIONS}/{}", created.element("Id"));
    let read = world.control("GET", &path).send().await;
    assert_eq!((read.status, read.element("Status")), (200, "Deployed"));
    assert_eq!(read.body.replace("Deployed", "InProgress"), created.body);
    let shown = world.control("GET", format!("{path}/config")).send().await;
    assert_eq!((shown.status, shown.header("etag")), (200, ZEROTH));
}

#[tokio::test]
async fn a_list_shows_summaries_with_the_version_of_http_in_capitals() {
    let world = World::new();
    made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("first")))).await;
    assert_snapshot!(world.control("GET", DISTRIBUTIONS).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary><Id>E3QWQEP5D66GS3</Id><ARN>arn:aws:cloudfront::111122223333:distribution/E3QWQEP5D66GS3</ARN><ETag>E23ZP02F085DFQ</ETag><Status>Deployed</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><DomainName>d3qwqep5d66gs2.cloudfront.net</DomainName><Aliases><Quantity>0</Quantity></Aliases><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>origin.example.com</DomainName><OriginPath></OriginPath><CustomHeaders><Quantity>0</Quantity></CustomHeaders><CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol></Items></OriginSslProtocols><OriginReadTimeout>30</OriginReadTimeout><OriginKeepaliveTimeout>5</OriginKeepaliveTimeout></CustomOriginConfig><ConnectionAttempts>3</ConnectionAttempts><ConnectionTimeout>10</ConnectionTimeout><OriginShield><Enabled>false</Enabled></OriginShield><OriginAccessControlId></OriginAccessControlId></Origin></Items></Origins><OriginGroups><Quantity>0</Quantity></OriginGroups><DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><TrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></TrustedSigners><TrustedKeyGroups><Enabled>false</Enabled><Quantity>0</Quantity></TrustedKeyGroups><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy><AllowedMethods><Quantity>2</Quantity><Items><Method>HEAD</Method><Method>GET</Method></Items><CachedMethods><Quantity>2</Quantity><Items><Method>HEAD</Method><Method>GET</Method></Items></CachedMethods></AllowedMethods><SmoothStreaming>false</SmoothStreaming><Compress>false</Compress><LambdaFunctionAssociations><Quantity>0</Quantity></LambdaFunctionAssociations><FunctionAssociations><Quantity>0</Quantity></FunctionAssociations><FieldLevelEncryptionId></FieldLevelEncryptionId><CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId><GrpcConfig><Enabled>false</Enabled></GrpcConfig></DefaultCacheBehavior><CacheBehaviors><Quantity>0</Quantity></CacheBehaviors><CustomErrorResponses><Quantity>0</Quantity></CustomErrorResponses><Comment></Comment><PriceClass>PriceClass_All</PriceClass><Enabled>true</Enabled><ViewerCertificate><CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate><SSLSupportMethod>vip</SSLSupportMethod><MinimumProtocolVersion>TLSv1</MinimumProtocolVersion><CertificateSource>cloudfront</CertificateSource></ViewerCertificate><Restrictions><GeoRestriction><RestrictionType>none</RestrictionType><Quantity>0</Quantity></GeoRestriction></Restrictions><WebACLId></WebACLId><HttpVersion>HTTP2</HttpVersion><IsIPV6Enabled>true</IsIPV6Enabled><Staging>false</Staging><ConnectionMode>direct</ConnectionMode></DistributionSummary></Items></DistributionList>
    "#);
}

/// A fault holds a distribution back: until it is removed, or for its time on top of the usual one.
#[tokio::test]
async fn a_fault_keeps_a_distribution_in_progress() {
    let world = World::new();
    let fault = |rule: &str| world.api.set_fault(rule.parse().unwrap()).unwrap().id;
    let create = |reference: &str| world.control("POST", DISTRIBUTIONS).body(config(&minimal(reference)));
    let status = async |id: &str| {
        let read = world.control("GET", format!("{DISTRIBUTIONS}/{id}")).send().await;
        read.element("Status").to_owned()
    };
    let held = fault("CreateDistribution=provisioning,count=1");
    let first = made(create("first")).await;
    assert_eq!(status(&first).await, "InProgress");
    assert_eq!(world.control("GET", DISTRIBUTIONS).send().await.element("Status"), "InProgress");
    world.api.context().faults.remove(held).unwrap();
    assert_eq!(status(&first).await, "Deployed");
    let listed = async || {
        let page = world.control("GET", DISTRIBUTIONS).send().await;
        page.elements("Status").join(" ")
    };
    assert_eq!(listed().await, "Deployed");
    fault("CreateDistribution=provisioning,seconds=60,count=1");
    let second = made(create("second")).await;
    assert_eq!(status(&second).await, "InProgress");
    assert_eq!(listed().await, "Deployed InProgress");
    world.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(status(&second).await, "Deployed");
    assert_eq!(listed().await, "Deployed Deployed");
    assert_eq!(world.api.context().faults.list(), []);
}

/// A summary that was shown before is shown again as long as nothing about it changes, and no longer.
#[tokio::test]
async fn a_list_follows_every_change() {
    let world = World::new();
    let created = world.control("POST", DISTRIBUTIONS).body(config(&minimal("first"))).send().await;
    let path = format!("{DISTRIBUTIONS}/{}", created.element("Id"));
    let listed = async || world.control("GET", DISTRIBUTIONS).send().await;
    let first = listed().await;
    assert_eq!(listed().await.body, first.body);
    assert_eq!((first.element("ETag"), first.element("Comment")), (ZEROTH, ""));
    let changed = sent_back(&created).replace("<Comment></Comment>", "<Comment>new</Comment>");
    let update = world.control("PUT", format!("{path}/config")).if_match(ZEROTH).body(config(&changed));
    assert_eq!(update.send().await.status, 200);
    let second = listed().await;
    assert_eq!((second.element("ETag"), second.element("Comment")), (FIRST, "new"));
    made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("second")))).await;
    assert_eq!(listed().await.element("Quantity"), "2");
    let strangers = world.control("GET", DISTRIBUTIONS).by(STRANGER).send().await;
    assert_eq!(strangers.element("Quantity"), "0");
}

/// Disable, wait, delete: the way of every client.
#[tokio::test]
async fn a_distribution_is_disabled_before_it_is_deleted() {
    let world = World::new();
    let created = world.control("POST", DISTRIBUTIONS).body(config(&minimal("first"))).send().await;
    let path = &format!("{DISTRIBUTIONS}/{}", created.element("Id"));
    let delete = |etag| world.control("DELETE", path).if_match(etag).send();
    let not_disabled =
        "409 DistributionNotDisabled: The distribution you are trying to delete has not been disabled.";
    assert_eq!(delete(ZEROTH).await.refusal(), not_disabled);
    let disabled = sent_back(&created)
        .replace("<Enabled>true</Enabled><ViewerCert", "<Enabled>false</Enabled><ViewerCert");
    let update = || world.control("PUT", format!("{path}/config")).body(config(&disabled));
    assert_eq!(
        update().send().await.refusal(),
        "400 InvalidIfMatchVersion: The If-Match version is missing or not valid for the resource."
    );
    let updated = update().if_match(ZEROTH).send().await;
    assert_eq!((updated.status, updated.header("etag")), (200, FIRST), "{updated}");
    assert_eq!(updated.element("Status"), "InProgress");
    assert!(delete(ZEROTH).await.refusal().starts_with("412 PreconditionFailed"));
    assert_eq!(delete(FIRST).await.status, 204);
    let gone = "404 NoSuchDistribution: The specified distribution does not exist.";
    assert_eq!(world.control("GET", path).send().await.refusal(), gone);
    assert_eq!(delete(FIRST).await.refusal(), gone);
}

#[tokio::test]
async fn a_caller_reference_is_never_used_again_while_its_distribution_lives() {
    let world = World::new();
    let create = || world.control("POST", DISTRIBUTIONS).body(config(&minimal("first")));
    let id = made(create()).await;
    let refused = format!(
        "409 DistributionAlreadyExists: The caller reference that you are using to create a distribution is \
         associated with another distribution. Already exists: {id}"
    );
    assert_eq!(create().send().await.refusal(), refused);
    let other = world.control("POST", DISTRIBUTIONS).by(STRANGER).body(config(&minimal("first")));
    assert_eq!(other.send().await.status, 201);
}

#[tokio::test]
async fn tags_come_with_a_distribution() {
    let world = World::new();
    let body = document(
        "DistributionConfigWithTags",
        &format!(
            "<DistributionConfig>{}</DistributionConfig><Tags><Items><Tag><Key>team</Key><Value>web</Value></Tag>\
             </Items></Tags>",
            minimal("first")
        ),
    );
    let created = world.control("POST", format!("{DISTRIBUTIONS}?WithTags")).body(body).send().await;
    assert_eq!(created.status, 201, "{created}");
    assert!(!created.body.contains("team"));
    let arn = created.element("ARN").to_owned();
    let tags = world.control("GET", format!("/2020-05-31/tagging?Resource={arn}")).send().await;
    assert_eq!((tags.element("Key"), tags.element("Value")), ("team", "web"));
    let body = document(
        "DistributionConfigWithTags",
        &format!(
            "<DistributionConfig>{}</DistributionConfig><Tags><Items><Tag><Key>aws:own</Key></Tag></Items></Tags>",
            minimal("second")
        ),
    );
    let refused = world.control("POST", format!("{DISTRIBUTIONS}?WithTags")).body(body).send().await;
    assert_eq!(refused.refusal(), "400 InvalidTagging: Tag key cannot start with 'aws:'.");
}

#[tokio::test]
async fn what_a_distribution_refers_to_must_be_there_and_stays() {
    let world = World::new();
    let create = |reference: &str, from: &str, to: &str| {
        let body = config(&minimal(reference).replace(from, to));
        world.control("POST", DISTRIBUTIONS).body(body)
    };
    let managed = "658327ea-f89d-4fab-a63d-7e88639e58f6";
    let unknown = create("first", managed, "54947df8-0e9e-4471-a2f9-000000000000").send().await;
    assert_eq!(unknown.refusal(), "404 NoSuchCachePolicy: The specified cache policy does not exist.");
    let policy = made(world.control("POST", CACHE_POLICIES).body(cache_policy("pages"))).await;
    let distribution = made(create("first", managed, &policy)).await;
    let delete = || world.control("DELETE", format!("{CACHE_POLICIES}/{policy}")).if_match(ZEROTH);
    let in_use = "409 CachePolicyInUse: The specified cache policy is currently associated with a cache behavior. \
                  Please disassociate the policy before deleting.";
    assert_eq!(delete().send().await.refusal(), in_use);
    for (id, expected) in [(policy.as_str(), distribution.as_str()), (managed, "")] {
        let path = format!("/2020-05-31/distributionsByCachePolicyId/{id}");
        assert_eq!(page(&world.control("GET", path).send().await, "DistributionId"), expected, "{id}");
    }
}

/// A function is DEPLOYED while a distribution uses it, and cannot be deleted.
#[tokio::test]
async fn a_function_of_a_distribution_is_deployed_and_in_use() {
    let world = World::new();
    let function = "arn:aws:cloudfront::111122223333:function/redirect";
    let with_function = minimal("first").replace(
        "<CachePolicyId>",
        &format!(
            "<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>{function}\
             </FunctionARN><EventType>viewer-request</EventType></FunctionAssociation></Items>\
             </FunctionAssociations><CachePolicyId>"
        ),
    );
    let distribution = || world.control("POST", DISTRIBUTIONS).body(config(&with_function));
    let invalid = "400 InvalidFunctionAssociation: The parameter FunctionAssociationArn is invalid";
    assert_eq!(distribution().send().await.refusal(), invalid, "no such function");
    let function_elements = format!(
        "<Name>redirect</Name>{}{}",
        functions::config("", ""),
        functions::code("function handler(event) { return event.request }")
    );
    let created = functions::create(&world, &function_elements).send().await;
    assert_eq!(created.status, 201, "{created}");
    assert_eq!(distribution().send().await.refusal(), invalid, "only in DEVELOPMENT");
    let path = "/2020-05-31/function/redirect";
    assert_eq!(world.control("POST", format!("{path}/publish")).if_match(FIRST).send().await.status, 200);
    let described = || world.control("GET", format!("{path}/describe?Stage=LIVE")).send();
    assert_eq!(described().await.element("Status"), "UNASSOCIATED");
    let created = distribution().send().await;
    assert_eq!(created.status, 201, "{created}");
    assert_eq!(described().await.element("Status"), "DEPLOYED");
    let deleted = world.control("DELETE", path).if_match(FIRST).send().await;
    let in_use = "409 FunctionInUse: Cannot delete function redirect, it is in use by 1 distributions";
    assert_eq!(deleted.refusal(), in_use);
}

/// An origin access control is for one kind of origin.
#[tokio::test]
async fn an_origin_access_control_fits_its_origin() {
    let world = World::new();
    let control = made(world.control("POST", ORIGIN_ACCESS_CONTROLS).body(origin_access_control("s3"))).await;
    let with_control = |config: &str| {
        minimal("first").replace(
            "<CustomOriginConfig>",
            &format!("<OriginAccessControlId>{config}</OriginAccessControlId><CustomOriginConfig>"),
        )
    };
    let create = |elements: &str| world.control("POST", DISTRIBUTIONS).body(config(elements));
    assert_eq!(
        create(&with_control(&control)).send().await.refusal(),
        "400 InvalidArgument: Illegal configuration: The origin type and OAC origin type differ."
    );
    assert_eq!(
        create(&with_control("E1")).send().await.refusal(),
        "400 InvalidOriginAccessControl: The origin access control is not valid."
    );
}

/// One alias, one distribution in the world; certificates that are declared cover what they cover.
#[tokio::test]
async fn an_alias_needs_a_certificate_and_belongs_to_one_distribution() {
    let world = World::new();
    let with_alias = |reference: &str, alias: &str, certificate: Option<&str>| {
        let certificate = certificate.map(|arn| {
            format!(
                "<ViewerCertificate><ACMCertificateArn>{arn}</ACMCertificateArn>\
                 <SSLSupportMethod>sni-only</SSLSupportMethod>\
                 <MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>"
            )
        });
        let aliases =
            format!("<Aliases><Quantity>1</Quantity><Items><CNAME>{alias}</CNAME></Items></Aliases>");
        config(&format!("{}{aliases}{}", minimal(reference), certificate.unwrap_or_default()))
    };
    let undeclared = format!("{CERTIFICATE}0");
    for (alias, certificate, expected) in [
        ("www.example.com", None, "400 InvalidViewerCertificate: To add an alternate domain name (CNAME)"),
        (
            "www.example.com",
            Some(&*undeclared),
            "400 InvalidViewerCertificate: The specified SSL certificate",
        ),
        (
            "a.b.example.com",
            Some(CERTIFICATE),
            "400 InvalidViewerCertificate: The certificate that is attached",
        ),
        ("www.example.com", Some(CERTIFICATE), ""),
        ("www.example.com", Some(CERTIFICATE), "409 CNAMEAlreadyExists: One or more of the CNAMEs"),
    ] {
        let create = world.control("POST", DISTRIBUTIONS).body(with_alias(
            &format!("{alias}{expected}"),
            alias,
            certificate,
        ));
        let answer = create.send().await;
        let refusal = if answer.status == 201 { String::new() } else { answer.refusal() };
        assert!(
            refusal.starts_with(expected) && refusal.is_empty() == expected.is_empty(),
            "{alias}: {refusal}"
        );
        if answer.status == 201 {
            assert_eq!(answer.element("ICPRecordalStatus"), "APPROVED");
            assert_eq!(answer.element("CertificateSource"), "acm");
        }
    }
}

#[tokio::test]
async fn an_account_has_as_many_distributions_as_its_quota() {
    let quotas = Quotas { distributions_per_account: 1, ..Quotas::default() };
    let world = World::with(quotas, keyfront_api::Settings::default());
    made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("first")))).await;
    let second = world.control("POST", DISTRIBUTIONS).body(config(&minimal("second"))).send().await;
    assert!(second.refusal().starts_with("400 TooManyDistributions:"), "{second}");
}

/// Data of earlier versions has no count of them, so one is there before any is counted.
#[tokio::test]
async fn an_account_has_as_many_staging_distributions_as_its_quota() {
    let quotas = Quotas { staging_distributions_per_account: 2, ..Quotas::default() };
    let world = World::with(quotas, keyfront_api::Settings::default());
    distribution(&world, ADMIN, "E1", json!({ "Staging": true }), &[]).await;
    let primary = made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("primary")))).await;
    let copy = |reference: &str| {
        let elements = format!("<CallerReference>{reference}</CallerReference><Enabled>false</Enabled>");
        let body = document("CopyDistributionRequest", &elements);
        world.control("POST", format!("{DISTRIBUTIONS}/{primary}/copy")).if_match(ZEROTH).body(body).send()
    };
    let first = copy("first").await;
    assert_eq!(first.status, 201, "{first}");
    let refused = copy("second").await.refusal();
    assert!(refused.starts_with("400 TooManyDistributions:"), "{refused}");
    let path = format!("{DISTRIBUTIONS}/{}", first.element("Id"));
    assert_eq!(world.control("DELETE", path).if_match(ZEROTH).send().await.status, 204);
    assert_eq!(copy("third").await.status, 201);
    assert!(copy("fourth").await.refusal().starts_with("400 TooManyDistributions:"));
}

/// The web ACL alone is changed, and the version with it.
#[tokio::test]
async fn a_web_acl_is_associated_and_disassociated() {
    let world = World::new();
    let id = made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("first")))).await;
    let acl = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/54947df8-0e9e-4471-a2f9-000000000000";
    let body = document("AssociateDistributionWebACLRequest", &format!("<WebACLArn>{acl}</WebACLArn>"));
    let associate = |id: &str| {
        let path = format!("{DISTRIBUTIONS}/{id}/associate-web-acl");
        world.control("PUT", path).if_match(ZEROTH).body(body.clone())
    };
    let answer = associate(&id).send().await;
    assert_eq!((answer.status, answer.header("etag"), answer.element("WebACLArn")), (200, FIRST, acl));
    let by_acl =
        |acl: &str| world.control("GET", format!("/2020-05-31/distributionsByWebACLId/{acl}")).send();
    assert_eq!(page(&by_acl(&acl.replace('/', "%2F")).await, "Id").split(' ').next(), Some(&*id));
    assert_eq!(by_acl("null").await.element("Quantity"), "0");
    assert_eq!(associate("E1").send().await.refusal(), "404 EntityNotFound: The entity was not found.");
    let path = format!("{DISTRIBUTIONS}/{id}/disassociate-web-acl");
    let answer = world.control("PUT", path).if_match(FIRST).send().await;
    assert_eq!((answer.status, answer.header("etag")), (200, SECOND), "{answer}");
}

/// The members of a configuration whose custom origin is a VPC origin instead.
pub(super) fn with_vpc_origin(custom: &str, id: &str) -> String {
    let (before, rest) = custom.split_once("<CustomOriginConfig>").unwrap();
    let (_, after) = rest.split_once("</CustomOriginConfig>").unwrap();
    format!("{before}<VpcOriginConfig><VpcOriginId>{id}</VpcOriginId></VpcOriginConfig>{after}")
}

/// Each operation refuses one more distribution of a VPC origin with a code of its own model.
#[tokio::test]
async fn a_vpc_origin_has_as_many_distributions_as_its_quota() {
    let quotas = Quotas { distributions_per_vpc_origin: 1, ..Quotas::default() };
    let world = World::with(quotas, keyfront_api::Settings::default());
    let origin = made_vpc_origin(&world, "web").await;
    let with_origin = |reference: &str| with_vpc_origin(&minimal(reference), &origin);
    let create = |elements: &str| world.control("POST", DISTRIBUTIONS).body(config(elements)).send();
    assert_eq!(create(&with_origin("first")).await.status, 201);
    let expected = "The maximum number of distributions have been associated with the specified VPC origin.";
    let refused = create(&with_origin("second")).await.refusal();
    assert!(refused.starts_with(&format!("400 EntityLimitExceeded: {expected}")), "{refused}");
    let with_tags = format!(
        "<DistributionConfig>{}</DistributionConfig><Tags><Items></Items></Tags>",
        with_origin("third")
    );
    let with_tags = world
        .control("POST", format!("{DISTRIBUTIONS}?WithTags"))
        .body(document("DistributionConfigWithTags", &with_tags));
    let refused = with_tags.send().await.refusal();
    assert!(refused.starts_with(&format!("400 InvalidArgument: {expected}")), "{refused}");
    let plain = create(&minimal("plain")).await;
    let changed = with_vpc_origin(&sent_back(&plain), &origin);
    let path = format!("{DISTRIBUTIONS}/{}/config", plain.element("Id"));
    let update = world.control("PUT", path).if_match(ZEROTH).body(config(&changed));
    let refused = update.send().await.refusal();
    assert!(refused.starts_with(&format!("400 InvalidArgument: {expected}")), "{refused}");
}

/// The certificates of a trust store are read, and of use, before a distribution can have it.
#[tokio::test]
async fn a_trust_store_is_associated_once_it_is_active() {
    let world = slow_world();
    world.objects.put("certificates/ca.pem", trust_stores::CERTIFICATE);
    let mtls = |reference: &str, trust_store: &str| {
        config(&format!(
            "{}<ViewerMtlsConfig><Mode>required</Mode><TrustStoreConfig><TrustStoreId>{trust_store}</TrustStoreId>\
             </TrustStoreConfig></ViewerMtlsConfig>",
            minimal(reference).replace("allow-all", "https-only")
        ))
    };
    let create =
        |reference: &str, id: &str| world.control("POST", DISTRIBUTIONS).body(mtls(reference, id)).send();
    let (readable, missing) = (
        trust_stores::create(&world, "readable", "ca.pem").send().await,
        trust_stores::create(&world, "missing", "nothing.pem").send().await,
    );
    let not_active =
        "400 InvalidArgument: The parameter TrustStoreId is not valid. The trust store is not active.";
    assert_eq!(create("pending", readable.element("Id")).await.refusal(), not_active);
    settle(&world);
    assert_eq!(create("failed", missing.element("Id")).await.refusal(), not_active);
    let created = create("active", readable.element("Id")).await;
    assert_eq!(created.status, 201, "{created}");
    // Its certificates are read again, and the distribution keeps it.
    let path = format!("{TRUST_STORES}/{}", readable.element("Id"));
    let read = world.control("PUT", path).header("useclientcertificateocspendpoint", "true").if_match(ZEROTH);
    assert_eq!(read.send().await.element("Status"), "pending");
    let path = format!("{DISTRIBUTIONS}/{}/config", created.element("Id"));
    let update = world.control("PUT", path).if_match(ZEROTH).body(config(&sent_back(&created)));
    assert_eq!(update.send().await.status, 200);
}

#[tokio::test]
async fn a_copy_is_a_staging_distribution_without_aliases() {
    let world = World::new();
    let id = made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("first")))).await;
    let body = document("CopyDistributionRequest", "<CallerReference>copy</CallerReference>");
    let copy =
        world.control("POST", format!("{DISTRIBUTIONS}/{id}/copy")).if_match(ZEROTH).body(body).send().await;
    assert_eq!(
        (copy.status, copy.element("Staging"), copy.element("CallerReference")),
        (201, "true", "copy"),
        "{copy}"
    );
    assert_ne!(copy.element("Id"), id);
    let body = document("CopyDistributionRequest", "<CallerReference>stale</CallerReference>");
    let stale = world.control("POST", format!("{DISTRIBUTIONS}/{id}/copy")).if_match(FIRST).body(body);
    assert!(stale.send().await.refusal().starts_with("412 PreconditionFailed"));
}

/// What an operation cannot say in a code of its own is an invalid argument, or an update that is not allowed.
#[tokio::test]
async fn an_alias_that_cannot_be_moved_is_refused_in_the_words_of_the_operation() {
    let world = World::new();
    let certificate = format!(
        "<ViewerCertificate><ACMCertificateArn>{CERTIFICATE}</ACMCertificateArn>\
         <SSLSupportMethod>sni-only</SSLSupportMethod></ViewerCertificate>"
    );
    let body = config(&format!("{}{certificate}", minimal("target")));
    let target = made(world.control("POST", DISTRIBUTIONS).body(body)).await;
    for (alias, expected) in [
        ("", "400 InvalidArgument: The parameter Alias is invalid."),
        (
            "other.org",
            "400 InvalidArgument: The certificate that is attached to your distribution doesn't cover",
        ),
    ] {
        let path = format!("{DISTRIBUTIONS}/{target}/associate-alias?Alias={alias}");
        let refused = world.control("PUT", path).send().await.refusal();
        assert!(refused.starts_with(expected), "{alias}: {refused}");
    }
    let list = |query: &str| {
        let path = format!("/2020-05-31/conflicting-alias?DistributionId={target}&{query}");
        world.control("GET", path).send()
    };
    assert_eq!(list("Alias=").await.status, 200);
    assert_eq!(list("Alias=*.example.com&Marker=gone.example.com").await.status, 200);
    let unknown = "400 InvalidArgument: The parameter Marker is not valid.";
    assert_eq!(list("Alias=*.example.com&Marker=example.org").await.refusal(), unknown);
}

/// A copy is refused in its own terms too.
#[tokio::test]
async fn a_copy_counts_among_the_distributions_of_a_policy() {
    let quotas = Quotas { distributions_per_cache_policy: 1, ..Quotas::default() };
    let world = World::with(quotas, keyfront_api::Settings::default());
    let policy = made(world.control("POST", CACHE_POLICIES).body(cache_policy("pages"))).await;
    let body = config(&minimal("first").replace("658327ea-f89d-4fab-a63d-7e88639e58f6", &policy));
    let id = made(world.control("POST", DISTRIBUTIONS).body(body)).await;
    let body = document("CopyDistributionRequest", "<CallerReference>copy</CallerReference>");
    let copy =
        world.control("POST", format!("{DISTRIBUTIONS}/{id}/copy")).if_match(ZEROTH).body(body).send().await;
    assert!(copy.refusal().starts_with("400 TooManyDistributionsAssociatedToCachePolicy"), "{copy}");
}

/// The alias leaves one distribution and comes to the other in one step.
#[tokio::test]
async fn an_alias_moves_to_a_distribution_with_a_certificate() {
    let world = World::new();
    let certificate = format!(
        "<ViewerCertificate><ACMCertificateArn>{CERTIFICATE}</ACMCertificateArn>\
         <SSLSupportMethod>sni-only</SSLSupportMethod></ViewerCertificate>"
    );
    let aliases = "<Aliases><Quantity>1</Quantity><Items><CNAME>www.example.com</CNAME></Items></Aliases>";
    let create = |reference: &str, more: &str| {
        world.control("POST", DISTRIBUTIONS).body(config(&format!("{}{more}", minimal(reference))))
    };
    let source = made(create("source", &format!("{aliases}{certificate}"))).await;
    let bare = made(create("bare", "")).await;
    let target = made(create("target", &certificate)).await;
    let conflicting = |id: &str| {
        let path = format!("/2020-05-31/conflicting-alias?DistributionId={id}&Alias=*.example.com");
        world.control("GET", path).send()
    };
    let found = conflicting(&target).await;
    let hidden = source.len() / 2;
    let expected = format!("{}{}", "*".repeat(hidden), source.split_at(hidden).1);
    assert_eq!(
        (found.element("Alias"), found.element("DistributionId")),
        ("www.example.com", &*expected),
        "{found}"
    );
    let associate = |id: &str| {
        let path = format!("{DISTRIBUTIONS}/{id}/associate-alias?Alias=www.example.com");
        world.control("PUT", path).send()
    };
    assert!(associate(&bare).await.refusal().starts_with("400 InvalidArgument"));
    let moved = associate(&target).await;
    assert_eq!(moved.status, 200, "{moved}");
    let one = "<Quantity>1</Quantity><Items><CNAME>www.example.com</CNAME></Items>";
    for (id, aliases) in [(&source, "<Quantity>0</Quantity>"), (&target, one)] {
        let read = world.control("GET", format!("{DISTRIBUTIONS}/{id}/config")).send().await;
        assert!(read.body.contains(&format!("<Aliases>{aliases}</Aliases>")), "{read}");
    }
}
