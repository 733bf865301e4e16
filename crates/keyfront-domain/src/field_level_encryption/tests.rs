//! Tests of the rules of configurations and profiles of field-level encryption.

use keyfront_error::ServiceError;
use serde_json::{Value, json};

use super::*;
use crate::Quotas;

fn code(checked: Result<(), ServiceError>) -> String {
    checked.map_or_else(|refusal| format!("{:?}", refusal.code()), |()| "ok".to_owned())
}

#[test]
fn a_pattern_is_a_name_or_how_names_begin() {
    let longest = "a".repeat(128);
    let too_long = "a".repeat(129);
    for (text, expected) in [
        ("DateOfBirth", Some(FieldPattern::Name("DateOfBirth"))),
        ("card[0].no_-", Some(FieldPattern::Name("card[0].no_-"))),
        ("Card*", Some(FieldPattern::Prefix("Card"))),
        ("*", Some(FieldPattern::Prefix(""))),
        (longest.as_str(), Some(FieldPattern::Name(&longest))),
        (too_long.as_str(), None),
        ("", None),
        ("a*b", None),
        ("a**", None),
        ("a b", None),
        ("ä", None),
    ] {
        assert_eq!(FieldPattern::parse(text), expected, "{text:?}");
    }
}

#[test]
fn patterns_overlap_when_a_field_is_meant_by_both() {
    for (one, two, overlap) in [
        ("ABC", "ABC", true),
        ("ABC*", "AB*", true),
        ("ABC", "AB*", true),
        ("AB", "AB*", true),
        ("*", "x", true),
        ("ABC", "ABD", false),
        ("abc", "ABC", false),
        ("abc*", "AB*", false),
        ("A", "AB*", false),
        ("AB*", "AC*", false),
    ] {
        let [first, second] = [one, two].map(|text| FieldPattern::parse(text).unwrap());
        assert_eq!(first.overlaps(&second), overlap, "{one} {two}");
        assert_eq!(second.overlaps(&first), overlap, "{two} {one}");
    }
}

fn entity(key: &str, provider: &str, patterns: &[&str]) -> Value {
    json!({"PublicKeyId": key, "ProviderId": provider,
           "FieldPatterns": {"Quantity": patterns.len(), "Items": patterns}})
}

fn profile(entities: &[Value]) -> Value {
    json!({"Name": "profile", "CallerReference": "1",
           "EncryptionEntities": {"Quantity": entities.len(), "Items": entities}})
}

fn with(mut document: Value, path: &str, value: Value) -> Value {
    *document.pointer_mut(path).unwrap() = value;
    document
}

