//! The operations on trust stores through the whole pipeline, with their full responses.

use insta::assert_snapshot;

use super::entities::{IN_USE, TRUST_STORES, call, listing, settle, slow_world};
use super::resources::{ZEROTH, document};
use super::{FIRST, SECOND};
use crate::fixture::{Call, World};

pub(super) const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

fn source(bucket: &str, key: &str) -> String {
    format!(
        "<CaCertificatesBundleS3Location><Bucket>{bucket}</Bucket><Key>{key}</Key><Region>eu-central-1</Region>\
         </CaCertificatesBundleS3Location>"
    )
}

pub(super) fn create<'w>(world: &'w World, name: &str, key: &str) -> Call<'w> {
    let source = source("certificates", key);
    let elements =
        format!("<Name>{name}</Name><CaCertificatesBundleSource>{source}</CaCertificatesBundleSource>");
    call(world, "POST", TRUST_STORES, "CreateTrustStoreRequest", &elements)
}

#[tokio::test]
async fn a_trust_store_is_pending_then_active_with_its_certificates() {
    let world = slow_world();
    world.objects.put("certificates/ca.pem", CERTIFICATE.repeat(3));
    let created = create(&world, "roots", "ca.pem").send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <TrustStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>ts_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><Arn>arn:aws:cloudfront::111122223333:trust-store/ts_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><Name>roots</Name><Status>pending</Status><NumberOfCaCertificates>0</NumberOfCaCertificates><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></TrustStore>
    "#);
    settle(&world);
    let path = format!("{TRUST_STORES}/{}", created.element("Id"));
    assert_snapshot!(world.control("GET", &path).send().await, @r#"
    200
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <TrustStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>ts_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><Arn>arn:aws:cloudfront::111122223333:trust-store/ts_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><Name>roots</Name><Status>active</Status><NumberOfCaCertificates>3</NumberOfCaCertificates><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></TrustStore>
    "#);
    assert_snapshot!(listing(&world, "ListTrustStores", "").send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <ListTrustStoresResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><TrustStoreList><TrustStoreSummary><Id>ts_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><Arn>arn:aws:cloudfront::111122223333:trust-store/ts_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><Name>roots</Name><Status>active</Status><NumberOfCaCertificates>3</NumberOfCaCertificates><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><ETag>E23ZP02F085DFQ</ETag></TrustStoreSummary></TrustStoreList></ListTrustStoresResult>
    "#);
}

#[tokio::test]
async fn a_bundle_that_cannot_be_used_leaves_its_reason() {
    let world = World::new();
    world.objects.put("certificates/empty", "");
    world.objects.put("certificates/many", CERTIFICATE.repeat(26));
    world.objects.put("certificates/cut", CERTIFICATE.split_once('=').unwrap().0);
    world.objects.put("certificates/large", vec![b' '; 64 * 1024 + 1]);
    let mut reasons = Vec::new();
    for key in ["absent", "empty", "many", "cut", "large"] {
        let created = create(&world, key, key).send().await;
        assert_eq!((created.element("Status"), created.body.contains("<Reason>")), ("pending", false));
        let shown = world.control("GET", format!("{TRUST_STORES}/{key}")).send().await;
        assert_eq!((shown.element("Status"), shown.element("NumberOfCaCertificates")), ("failed", "0"));
        reasons.push(format!("{key:8}{}", shown.element("Reason")));
    }
    assert_snapshot!(reasons.join("\n"), @"
    absent  The bucket certificates has no object absent
    empty   The CA certificates bundle contains no certificates
    many    The CA certificates bundle contains 26 certificates; the limit is 25
    cut     The CA certificates bundle is not valid PEM: missing section end marker: [67, 69, 82, 84, 73, 70, 73, 67, 65, 84, 69]
    large   Datasource size exceeds the allowed limit
    ");
}

#[tokio::test]
async fn an_update_reads_the_bundle_again() {
    let world = World::new();
    world.objects.put("certificates/ca.pem", CERTIFICATE);
    let created = create(&world, "roots", "ca.pem").send().await;
    let path = format!("{TRUST_STORES}/{}", created.element("Id"));
    let number =
        || async { world.control("GET", &path).send().await.element("NumberOfCaCertificates").to_owned() };
    assert_eq!(number().await, "1");
    world.objects.put("certificates/more.pem", CERTIFICATE.repeat(2));
    let body = document("CaCertificatesBundleSource", &source("certificates", "more.pem"));
    let updated = world.control("PUT", &path).if_match(ZEROTH).body(body).send().await;
    assert_eq!((updated.status, updated.element("Status"), updated.header("etag")), (200, "pending", FIRST));
    assert_eq!(number().await, "2");
    let ocsp = world.control("PUT", &path).header("useclientcertificateocspendpoint", "true");
    let updated = ocsp.if_match(FIRST).send().await;
    assert_eq!(
        (updated.element("UseClientCertificateOCSPEndpoint"), updated.header("etag")),
        ("true", SECOND)
    );
    assert_eq!(number().await, "2");
}

#[tokio::test]
async fn a_trust_store_in_use_stays_and_what_one_may_not_be() {
    let world = World::new();
    let created = create(&world, "roots", "ca.pem").send().await;
    world.refer("distribution/E1", created.element("Arn")).await;
    let delete = world.control("DELETE", format!("{TRUST_STORES}/{}", created.element("Id")));
    assert_eq!(delete.if_match(ZEROTH).send().await.refusal(), IN_USE);
    let mut outcomes = Vec::new();
    outcomes.push(create(&world, "", "ca.pem").send().await.outcome());
    outcomes.push(create(&world, "other", "").send().await.outcome());
    let elements = "<Name>other</Name><CaCertificatesBundleSource></CaCertificatesBundleSource>";
    outcomes
        .push(call(&world, "POST", TRUST_STORES, "CreateTrustStoreRequest", elements).send().await.outcome());
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter Name is required.
    400 InvalidArgument: The parameter Key is required.
    400 InvalidArgument: The parameter CaCertificatesBundleS3Location is required.
    ");
}
