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
            "2 validation errors detected: Value 'FTP' at 'importSource.sourceType' failed to satisfy constraint: Member must satisfy value set: [S3]; Value null at 'importSource.sourceARN' failed to satisfy constraint: Member must not be null".to_owned())),
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
    assert!(message.starts_with("1000 validation errors detected") && message.len() < 4000, "{message}");
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