#[test]
fn a_profile_says_what_is_wrong_with_it() {
    let good = || profile(&[entity("K1", "pro:vider_-1", &["a", "b*"]), entity("K2", "p", &["c"])]);
    let many: Vec<String> = (0..11).map(|n| format!("field-{n}-")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let entities: Vec<Value> = many.iter().map(|name| entity("K1", "p", &[name])).collect();
    for (document, expected) in [
        (good(), "ok"),
        (profile(&[]), "ok"),
        (profile(&[entity("K1", "p", &many[..10])]), "ok"),
        (with(good(), "/Name", json!("two words")), "InvalidArgument"),
        (with(good(), "/CallerReference", json!("")), "InvalidArgument"),
        (with(good(), "/EncryptionEntities/Quantity", json!(3)), "InconsistentQuantities"),
        (
            with(good(), "/EncryptionEntities/Items/0/FieldPatterns/Quantity", json!(1)),
            "InconsistentQuantities",
        ),
        (profile(&[entity("K1", "two words", &["a"])]), "InvalidArgument"),
        (profile(&[entity("K1", "", &["a"])]), "InvalidArgument"),
        (profile(&[entity("K1", &"p".repeat(129), &["a"])]), "InvalidArgument"),
        (profile(&[entity("K1", "p", &["a b"])]), "InvalidArgument"),
        (profile(&[entity("K1", "p", &["ABC*", "AB*"])]), "InvalidArgument"),
        (profile(&[entity("K1", "p", &["ABC*"]), entity("K2", "p", &["ABCD"])]), "InvalidArgument"),
        (profile(&[entity("K1", "p", &many)]), "TooManyFieldLevelEncryptionFieldPatterns"),
        (profile(&entities), "TooManyFieldLevelEncryptionEncryptionEntities"),
    ] {
        let config: FieldLevelEncryptionProfileConfig = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(code(config.check(&Quotas::default())), expected, "{document}");
    }
}

#[test]
fn a_profile_names_each_key_once_and_keeps_its_reference() {
    let document =
        profile(&[entity("K2", "p", &["a"]), entity("K1", "p", &["b"]), entity("K2", "q", &["c"])]);
    let config: FieldLevelEncryptionProfileConfig = serde_json::from_value(document).unwrap();
    assert_eq!(config.public_key_ids().into_iter().collect::<Vec<_>>(), ["K1", "K2"]);
    let renamed = FieldLevelEncryptionProfileConfig { name: "other".to_owned(), ..config.clone() };
    assert_eq!(code(config.check_change(&renamed)), "ok");
    let replayed = FieldLevelEncryptionProfileConfig { caller_reference: "2".to_owned(), ..config.clone() };
    assert_eq!(code(config.check_change(&replayed)), "IllegalUpdate");
}

fn config() -> Value {
    json!({
        "CallerReference": "1",
        "QueryArgProfileConfig": {
            "ForwardWhenQueryArgProfileIsUnknown": true,
            "QueryArgProfiles": {"Quantity": 1, "Items": [{"QueryArg": "a.b_c*+%-", "ProfileId": "P1"}]},
        },
        "ContentTypeProfileConfig": {
            "ForwardWhenContentTypeIsUnknown": false,
            "ContentTypeProfiles": {"Quantity": 1, "Items": [content_type()]},
        },
    })
}

fn content_type() -> Value {
    json!({"Format": "URLEncoded", "ContentType": "application/x-www-form-urlencoded", "ProfileId": "P2"})
}

#[test]
fn a_configuration_says_what_is_wrong_with_it() {
    let arguments = |items: Vec<Value>| {
        let list = json!({"Quantity": items.len(), "Items": items});
        with(config(), "/QueryArgProfileConfig/QueryArgProfiles", list)
    };
    let types = |items: Vec<Value>| {
        let list = json!({"Quantity": items.len(), "Items": items});
        with(config(), "/ContentTypeProfileConfig/ContentTypeProfiles", list)
    };
    let argument = |value: &str| json!({"QueryArg": value, "ProfileId": "P1"});
    let many = |n: usize| (0..n).map(|n| argument(&format!("a{n}"))).collect::<Vec<_>>();
    for (document, expected) in [
        (config(), "ok"),
        (json!({"CallerReference": "1"}), "ok"),
        (arguments(vec![]), "ok"),
        (arguments(many(5)), "ok"),
        (types(vec![with(content_type(), "/ProfileId", Value::Null)]), "ok"),
        (with(config(), "/CallerReference", json!("")), "InvalidArgument"),
        (
            with(config(), "/QueryArgProfileConfig/QueryArgProfiles/Quantity", json!(0)),
            "InconsistentQuantities",
        ),
        (
            with(config(), "/ContentTypeProfileConfig/ContentTypeProfiles/Quantity", json!(2)),
            "InconsistentQuantities",
        ),
        (arguments(many(6)), "TooManyFieldLevelEncryptionQueryArgProfiles"),
        (arguments(vec![argument("a"), argument("a")]), "InvalidArgument"),
        (arguments(vec![argument("a b")]), "InvalidArgument"),
        (arguments(vec![argument("")]), "InvalidArgument"),
        (arguments(vec![argument(&"a".repeat(129))]), "InvalidArgument"),
        (arguments(vec![json!({"QueryArg": "a", "ProfileId": ""})]), "QueryArgProfileEmpty"),
        (types(vec![with(content_type(), "/ContentType", json!("application/json"))]), "InvalidArgument"),
        (types(vec![content_type(), content_type()]), "TooManyFieldLevelEncryptionContentTypeProfiles"),
    ] {
        let config: FieldLevelEncryptionConfig = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(code(config.check(&Quotas::default())), expected, "{document}");
    }
}

#[test]
fn a_configuration_names_each_profile_once_and_keeps_its_reference() {
    let read = |document| serde_json::from_value::<FieldLevelEncryptionConfig>(document).unwrap();
    assert_eq!(read(config()).profile_ids().into_iter().collect::<Vec<_>>(), ["P1", "P2"]);
    let nothing =
        with(config(), "/ContentTypeProfileConfig/ContentTypeProfiles/Items/0/ProfileId", json!(""));
    assert_eq!(read(nothing).profile_ids().into_iter().collect::<Vec<_>>(), ["P1"]);
    assert_eq!(read(json!({"CallerReference": "1"})).profile_ids().len(), 0);
    let replayed = with(config(), "/CallerReference", json!("2"));
    assert_eq!(code(read(config()).check_change(&read(replayed))), "IllegalUpdate");
    let commented = with(config(), "/QueryArgProfileConfig", Value::Null);
    assert_eq!(code(read(config()).check_change(&read(commented))), "ok");
}
