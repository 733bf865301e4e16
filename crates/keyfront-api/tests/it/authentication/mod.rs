//! What is refused before an operation is asked: signatures, paths, bodies.

mod bodies;
mod paths;
mod presigned;

use insta::assert_snapshot;
use keyfront_api::Peer;
use keyfront_testkit::signing::{Algorithm, Payload, Signer, Tamper, tamper};

use crate::fixture::{Call, User, World};

const STORES: &str = "/2020-05-31/key-value-store";
const FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";

const UNKNOWN: User = User { access_key_id: "AKIAUNKNOWN", ..crate::fixture::ADMIN };

fn service(service: &'static str) -> impl FnOnce(Signer) -> Signer {
    move |signer| Signer { service: service.to_owned(), ..signer }
}

fn algorithm(algorithm: Algorithm) -> impl FnOnce(Signer) -> Signer {
    move |signer| Signer { algorithm, ..signer }
}

fn v4(region: &str) -> Algorithm {
    Algorithm::V4 { region: region.to_owned() }
}

fn v4a(regions: &str) -> Algorithm {
    Algorithm::V4a { region_set: regions.to_owned() }
}

/// Sends after one change to the `Authorization` header.
async fn altered(world: &World, call: Call<'_>, from: &str, to: &str) -> String {
    let mut request = call.request();
    let header = request.headers()["authorization"].to_str().unwrap().replace(from, to);
    request.headers_mut().insert("authorization", header.parse().unwrap());
    world.send(request, Peer::default()).await.outcome()
}

/// What a plane answers to each flaw of a good request with a body, one line each.
async fn refusals<'w>(world: &'w World, good: impl Fn() -> Call<'w>) -> String {
    let wrong_secret = |signer: Signer| Signer { secret_access_key: "guessed".to_owned(), ..signer };
    let unsigned_payload = |signer: Signer| Signer { payload: Payload::Unsigned, ..signer };
    let declared = |signer: Signer| Signer { payload: Payload::Declared, ..signer };
    let send = |request| world.send(request, Peer::default());
    let mut lines = Vec::new();
    let mut line = |flaw: &str, outcome: String| lines.push(format!("{flaw:22}{outcome}"));
    line("none", good().send().await.outcome());
    line("unsigned", good().unsigned().send().await.outcome());
    line("another scheme", good().unsigned().header("authorization", "Basic YTpi").send().await.outcome());
    line("unknown key", good().by(UNKNOWN).send().await.outcome());
    line("wrong secret", good().signed(wrong_secret).send().await.outcome());
    line("5 minutes old", good().signed_after(-299).send().await.outcome());
    line("older", good().signed_after(-301).send().await.outcome());
    line("5 minutes early", good().signed_after(300).send().await.outcome());
    line("earlier", good().signed_after(302).send().await.outcome());
    line("wrong service", good().signed(service("s3")).send().await.outcome());
    line("wrong terminator", altered(world, good(), "aws4_request", "aws5_request").await);
    line("wrong date", altered(world, good(), "/20261122/", "/20261121/").await);
    line("no signature", altered(world, good(), ", Signature=", ", Sig=").await);
    line("no signed host", altered(world, good(), "host;", "").await);
    line("another algorithm", altered(world, good(), "AWS4-", "AWS4-X-").await);
    line("altered body", send(tamper(good().request(), Tamper::Body)).await.outcome());
    line("declared, altered", send(tamper(good().signed(declared).request(), Tamper::Body)).await.outcome());
    line("UNSIGNED-PAYLOAD", good().signed(unsigned_payload).send().await.outcome());
    let mut both = good().request();
    *both.uri_mut() = format!("{}?X-Amz-Algorithm=AWS4-HMAC-SHA256", both.uri().path()).parse().unwrap();
    line("two forms", send(both).await.outcome());
    let mut twice = good().request();
    let authorization = twice.headers()["authorization"].clone();
    twice.headers_mut().append("authorization", authorization);
    line("two headers", send(twice).await.outcome());
    lines.join("\n")
}

