//! Tests of the checks of inputs against the model, with the words of the service.

use serde_json::json;

use super::*;

fn checked(service: &Service, operation: &str, input: Value) -> Result<(), ServiceError> {
    let operation = service.operations().iter().find(|o| o.name == operation).unwrap();
    let Value::Object(input) = input else { panic!("an input is an object") };
    service.check(operation, &input)
}

#[test]
fn violations_are_worded_as_the_service_words_them() {
    let control = Service::cloudfront().unwrap();
    let data = Service::key_value_store().unwrap();
    let long = "x".repeat(129);
    for (service, operation, input, expected) in [
        (&control, "CreateKeyValueStore", json!({"Name": "a"}), None),
        (&control, "CreateKeyValueStore", json!({}), Some("1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null".to_owned())),
        (&control, "CreateKeyValueStore", json!({"Name": "a b", "Comment": long}), Some(format!(
            "2 validation errors detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{{1,64}}; Value '{long}' at 'comment' failed to satisfy constraint: Member must have length less than or equal to 128"))),
        (&control, "CreateKeyValueStore", json!({"Name": "a", "ImportSource": {"SourceType": "FTP"}}), Some(
            "2 validation errors detected: Value null at 'importSource.sourceARN' failed to satisfy constraint: Member must not be null; Value 'FTP' at 'importSource.sourceType' failed to satisfy constraint: Member must satisfy value set: [S3]".to_owned())),
        (&control, "CreateKeyValueStore", json!({"Name": "a", "Tags": {"Items": [{"Key": "k"}, {"Value": "v"}]}}), Some(
            "1 validation error detected: Value null at 'tags.items.2.member.key' failed to satisfy constraint: Member must not be null".to_owned())),
        (&control, "DeleteKeyValueStore", json!({"Name": "a"}), None),
        (&data, "PutKey", json!({"KvsARN": "a", "Key": "k", "IfMatch": "e"}), Some(
            "1 validation error detected: Value null at 'value' failed to satisfy constraint: Member must not be null".to_owned())),
        (&data, "DeleteKey", json!({"KvsARN": "a", "Key": "k"}), Some(
            "1 validation error detected: Value null at 'ifMatch' failed to satisfy constraint: Member must not be null".to_owned())),
        (&data, "ListKeys", json!({"KvsARN": "a", "MaxResults": 51}), Some(
            "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50".to_owned())),
        (&data, "ListKeys", json!({"KvsARN": "a", "MaxResults": 0}), Some(
            "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1".to_owned())),
    ] {
        let found = checked(service, operation, input.clone()).err().map(|error| error.message().to_owned());
        assert_eq!(found, expected, "{operation} {input}");
    }
}

#[test]
fn each_plane_has_its_own_code() {
    let code =
        |service: &Service, operation: &str| checked(service, operation, json!({})).unwrap_err().code();
    assert_eq!(code(&Service::cloudfront().unwrap(), "CreateKeyValueStore"), Code::MalformedXML);
    assert_eq!(code(&Service::key_value_store().unwrap(), "PutKey"), Code::ValidationException);
}

#[test]
fn sensitive_values_are_not_shown_and_long_reports_are_cut() {
    let control = Service::cloudfront().unwrap();
    let input = json!({"Name": "f", "IfMatch": "e", "EventObject": ""});
    let message =
        checked(&control, "TestFunction", json!({"Name": "f", "EventObject": "c2VjcmV0".repeat(10_000)}))
            .unwrap_err()
            .message()
            .to_owned();
    assert!(message.starts_with("1 validation error detected: Value at 'eventObject' failed"), "{message}");
    assert!(checked(&control, "TestFunction", input).is_ok());
    // 40,960 bytes, which the model allows, are 54,616 characters; one more is as many.
    for (text, valid) in [("A".repeat(54_614) + "==", true), ("A".repeat(54_615) + "=", false)] {
        assert_eq!(text.len(), 54_616);
        let input = json!({"Name": "f", "EventObject": text});
        assert_eq!(checked(&control, "TestFunction", input).is_ok(), valid);
    }
    let tags: Vec<_> = (0..1000).map(|_| json!({"Value": "v"})).collect();
    let message = checked(&control, "CreateKeyValueStore", json!({"Name": "a", "Tags": {"Items": tags}}))
        .unwrap_err()
        .message()
        .to_owned();
    assert!(message.starts_with("10 validation errors detected") && message.len() < 4000, "{message}");
}

#[test]
fn each_violation_has_its_place_and_none_is_cut() {
    let control = Service::cloudfront().unwrap();
    let operation = control.operations().iter().find(|o| o.name == "CreateKeyValueStore").unwrap();
    let tags: Vec<_> = (0..50).map(|_n| json!({"Value": "v"})).collect();
    let Value::Object(input) = json!({"Name": "a", "Tags": {"Items": tags}}) else { panic!("an object") };
    let violations = control.violations(operation, &input);
    assert_eq!(violations.len(), 50);
    assert_eq!(violations[49].path, "tags.items.50.member.key");
    let message =
        "Value null at 'tags.items.50.member.key' failed to satisfy constraint: Member must not be null";
    assert_eq!(violations[49].message, message);
}

