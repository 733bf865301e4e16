//! Tests of the rules of functions: names, runtimes, stages, configurations.

use keyfront_error::Code;
use serde_json::{Value, json};

use super::*;
use crate::AccountId;

const ACCOUNT: &str = "123456789012";
const STORE: &str = "arn:aws:cloudfront::123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";

/// What the rules say of a configuration: the store that it names, or the refusal.
fn checked(runtime: &str, associations: Value) -> String {
    let mut config = json!({"Comment": "c", "Runtime": runtime});
    if !associations.is_null() {
        config["KeyValueStoreAssociations"] = associations;
    }
    let config: FunctionConfig = serde_json::from_value(config).unwrap();
    let account: AccountId = ACCOUNT.parse().unwrap();
    match config.check(account) {
        Ok(store) => store.map_or_else(|| "none".to_owned(), |store| store.to_string()),
        Err(refusal) => refusal.to_string(),
    }
}

fn items(arns: &[&str]) -> Value {
    let items: Vec<_> = arns.iter().map(|arn| json!({"KeyValueStoreARN": arn})).collect();
    json!({"Quantity": arns.len(), "Items": items})
}

#[test]
fn a_name_is_letters_digits_hyphen_and_underscore() {
    for (name, valid) in [
        ("a".to_owned(), true),
        ("My_function-1".to_owned(), true),
        ("a".repeat(64), true),
        ("a".repeat(65), false),
        (String::new(), false),
        ("a b".to_owned(), false),
        ("a/b".to_owned(), false),
        ("ä".to_owned(), false),
    ] {
        assert_eq!(is_name(&name), valid, "{name:?}");
    }
}

#[test]
fn code_is_measured_in_bytes_of_its_source() {
    let quotas = Quotas::default();
    assert_eq!(check_code(&[b'x'; 10_240], &quotas), Ok(()));
    let refusal = check_code(&[b'x'; 10_241], &quotas).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "FunctionSizeLimitExceeded: The function is too large: it has 10241 bytes and may have 10240."
    );
    let quotas = Quotas { function_code_bytes: 20_000, ..quotas };
    assert_eq!(check_code(&[b'x'; 10_241], &quotas), Ok(()));
}

#[test]
fn a_function_has_at_most_one_store_of_its_account_and_the_runtime_for_it() {
    let other = STORE.replace("123456789012", "999999999999");
    let shapeless =
        STORE.replace("54947df8-0e9e-4471-a2f9-9af509fb5889", "------------------------------------");
    for (runtime, associations, expected) in [
        ("cloudfront-js-1.0", Value::Null, "none".to_owned()),
        ("cloudfront-js-2.0", Value::Null, "none".to_owned()),
        ("cloudfront-js-1.0", json!({"Quantity": 0}), "none".to_owned()),
        ("cloudfront-js-1.0", items(&[]), "none".to_owned()),
        ("cloudfront-js-2.0", items(&[STORE]), STORE.to_owned()),
        ("cloudfront-js-2.0", items(&[&STORE.replace("df8", "DF8")]), STORE.to_owned()),
        (
            "cloudfront-js-2.0",
            items(&[STORE, STORE]),
            refused("KeyValueStoreAssociations", "A function can have at most one key value store."),
        ),
        (
            "cloudfront-js-1.0",
            items(&[STORE]),
            refused(
                "KeyValueStoreAssociations",
                "A function with a key value store needs the runtime cloudfront-js-2.0.",
            ),
        ),
        (
            "cloudfront-js-2.0",
            json!({"Quantity": 1}),
            refused("KeyValueStoreAssociations", "The value of Quantity and the size of Items don't match."),
        ),
        (
            "cloudfront-js-2.0",
            items(&[&other]),
            refused("KeyValueStoreARN", &format!("The account has no key value store {other}.")),
        ),
        (
            "cloudfront-js-2.0",
            items(&[&shapeless]),
            refused("KeyValueStoreARN", &format!("The account has no key value store {shapeless}.")),
        ),
    ] {
        assert_eq!(checked(runtime, associations.clone()), expected, "{runtime} {associations}");
    }
}

fn refused(parameter: &str, rule: &str) -> String {
    format!("InvalidArgument: The parameter {parameter} is not valid. {rule}")
}

#[test]
fn a_comment_is_limited_by_what_a_list_can_hold() {
    let config = |length| FunctionConfig {
        comment: "ü".repeat(length),
        runtime: Runtime::Js2,
        key_value_store_associations: None,
    };
    let account: AccountId = ACCOUNT.parse().unwrap();
    assert_eq!(config(4096).check(account), Ok(None));
    assert_eq!(config(4097).check(account).unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn runtimes_and_stages_are_read_as_they_are_written() {
    for runtime in [Runtime::Js1, Runtime::Js2] {
        assert_eq!(serde_json::from_value::<Runtime>(json!(runtime.as_str())).unwrap(), runtime);
    }
    assert!(serde_json::from_value::<Runtime>(json!("cloudfront-js-3.0")).is_err());
    for stage in [Stage::Development, Stage::Live] {
        assert_eq!(serde_json::from_value::<Stage>(json!(stage.as_str())).unwrap(), stage);
        assert_eq!(serde_json::to_value(stage).unwrap(), json!(stage.as_str()));
    }
    assert_eq!(Stage::default(), Stage::Development);
}
