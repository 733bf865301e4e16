//! The operations on connection functions through the whole pipeline, with their full responses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use insta::assert_snapshot;

use super::distributions::{DISTRIBUTIONS, config, minimal};
use super::entities::{IN_USE, NO_IF_MATCH, NOT_FOUND, STALE, TAKEN, TRUST_STORES, call, listing};
use super::resources::ZEROTH;
use super::{FIRST, SECOND};
use crate::fixture::{Answer, Call, STRANGER, World, escaped};

const FUNCTIONS: &str = "/2020-05-31/connection-function";
const ALLOW: &str = "function connectionHandler(connection) { connection.allow(); }";

fn elements(code: &str, more: &str) -> String {
    format!(
        "<ConnectionFunctionConfig><Comment>a test</Comment><Runtime>cloudfront-js-2.0</Runtime>{more}\
         </ConnectionFunctionConfig><ConnectionFunctionCode>{}</ConnectionFunctionCode>",
        STANDARD.encode(code)
    )
}

fn create<'w>(world: &'w World, name: &str, code: &str, more: &str) -> Call<'w> {
    let elements = format!("<Name>{name}</Name>{}", elements(code, more));
    call(world, "POST", FUNCTIONS, "CreateConnectionFunctionRequest", &elements)
}

async fn made(world: &World, name: &str, code: &str) -> String {
    super::resources::made(create(world, name, code, "")).await
}

async fn published(world: &World, id: &str) {
    let publish = world.control("POST", format!("{FUNCTIONS}/{id}/publish")).if_match(FIRST);
    assert_eq!(publish.send().await.outcome(), "200");
}

fn store_association(arn: &str) -> String {
    format!(
        "<KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>{arn}\
         </KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations>"
    )
}

