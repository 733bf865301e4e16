//! Tests of ARNs: parsed, refused and printed.

use super::*;

const STORE: &str = "arn:aws:cloudfront::123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";
const FUNCTION: &str = "arn:aws:cloudfront::123456789012:function/redirect_1-a";

#[test]
fn an_arn_of_any_kind_reads_back_as_it_was_written() {
    let account = "123456789012".parse().unwrap();
    for kind in ResourceKind::ALL {
        let id = match *kind {
            ResourceKind::KEY_VALUE_STORE => "54947df8-0e9e-4471-a2f9-9af509fb5889",
            _other => "K2JCJMDEHXQW5F",
        };
        let arn = Arn::new(account, *kind, id);
        let text = format!("arn:aws:cloudfront::123456789012:{}/{id}", kind.as_str());
        assert_eq!(arn.to_string(), text);
        assert_eq!(text.parse(), Ok(arn));
    }
    assert_eq!(STORE.parse::<KeyValueStoreArn>().unwrap().to_string(), STORE);
    assert_eq!(FUNCTION.parse::<FunctionArn>().unwrap().to_string(), FUNCTION);
}

#[test]
fn a_kind_has_one_word_and_a_word_one_kind() {
    let words: std::collections::BTreeSet<_> = ResourceKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(words.len(), ResourceKind::ALL.len());
    assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    assert_eq!(ResourceKind::of_word("vpcorigin"), Some(ResourceKind::VPC_ORIGIN));
    assert_eq!(ResourceKind::of_word("vpc-origin"), None);
}

#[test]
fn a_typed_arn_is_an_arn_of_its_kind() {
    for text in [STORE, FUNCTION] {
        let arn: Arn = text.parse().unwrap();
        let store = KeyValueStoreArn::try_from(&arn).map(Arn::from);
        let function = FunctionArn::try_from(&arn).map(Arn::from);
        assert_eq!((store.is_ok(), function.is_ok()), (text == STORE, text == FUNCTION));
        assert_eq!(store.or(function), Ok(arn));
    }
}

#[test]
fn the_digits_of_a_stores_id_are_read_in_capitals_and_printed_in_small_letters() {
    let (prefix, id) = STORE.rsplit_once('/').unwrap();
    let capitals = format!("{prefix}/{}", id.to_uppercase());
    assert_eq!(capitals.parse::<Arn>().unwrap().to_string(), STORE);
    assert_eq!(capitals.parse::<KeyValueStoreArn>().unwrap().to_string(), STORE);
}

#[test]
fn everything_else_is_refused() {
    for resource in [
        "",
        "function",
        "function/",
        "function/a/b",
        "function/a b",
        "key-value-store/",
        "key-value-store/my-store",
        "key-value-store/54947df80e9e4471a2f99af509fb5889",
        "key-value-store/{54947df8-0e9e-4471-a2f9-9af509fb5889}",
        "key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889/x",
        "public-key/",
        "public-key/*",
        "public-key/K1/K2",
        "public-key/ü",
        "Public-Key/K1",
        "something/K1",
    ] {
        assert!(format!("arn:aws:cloudfront::123456789012:{resource}").parse::<Arn>().is_err(), "{resource}");
    }
    for text in [
        "",
        "redirect",
        "arn:aws:cloudfront::12345678901:function/a",
        "arn:aws:cloudfront:us-east-1:123456789012:function/a",
        "arn:aws-cn:cloudfront::123456789012:function/a",
        " arn:aws:cloudfront::123456789012:function/a",
    ] {
        assert!(text.parse::<Arn>().is_err(), "{text}");
        assert!(text.parse::<FunctionArn>().is_err() && text.parse::<KeyValueStoreArn>().is_err(), "{text}");
    }
    let too_long = "a".repeat(129);
    assert!(format!("arn:aws:cloudfront::123456789012:public-key/{too_long}").parse::<Arn>().is_err());
}

#[test]
fn a_refusal_says_what_the_arn_looks_like() {
    let refused = FUNCTION.parse::<KeyValueStoreArn>().unwrap_err().to_string();
    assert_eq!(
        refused,
        "not the ARN of a key-value-store; it looks like arn:aws:cloudfront::ACCOUNT:key-value-store/ID"
    );
}
