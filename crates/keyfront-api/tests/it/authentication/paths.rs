//! Paths that lead to no operation.

use insta::assert_snapshot;

use crate::fixture::{Call, World};

#[tokio::test]
async fn a_path_that_is_no_operation_is_refused_in_the_form_of_its_plane() {
    let world = World::new();
    assert_snapshot!(world.control("GET", "/2020-05-31/nothing").send().await, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>InvalidURI</Code><Message>Could not parse the specified URI.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(world.data("GET", "/key-value-stores/").send().await, @r#"
    404
    content-type: application/json
    x-amzn-errortype: UnknownOperationException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    {"Message":"The requested operation does not exist."}
    "#);
    let calls: [(&str, Call<'_>); 13] = [
        ("method", world.control("PATCH", "/2020-05-31/key-value-store")),
        ("dot segment", world.control("GET", "/2020-05-31/./key-value-store")),
        ("empty segment", world.control("GET", "/2020-05-31//key-value-store")),
        ("last slash", world.control("GET", "/2020-05-31/key-value-store/")),
        ("older version", world.control("GET", "/2019-03-26/distribution")),
        ("root", world.control("GET", "/")),
        ("data root", world.data("GET", "/")),
        ("data stores", world.data("GET", "/key-value-stores")),
        ("data method", world.data("PATCH", "/key-value-stores/x")),
        ("data segment", world.data("GET", "/key-value-stores/x/keys/y/z")),
        (
            "data raw slash",
            world.data("GET", "/key-value-stores/arn:aws:cloudfront::111122223333:key-value-store/x"),
        ),
        ("unsigned", world.control("GET", "/2020-05-31/nothing").unsigned()),
        ("unsigned root", world.control("GET", "/").unsigned()),
    ];
    let mut refusals = Vec::new();
    for (what, call) in calls {
        refusals.push(format!("{what:16}{}", call.send().await.refusal()));
    }
    assert_snapshot!(refusals.join("\n"), @"
    method          400 InvalidURI: Could not parse the specified URI.
    dot segment     400 InvalidURI: Could not parse the specified URI.
    empty segment   400 InvalidURI: Could not parse the specified URI.
    last slash      400 InvalidURI: Could not parse the specified URI.
    older version   400 InvalidURI: Could not parse the specified URI.
    root            400 InvalidURI: Could not parse the specified URI.
    data root       404 UnknownOperationException: The requested operation does not exist.
    data stores     404 UnknownOperationException: The requested operation does not exist.
    data method     404 UnknownOperationException: The requested operation does not exist.
    data segment    404 UnknownOperationException: The requested operation does not exist.
    data raw slash  404 UnknownOperationException: The requested operation does not exist.
    unsigned        400 InvalidURI: Could not parse the specified URI.
    unsigned root   400 InvalidURI: Could not parse the specified URI.
    ");
}

/// A client whose every endpoint leads here hears which service is not, in the form that it reads.
#[tokio::test]
async fn a_request_for_another_service_is_refused_with_its_name() {
    let world = World::new();
    let form = world.query("cloudformation", "Action=DescribeStacks&Version=2010-05-15").send().await;
    assert_snapshot!(form, @r#"
    501
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Receiver</Type><Code>NotImplemented</Code><Message>Keyfront does not have the service 'cloudformation'. It has 'cloudfront', 'cloudfront-keyvaluestore', sts:GetCallerIdentity and iam:GetUser; point only their clients here, and those of 'cloudformation' at AWS or at another server.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    let json =
        world.query("dynamodb", "{}").header("content-type", "application/x-amz-json-1.0").send().await;
    assert_eq!((json.status, json.header("x-amzn-errortype")), (501, "NotImplementedException"), "{json}");
    assert!(json.body.contains("the service 'dynamodb'"), "{json}");
    for (method, path) in
        [("GET", "/bucket/key.json"), ("PUT", "/bucket"), ("GET", "/"), ("POST", "/2015-03-31/functions")]
    {
        let s3 = |signer| keyfront_testkit::signing::Signer { service: "s3".to_owned(), ..signer };
        let answer = world.control(method, path).signed(s3).send().await;
        assert!(
            answer.refusal().starts_with("501 NotImplemented: Keyfront does not have the service 's3'."),
            "{answer}"
        );
    }
}

/// The service that signs does not choose the operation.
#[tokio::test]
async fn a_signature_for_one_plane_is_none_for_the_other() {
    let world = World::new();
    let data = world.data("GET", "/2020-05-31/key-value-store").send().await;
    assert_snapshot!(data.refusal(), @"400 IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
    let control = world.control("GET", "/key-value-stores/x").send().await;
    assert_snapshot!(control.refusal(), @"403 InvalidSignatureException: Credential should be scoped to correct service: 'cloudfront-keyvaluestore'.");
}