#[tokio::test]
async fn a_function_is_created_described_published_and_listed() {
    let world = World::new();
    let created = create(&world, "check", ALLOW, "").send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/connection-function/cf_3MRfRUx74Z9ygJedyanY7XAlZJK
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ConnectionFunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>check</Name><Id>cf_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><ConnectionFunctionConfig><Comment>a test</Comment><Runtime>cloudfront-js-2.0</Runtime></ConnectionFunctionConfig><ConnectionFunctionArn>arn:aws:cloudfront::111122223333:connection-function/cf_3MRfRUx74Z9ygJedyanY7XAlZJK</ConnectionFunctionArn><Status>UNPUBLISHED</Status><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></ConnectionFunctionSummary>
    "#);
    let id = created.element("Id");
    let described = world.control("GET", format!("{FUNCTIONS}/{id}/describe")).send().await;
    assert_eq!((&described.body, described.header("etag")), (&created.body, FIRST));
    let live = || world.control("GET", format!("{FUNCTIONS}/{id}/describe?Stage=LIVE"));
    assert_eq!(live().send().await.refusal(), NOT_FOUND);
    let publish = |etag: &str| world.control("POST", format!("{FUNCTIONS}/{id}/publish")).if_match(etag);
    assert_snapshot!(publish(FIRST).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <ConnectionFunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>check</Name><Id>cf_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><ConnectionFunctionConfig><Comment>a test</Comment><Runtime>cloudfront-js-2.0</Runtime></ConnectionFunctionConfig><ConnectionFunctionArn>arn:aws:cloudfront::111122223333:connection-function/cf_3MRfRUx74Z9ygJedyanY7XAlZJK</ConnectionFunctionArn><Status>UNASSOCIATED</Status><Stage>LIVE</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></ConnectionFunctionSummary>
    "#);
    assert_eq!(publish(FIRST).send().await.refusal(), STALE);
    let shown = live().send().await;
    assert_eq!((shown.element("Status"), shown.header("etag")), ("UNASSOCIATED", FIRST));
    assert_snapshot!(listing(&world, "ListConnectionFunctions", "").send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <ListConnectionFunctionsResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><ConnectionFunctions><ConnectionFunctionSummary><Name>check</Name><Id>cf_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><ConnectionFunctionConfig><Comment>a test</Comment><Runtime>cloudfront-js-2.0</Runtime></ConnectionFunctionConfig><ConnectionFunctionArn>arn:aws:cloudfront::111122223333:connection-function/cf_3MRfRUx74Z9ygJedyanY7XAlZJK</ConnectionFunctionArn><Status>UNASSOCIATED</Status><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></ConnectionFunctionSummary><ConnectionFunctionSummary><Name>check</Name><Id>cf_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><ConnectionFunctionConfig><Comment>a test</Comment><Runtime>cloudfront-js-2.0</Runtime></ConnectionFunctionConfig><ConnectionFunctionArn>arn:aws:cloudfront::111122223333:connection-function/cf_3MRfRUx74Z9ygJedyanY7XAlZJK</ConnectionFunctionArn><Status>UNASSOCIATED</Status><Stage>LIVE</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></ConnectionFunctionSummary></ConnectionFunctions></ListConnectionFunctionsResult>
    "#);
}

#[tokio::test]
async fn a_function_is_known_by_id_arn_and_name_and_another_accounts_is_not() {
    let world = World::new();
    let created = create(&world, "check", ALLOW, "").send().await;
    assert_eq!(create(&world, "check", ALLOW, "").send().await.refusal(), TAKEN);
    for identifier in [created.element("Id"), created.element("ConnectionFunctionArn"), "check"] {
        let code = world.control("GET", format!("{FUNCTIONS}/{}", escaped(identifier))).send().await;
        assert_eq!((code.body.as_str(), code.header("content-type")), (ALLOW, "application/octet-stream"));
        assert_eq!(code.header("etag"), FIRST);
    }
    let by_stranger = world.control("GET", format!("{FUNCTIONS}/{}", created.element("Id"))).by(STRANGER);
    assert_eq!(by_stranger.send().await.refusal(), NOT_FOUND);
}

#[tokio::test]
async fn what_is_live_stays_until_it_is_published_again() {
    let world = World::new();
    let id = made(&world, "check", ALLOW).await;
    published(&world, &id).await;
    let deny = ALLOW.replace("allow", "deny");
    let update = || {
        let path = format!("{FUNCTIONS}/{id}");
        call(&world, "PUT", &path, "UpdateConnectionFunctionRequest", &elements(&deny, ""))
    };
    assert_eq!(update().send().await.refusal(), NO_IF_MATCH);
    assert_eq!(update().if_match(SECOND).send().await.refusal(), STALE);
    let updated = update().if_match(FIRST).send().await;
    assert_eq!((updated.element("Status"), updated.header("etag")), ("UNPUBLISHED", SECOND));
    let code = |stage: &str| {
        let call = world.control("GET", format!("{FUNCTIONS}/{id}?Stage={stage}"));
        async move { call.send().await.body }
    };
    assert_eq!((code("LIVE").await.as_str(), code("DEVELOPMENT").await), (ALLOW, deny.clone()));
    let publish = world.control("POST", format!("{FUNCTIONS}/{id}/publish")).if_match(SECOND);
    assert_eq!(publish.send().await.status, 200);
    assert_eq!(code("LIVE").await, deny);
}

#[tokio::test]
async fn every_stage_is_listed_and_pages_end_between_them() {
    let world = World::new();
    for name in ["b", "a"] {
        let id = made(&world, name, ALLOW).await;
        if name == "b" {
            published(&world, &id).await;
        }
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let shown = |answer: &Answer| {
        let stages = answer.elements("Stage");
        let names = answer.elements("Name");
        names.iter().zip(stages).map(|(name, stage)| format!("{name} {stage}")).collect::<Vec<_>>().join(", ")
    };
    let list = |elements: String| {
        let call = listing(&world, "ListConnectionFunctions", &elements);
        async move { call.send().await }
    };
    let all = "b DEVELOPMENT, b LIVE, a DEVELOPMENT";
    assert_eq!(shown(&list(String::new()).await), all);
    assert_eq!(shown(&list("<Stage>LIVE</Stage>".to_owned()).await), "b LIVE");
    assert_eq!(shown(&list("<Stage>DEVELOPMENT</Stage>".to_owned()).await), "b DEVELOPMENT, a DEVELOPMENT");
    let (mut seen, mut marker) = (Vec::new(), String::new());
    loop {
        let answer = list(format!("<Marker>{marker}</Marker><MaxItems>1</MaxItems>")).await;
        seen.push(shown(&answer));
        match answer.elements("NextMarker").first() {
            Some(next) => (*next).clone_into(&mut marker),
            None => break,
        }
    }
    assert_eq!(seen.join(", "), all);
}

#[tokio::test]
async fn a_function_in_use_stays_and_keeps_its_store() {
    let world = World::new();
    let store = world.store("revoked").await;
    let created = create(&world, "check", ALLOW, &store_association(&store.arn.to_string())).send().await;
    assert_eq!(created.status, 201, "{created}");
    let delete_store = || world.control("DELETE", store.control_path()).if_match(FIRST);
    assert!(delete_store().send().await.refusal().starts_with("409 CannotDeleteEntityWhileInUse"));
    world.refer("distribution/E1", created.element("ConnectionFunctionArn")).await;
    published(&world, created.element("Id")).await;
    let described =
        world.control("GET", format!("{FUNCTIONS}/{}/describe", created.element("Id"))).send().await;
    assert_eq!(described.element("Status"), "DEPLOYED");
    let delete =
        |etag: &str| world.control("DELETE", format!("{FUNCTIONS}/{}", created.element("Id"))).if_match(etag);
    assert_eq!(delete(SECOND).send().await.refusal(), STALE);
    assert_eq!(delete(FIRST).send().await.refusal(), IN_USE);
    world.let_go("distribution/E1").await;
    assert_eq!(delete(FIRST).send().await.outcome(), "204");
    assert_eq!(delete(FIRST).send().await.refusal(), NOT_FOUND);
    assert_eq!(delete_store().send().await.outcome(), "204");
}

#[tokio::test]
async fn a_distribution_checks_connections_with_a_trust_store_and_a_published_function() {
    let world = World::new();
    world.objects.put("certificates/ca.pem", super::trust_stores::CERTIFICATE);
    let source = "<CaCertificatesBundleS3Location><Bucket>certificates</Bucket><Key>ca.pem</Key><Region>us-east-1\
                  </Region></CaCertificatesBundleS3Location>";
    let elements =
        format!("<Name>roots</Name><CaCertificatesBundleSource>{source}</CaCertificatesBundleSource>");
    let store =
        super::resources::made(call(&world, "POST", TRUST_STORES, "CreateTrustStoreRequest", &elements));
    let store = store.await;
    let function = made(&world, "check", ALLOW).await;
    let elements = format!(
        "{}<ViewerMtlsConfig><Mode>required</Mode><TrustStoreConfig><TrustStoreId>{store}</TrustStoreId>\
         </TrustStoreConfig></ViewerMtlsConfig><ConnectionFunctionAssociation><Id>{function}</Id>\
         </ConnectionFunctionAssociation>",
        minimal("mtls").replace("allow-all", "https-only")
    );
    let create = || world.control("POST", DISTRIBUTIONS).body(config(&elements));
    assert_eq!(create().send().await.refusal(), NOT_FOUND);
    published(&world, &function).await;
    let distribution = super::resources::made(create()).await;
    let described = world.control("GET", format!("{FUNCTIONS}/{function}/describe?Stage=LIVE")).send().await;
    assert_eq!(described.element("Status"), "DEPLOYED");
    for (path, member, id) in [
        ("distributionsByConnectionFunction", "ConnectionFunctionIdentifier", &function),
        ("distributionsByTrustStore", "TrustStoreIdentifier", &store),
    ] {
        let listed = world.control("GET", format!("/2020-05-31/{path}?{member}={id}")).send().await;
        assert_eq!((listed.status, listed.element("Quantity")), (200, "1"), "{listed}");
        assert!(listed.body.contains(&distribution), "{listed}");
    }
    for path in [format!("{FUNCTIONS}/{function}"), format!("{TRUST_STORES}/{store}")] {
        let etag = if path.starts_with(FUNCTIONS) { FIRST } else { ZEROTH };
        assert_eq!(world.control("DELETE", path).if_match(etag).send().await.refusal(), IN_USE);
    }
}

fn test<'w>(world: &'w World, id: &str, connection: &str) -> Call<'w> {
    let elements = format!("<ConnectionObject>{}</ConnectionObject>", STANDARD.encode(connection));
    call(world, "POST", &format!("{FUNCTIONS}/{id}/test"), "TestConnectionFunctionRequest", &elements)
}

/// The service's own example of a function: certificates whose serial numbers are in a store are revoked.
const REVOCATION: &str = r"import cf from 'cloudfront';

async function connectionHandler(connection) {
    const serial = connection.clientCertificate.certificates.leaf.serialNumber;
    const revoked = await cf.kvs().exists(serial.replaceAll(':', ''));
    console.log(`revoked: ${revoked}`);
    if (revoked) {
        connection.logCustomData(`REVOKED:${serial}`);
        connection.deny();
    } else {
        connection.allow();
    }
} // the end";

#[tokio::test]
async fn a_function_is_tested_on_a_connection() {
    let world = World::new();
    let store = world.store("revoked").await;
    world.put(&store, &[("0a0b", "")]).await;
    let created =
        create(&world, "revocation", REVOCATION, &store_association(&store.arn.to_string())).send().await;
    let id = created.element("Id");
    let leaf = |serial: &str| {
        format!(r#"{{"clientCertificate":{{"certificates":{{"leaf":{{"serialNumber":"{serial}"}}}}}}}}"#)
    };
    assert_snapshot!(test(&world, id, &leaf("0a:0b")).if_match(FIRST).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <ConnectionFunctionTestResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><ConnectionFunctionSummary><Name>revocation</Name><Id>cf_3MRfRUx74Z9ygJedyanY7XAlZJO</Id><ConnectionFunctionConfig><Comment>a test</Comment><Runtime>cloudfront-js-2.0</Runtime><KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations></ConnectionFunctionConfig><ConnectionFunctionArn>arn:aws:cloudfront::111122223333:connection-function/cf_3MRfRUx74Z9ygJedyanY7XAlZJO</ConnectionFunctionArn><Status>UNPUBLISHED</Status><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></ConnectionFunctionSummary><ComputeUtilization>1</ComputeUtilization><ConnectionFunctionExecutionLogs><member>revoked: true</member></ConnectionFunctionExecutionLogs><ConnectionFunctionErrorMessage></ConnectionFunctionErrorMessage><ConnectionFunctionOutput>{"customData":"REVOKED:0a:0b","decision":"deny"}</ConnectionFunctionOutput></ConnectionFunctionTestResult>
    "#);
    let allowed = test(&world, id, &leaf("0c")).if_match(FIRST).send().await;
    assert_eq!(allowed.element("ConnectionFunctionOutput"), r#"{"decision":"allow"}"#);
    let failed = test(&world, id, "{}").if_match(FIRST).send().await;
    assert_eq!(failed.element("ConnectionFunctionOutput"), "");
    let expected = "The CloudFront function associated with the CloudFront distribution is invalid or could not run. \
                    TypeError: cannot get property \"certificates\" of undefined";
    assert_eq!(failed.element("ConnectionFunctionErrorMessage"), expected);
    assert_eq!(test(&world, id, "{}").send().await.refusal(), NO_IF_MATCH);
    assert_eq!(test(&world, id, "{}").if_match(SECOND).send().await.refusal(), STALE);
    for connection in ["", "[]", "{"] {
        let refused = test(&world, id, connection).if_match(FIRST).send().await.refusal();
        assert_eq!(
            refused, "500 TestFunctionFailed: The provided event object is not valid.",
            "{connection}"
        );
    }
    let silent = made(&world, "silent", "function connectionHandler(connection) {}").await;
    let answer = test(&world, &silent, "{}").if_match(FIRST).send().await;
    let expected = "The connection function called neither connection.allow() nor connection.deny().";
    assert_eq!(answer.element("ConnectionFunctionErrorMessage"), expected);
}

#[tokio::test]
async fn what_a_connection_function_may_not_be() {
    let world = World::new();
    let old = elements(ALLOW, "").replace("js-2.0", "js-1.0");
    let unknown = store_association(
        "arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-999999999999",
    );
    let mut outcomes = Vec::new();
    for elements in [
        elements(ALLOW, ""),
        format!("<Name>a b</Name>{}", elements(ALLOW, "")),
        format!("<Name>old</Name>{old}"),
        format!("<Name>large</Name>{}", elements(&" ".repeat(10 * 1024 + 1), "")),
        format!("<Name>check</Name>{}", elements(ALLOW, &unknown)),
    ] {
        let create = call(&world, "POST", FUNCTIONS, "CreateConnectionFunctionRequest", &elements);
        outcomes.push(create.send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 InvalidArgument: The parameter Runtime is invalid.
    413 EntitySizeLimitExceeded: The entity size limit was exceeded.
    400 InvalidArgument: The parameter KeyValueStoreARN is not valid. The account has no key value store arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-999999999999.
    ");
}