#[tokio::test]
async fn the_control_plane_refuses_each_flaw() {
    let world = World::new();
    let good = || world.control("GET", STORES).body("ignored");
    assert_snapshot!(good().unsigned().send().await, @r#"
    403
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(refusals(&world, good).await, @"
    none                  200
    unsigned              403 MissingAuthenticationToken: Request is missing Authentication Token
    another scheme        403 MissingAuthenticationToken: Request is missing Authentication Token
    unknown key           403 InvalidClientTokenId: The security token included in the request is invalid.
    wrong secret          403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    5 minutes old         200
    older                 403 SignatureDoesNotMatch: Signature expired: 20261122T032631Z is now earlier than 20261122T032632Z (20261122T033132Z - 5 min.)
    5 minutes early       200
    earlier               403 SignatureDoesNotMatch: Signature not yet current: 20261122T033634Z is still later than 20261122T033632Z (20261122T033132Z + 5 min.)
    wrong service         403 SignatureDoesNotMatch: Credential should be scoped to correct service: 'cloudfront'.
    wrong terminator      403 SignatureDoesNotMatch: Credential should be scoped with a valid terminator: 'aws4_request'.
    wrong date            403 SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261121' != '20261122', from '20261122T033132Z'.
    no signature          400 IncompleteSignature: Authorization header is malformed: it has a parameter that Signature Version 4 has not.
    no signed host        403 SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.
    another algorithm     400 IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-X-HMAC-SHA256'.
    altered body          403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    declared, altered     403 SignatureDoesNotMatch: The provided 'x-amz-content-sha256' header does not match what was computed.
    UNSIGNED-PAYLOAD      403 SignatureDoesNotMatch: The payload must be signed: 'UNSIGNED-PAYLOAD' is not accepted by this service.
    two forms             403 SignatureDoesNotMatch: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.
    two headers           400 IncompleteSignature: 'Authorization' must appear exactly once in a signed request.
    ");
}

#[tokio::test]
async fn the_data_plane_refuses_each_flaw() {
    let world = World::new();
    let store = world.store("routes").await;
    let good = || world.data("GET", store.data_path()).body("ignored");
    assert_snapshot!(good().unsigned().send().await, @r#"
    403
    content-type: application/json
    x-amzn-errortype: MissingAuthenticationTokenException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"Message":"Request is missing Authentication Token"}
    "#);
    assert_snapshot!(refusals(&world, good).await, @"
    none                  200
    unsigned              403 MissingAuthenticationTokenException: Request is missing Authentication Token
    another scheme        403 MissingAuthenticationTokenException: Request is missing Authentication Token
    unknown key           403 UnrecognizedClientException: The security token included in the request is invalid.
    wrong secret          403 InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    5 minutes old         200
    older                 403 InvalidSignatureException: Signature expired: 20261122T032631Z is now earlier than 20261122T032632Z (20261122T033132Z - 5 min.)
    5 minutes early       200
    earlier               403 InvalidSignatureException: Signature not yet current: 20261122T033634Z is still later than 20261122T033632Z (20261122T033132Z + 5 min.)
    wrong service         403 InvalidSignatureException: Credential should be scoped to correct service: 'cloudfront-keyvaluestore'.
    wrong terminator      403 InvalidSignatureException: Credential should be scoped with a valid terminator: 'aws4_request'.
    wrong date            403 InvalidSignatureException: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261121' != '20261122', from '20261122T033132Z'.
    no signature          400 IncompleteSignatureException: Authorization header is malformed: it has a parameter that Signature Version 4 has not.
    no signed host        403 InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.
    another algorithm     400 IncompleteSignatureException: Unsupported AWS 'algorithm': 'AWS4-X-ECDSA-P256-SHA256'.
    altered body          403 InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    declared, altered     403 InvalidSignatureException: The provided 'x-amz-content-sha256' header does not match what was computed.
    UNSIGNED-PAYLOAD      403 InvalidSignatureException: The payload must be signed: 'UNSIGNED-PAYLOAD' is not accepted by this service.
    two forms             403 InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.
    two headers           400 IncompleteSignatureException: 'Authorization' must appear exactly once in a signed request.
    ");
}

#[tokio::test]
async fn sts_and_iam_refuse_each_flaw() {
    let world = World::new();
    assert_snapshot!(world.query("sts", FORM).unsigned().send().await, @r#"
    403
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(refusals(&world, || world.query("sts", FORM)).await, @"
    none                  200
    unsigned              403 MissingAuthenticationToken: Request is missing Authentication Token
    another scheme        403 MissingAuthenticationToken: Request is missing Authentication Token
    unknown key           403 InvalidClientTokenId: The security token included in the request is invalid.
    wrong secret          403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    5 minutes old         200
    older                 403 SignatureDoesNotMatch: Signature expired: 20261122T032631Z is now earlier than 20261122T032632Z (20261122T033132Z - 5 min.)
    5 minutes early       200
    earlier               403 SignatureDoesNotMatch: Signature not yet current: 20261122T033634Z is still later than 20261122T033632Z (20261122T033132Z + 5 min.)
    wrong service         501 NotImplemented: Keyfront does not have the service 's3'. It has 'cloudfront', 'cloudfront-keyvaluestore', sts:GetCallerIdentity and iam:GetUser; point only their clients here, and those of 's3' at AWS or at another server.
    wrong terminator      403 SignatureDoesNotMatch: Credential should be scoped with a valid terminator: 'aws4_request'.
    wrong date            403 SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261121' != '20261122', from '20261122T033132Z'.
    no signature          400 IncompleteSignature: Authorization header is malformed: it has a parameter that Signature Version 4 has not.
    no signed host        403 SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.
    another algorithm     400 IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-X-HMAC-SHA256'.
    altered body          403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    declared, altered     403 SignatureDoesNotMatch: The provided 'x-amz-content-sha256' header does not match what was computed.
    UNSIGNED-PAYLOAD      403 SignatureDoesNotMatch: The payload must be signed: 'UNSIGNED-PAYLOAD' is not accepted by this service.
    two forms             403 SignatureDoesNotMatch: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.
    two headers           400 IncompleteSignature: 'Authorization' must appear exactly once in a signed request.
    ");
    let iam = || world.query("iam", "Action=GetUser&Version=2010-05-08");
    assert_snapshot!(iam().by(UNKNOWN).send().await, @r#"
    403
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000016

    <?xml version="1.0"?>
    <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000016</RequestId></ErrorResponse>
    "#);
}

/// Every change that an attacker on the way can make.
#[tokio::test]
async fn no_part_of_a_request_can_be_changed() {
    let world = World::new();
    let store = world.store("routes").await;
    for what in Tamper::ALL {
        for call in [
            world.control("POST", STORES).body(crate::fixture::create_body("<Name>b</Name>")),
            world.data("PUT", store.key_path("a")).if_match("KVTVPDKIKX0DER").body("{\"Value\":\"1\"}"),
            world.query("sts", FORM),
        ] {
            let answer = world.send(tamper(call.request(), what), Peer::default()).await;
            // A changed method or path may lead nowhere, which is said before the signature is looked at.
            assert!((400..=404).contains(&answer.status), "{what:?}: {answer}");
        }
    }
    assert_eq!(world.control("GET", STORES).send().await.elements("Name"), ["routes"]);
    assert!(world.pairs(&store).await.is_empty());
}

#[tokio::test]
async fn any_region_is_right_as_long_as_it_is_one() {
    let world = World::new();
    let store = world.store("routes").await;
    let mut outcomes = Vec::new();
    for region in ["us-east-1", "eu-central-1", "us-gov-west-1", "aws-global", "nowhere", "*"] {
        let answer = world.control("GET", STORES).signed(algorithm(v4(region))).send().await;
        outcomes.push(format!("V4 {region:15}{}", answer.outcome()));
    }
    for regions in ["*", "us-east-1", "eu-*,us-west-2"] {
        let answer = world.data("GET", store.data_path()).signed(algorithm(v4a(regions))).send().await;
        outcomes.push(format!("V4A {regions:15}{}", answer.outcome()));
    }
    assert_snapshot!(outcomes.join("\n"), @"
    V4 us-east-1      200
    V4 eu-central-1   200
    V4 us-gov-west-1  200
    V4 aws-global     200
    V4 nowhere        403 SignatureDoesNotMatch: Credential should be scoped to a valid region.
    V4 *              403 SignatureDoesNotMatch: Credential should be scoped to a valid region.
    V4A *              200
    V4A us-east-1      200
    V4A eu-*,us-west-2 200
    ");
}

#[tokio::test]
async fn each_plane_has_its_algorithm() {
    let world = World::new();
    let control = world.control("GET", STORES).signed(algorithm(v4a("*"))).send().await;
    assert_snapshot!(control, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>IncompleteSignature</Code><Message>Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    let sts = world.query("sts", FORM).signed(algorithm(v4a("*"))).send().await;
    assert_snapshot!(sts.refusal(), @"400 IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
}

/// As the service does: the scope must name us-east-1, whatever region the client is configured for.
#[tokio::test]
async fn the_data_plane_takes_plain_sigv4_of_one_region() {
    let world = World::new();
    let store = world.store("routes").await;
    let mut outcomes = Vec::new();
    for region in ["us-east-1", "eu-central-1", "us-east-2", "aws-global", "nowhere", "*"] {
        let answer = world.data("GET", store.data_path()).signed(algorithm(v4(region))).send().await;
        outcomes.push(format!("{region:13} {}", answer.outcome()));
    }
    assert_snapshot!(outcomes.join("\n"), @"
    us-east-1     200
    eu-central-1  403 InvalidSignatureException: Credential should be scoped to a valid region.
    us-east-2     403 InvalidSignatureException: Credential should be scoped to a valid region.
    aws-global    403 InvalidSignatureException: Credential should be scoped to a valid region.
    nowhere       403 InvalidSignatureException: Credential should be scoped to a valid region.
    *             403 InvalidSignatureException: Credential should be scoped to a valid region.
    ");
    let put = |signer: Algorithm, etag: &str| {
        let put =
            world.data("PUT", store.key_path("a")).if_match(etag).body(format!("{{\"Value\":\"{etag}\"}}"));
        put.signed(algorithm(signer))
    };
    assert_eq!(put(v4("us-east-1"), "KVTVPDKIKX0DER").send().await.status, 200);
    assert_eq!(put(v4a("*"), "KV3UN6WX5RRO2AG").send().await.status, 200);
    let wrong = put(v4("us-east-1"), "x").signed(service("cloudfront")).send().await;
    assert_snapshot!(wrong.refusal(), @"403 InvalidSignatureException: Credential should be scoped to correct service: 'cloudfront-keyvaluestore'.");
    let altered = tamper(put(v4("us-east-1"), "KV1F83G8C2ARO7P").request(), Tamper::Body);
    assert_eq!(world.send(altered, Peer::default()).await.status, 403);
}

/// Tokens of temporary credentials are not made here, so a key that comes with one is unknown or its own.
#[tokio::test]
async fn a_session_token_is_signed_and_changes_nothing() {
    let world = World::new();
    let token = |signer: Signer| Signer { session_token: Some("token".to_owned()), ..signer };
    assert_eq!(world.control("GET", STORES).signed(token).send().await.status, 200);
}