/// That the control plane finds these violations of an input and no others, in this order.
fn assert_violations(operation: &str, input: Value, expected: &[String]) {
    let noun = if expected.len() == 1 { "error" } else { "errors" };
    let expected = format!("{} validation {noun} detected: {}", expected.len(), expected.join("; "));
    let error = checked(&Service::cloudfront().unwrap(), operation, input).unwrap_err();
    assert_eq!(error.message(), expected, "{operation}");
}

fn null(path: &str) -> String {
    format!("Value null at '{path}' failed to satisfy constraint: Member must not be null")
}

/// Each case names its capture of 2026-10 in MiniStack's tests; "enum value set" there is "value set" here.
#[test]
fn violations_stand_in_the_order_of_the_service() {
    let place = "vpcOriginEndpointConfig";
    let protocols =
        "Member must satisfy constraint: [Member must satisfy value set: [SSLv3, TLSv1, TLSv1.1, TLSv1.2]]";
    let policy =
        "failed to satisfy constraint: Member must satisfy value set: [https-only, http-only, match-viewer]";
    // R2 V-order/raw-empty-config.
    let members = ["hTTPPort", "name", "originProtocolPolicy", "hTTPSPort", "arn"];
    let expected = members.map(|member| null(&format!("{place}.{member}")));
    assert_violations("CreateVpcOrigin", json!({"VpcOriginEndpointConfig": {}}), &expected);
    // R3 V-order/raw-items-without-quantity-bad-ssl-rest-null, R1 V-order/tls13+tls11.
    assert_violations(
        "CreateVpcOrigin",
        json!({"VpcOriginEndpointConfig": {
            "Name": "a", "Arn": "b", "HTTPSPort": 443, "OriginProtocolPolicy": "redirect-to-https",
            "OriginSslProtocols": {"Items": ["TLSv1.3", "", "TLSv1.1"]},
        }}),
        &[
            null(&format!("{place}.hTTPPort")),
            null(&format!("{place}.originSslProtocols.quantity")),
            format!(
                "Value '[TLSv1.3, , TLSv1.1]' at '{place}.originSslProtocols.items' failed to satisfy constraint: {protocols}"
            ),
            format!("Value 'redirect-to-https' at '{place}.originProtocolPolicy' {policy}"),
        ],
    );
    // R2 V-ip/ip-address-type-ipv6, R1 U2/update-A-no-if-match-valid-body.
    assert_violations(
        "UpdateVpcOrigin",
        json!({"Id": "vo_x", "VpcOriginEndpointConfig": {
            "Name": "a", "Arn": "b", "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only",
            "IpAddressType": "ipv6",
        }}),
        &[
            format!(
                "Value 'ipv6' at '{place}.ipAddressType' failed to satisfy constraint: Member must satisfy value set: \
                 [ipv4, dualstack]"
            ),
            null("ifMatch"),
        ],
    );
    // R1 U2/delete-A-no-if-match.
    assert_violations("DeleteVpcOrigin", json!({"Id": "vo_x"}), &[null("ifMatch")]);
}

/// G:key-hash-and-value-hash-same-tag, F:key-hash-and-key-129 and H:raw-missing-code of the captures of 2026-10 in
/// MiniStack's tests.
#[test]
fn of_a_tag_the_value_comes_before_the_key_and_no_bytes_are_shown() {
    let pattern = "Member must satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)";
    let long = "#".repeat(129);
    let config = json!({"Comment": "", "Runtime": "cloudfront-js-2.0"});
    let tags = json!({"Items": [{"Key": "a#b", "Value": "c#d"}, {"Key": long}]});
    let of = |value: &str, path: &str, rule: &str| {
        format!("Value '{value}' at 'tags.items.{path}' failed to satisfy constraint: {rule}")
    };
    assert_violations(
        "CreateFunction",
        json!({"Name": "f", "FunctionConfig": config, "Tags": tags}),
        &[
            "Value at 'functionCode' failed to satisfy constraint: Member must not be null".to_owned(),
            of("c#d", "1.member.value", pattern),
            of("a#b", "1.member.key", pattern),
            of(&long, "2.member.key", "Member must have length less than or equal to 128"),
            of(&long, "2.member.key", pattern),
        ],
    );
    // As the list of protocols, with all the rules of its items.
    let resource = "arn:aws:cloudfront::111122223333:distribution/E1";
    assert_violations(
        "UntagResource",
        json!({"Resource": resource, "TagKeys": {"Items": ["a", ""]}}),
        &[format!(
            "Value '[a, ]' at 'tagKeys.items' failed to satisfy constraint: Member must satisfy constraint: [Member must \
             have length less than or equal to 128, Member must have length greater than or equal to 1, {pattern}]"
        )],
    );
}
