//! The signature in the query.

use std::time::Duration;

use insta::assert_snapshot;
use keyfront_api::Peer;
use keyfront_testkit::signing::{Form, Signer, Tamper, tamper};

use super::STORES;
use crate::fixture::World;

fn living(seconds: u64) -> impl FnOnce(Signer) -> Signer {
    move |signer| Signer { form: Form::Presigned(Duration::from_secs(seconds)), ..signer }
}

#[tokio::test]
async fn a_presigned_request_lives_as_long_as_it_says() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1")]).await;
    let mut outcomes = Vec::new();
    for (lifetime, age) in
        [(60, 0), (60, 59), (60, 61), (3600, 3000), (604_800, 600_000), (604_801, 0), (0, 0), (60, -302)]
    {
        let control = world.control("GET", STORES).signed(living(lifetime)).signed_after(-age).send().await;
        let data = world.data("GET", store.key_path("a")).signed(living(lifetime)).signed_after(-age);
        for (plane, answer) in [("control", control), ("data", data.send().await)] {
            outcomes.push(format!("{plane:8}{lifetime:6} s, {age:6} s old: {}", answer.outcome()));
        }
    }
    assert_snapshot!(outcomes.join("\n"), @"
    control     60 s,      0 s old: 200
    data        60 s,      0 s old: 200
    control     60 s,     59 s old: 200
    data        60 s,     59 s old: 200
    control     60 s,     61 s old: 403 SignatureDoesNotMatch: Signature expired: 20261122T033031Z is now earlier than 20261122T033032Z (20261122T033132Z - 60 sec.)
    data        60 s,     61 s old: 403 InvalidSignatureException: Signature expired: 20261122T033031Z is now earlier than 20261122T033032Z (20261122T033132Z - 60 sec.)
    control   3600 s,   3000 s old: 200
    data      3600 s,   3000 s old: 200
    control 604800 s, 600000 s old: 200
    data    604800 s, 600000 s old: 200
    control 604801 s,      0 s old: 400 IncompleteSignature: X-Amz-Expires must be between 1 and 604800 seconds
    data    604801 s,      0 s old: 400 IncompleteSignatureException: X-Amz-Expires must be between 1 and 604800 seconds
    control      0 s,      0 s old: 400 IncompleteSignature: X-Amz-Expires must be between 1 and 604800 seconds
    data         0 s,      0 s old: 400 IncompleteSignatureException: X-Amz-Expires must be between 1 and 604800 seconds
    control     60 s,   -302 s old: 403 SignatureDoesNotMatch: Signature not yet current: 20261122T033634Z is still later than 20261122T033632Z (20261122T033132Z + 5 min.)
    data        60 s,   -302 s old: 403 InvalidSignatureException: Signature not yet current: 20261122T033634Z is still later than 20261122T033632Z (20261122T033132Z + 5 min.)
    ");
}

#[tokio::test]
async fn a_presigned_request_cannot_be_changed() {
    let world = World::new();
    let store = world.store("routes").await;
    for what in
        [Tamper::Path, Tamper::Query, Tamper::Host, Tamper::Signature, Tamper::Date, Tamper::AccessKeyId]
    {
        for call in [world.control("GET", store.control_path()), world.data("GET", store.key_path("a"))] {
            // `tamper` changes the URI, which has the host in it only as long as it is absolute.
            let request = call.signed(living(60)).request();
            let answer = world.send(tamper(request, what), Peer::default()).await;
            assert_eq!(answer.status, 403, "{what:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_query_that_lacks_a_part_of_the_signature_is_refused() {
    let world = World::new();
    let signed = world.control("GET", STORES).signed(living(60)).request().uri().to_string();
    let mut refusals = Vec::new();
    for part in [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
        "X-Amz-Date",
        "X-Amz-Expires",
    ] {
        let mut request = world.control("GET", STORES).unsigned().request();
        *request.uri_mut() = signed.replace(part, "Other").parse().unwrap();
        refusals.push(format!("{part:20}{}", world.send(request, Peer::default()).await.refusal()));
    }
    assert_snapshot!(refusals.join("\n"), @"
    X-Amz-Algorithm     400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Algorithm'. Re-examine the query-string parameters.
    X-Amz-Credential    400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Credential'. Re-examine the query-string parameters.
    X-Amz-Signature     400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the query-string parameters.
    X-Amz-SignedHeaders 400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.
    X-Amz-Date          400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.
    X-Amz-Expires       403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    ");
}
