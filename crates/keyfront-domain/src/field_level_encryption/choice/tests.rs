//! Tests of which profile a request is encrypted with.

use serde_json::{Value, json};

use super::*;

const FORM: &str = CONTENT_TYPE;

fn config(by_type: &Value, by_argument: &Value) -> FieldLevelEncryptionConfig {
    let config = json!({
        "CallerReference": "1", "ContentTypeProfileConfig": by_type, "QueryArgProfileConfig": by_argument,
    });
    serde_json::from_value(config).unwrap()
}

fn types(forward: bool, profile: Option<&str>) -> Value {
    let form = json!({"ContentType": FORM, "ProfileId": profile});
    json!({"ForwardWhenContentTypeIsUnknown": forward,
           "ContentTypeProfiles": {"Quantity": 1, "Items": [form]}})
}

fn no_types(forward: bool) -> Value {
    json!({"ForwardWhenContentTypeIsUnknown": forward})
}

fn arguments(forward: bool) -> Value {
    let items = json!([{"QueryArg": "short", "ProfileId": "PARG"}, {"QueryArg": "a%20b", "ProfileId": "P2"}]);
    json!({"ForwardWhenQueryArgProfileIsUnknown": forward,
           "QueryArgProfiles": {"Quantity": 2, "Items": items}})
}

#[test]
fn the_content_type_chooses_when_no_argument_does() {
    use Choice::{Encrypt, Forward, Refuse};
    for (by_type, content_type, expected) in [
        (types(false, Some("PTYPE")), Some(FORM), Encrypt("PTYPE")),
        (
            types(false, Some("PTYPE")),
            Some("Application/X-WWW-Form-urlencoded ; charset=UTF-8"),
            Encrypt("PTYPE"),
        ),
        (types(false, None), Some(FORM), Forward(Status::ForwardedDueToNoProfile)),
        (types(false, Some("")), Some(FORM), Forward(Status::ForwardedDueToNoProfile)),
        (types(true, Some("PTYPE")), Some("text/plain"), Forward(Status::ForwardedByContentType)),
        (types(false, Some("PTYPE")), Some("text/plain"), Refuse(Status::RejectedByContentType)),
        (types(true, Some("PTYPE")), None, Forward(Status::ForwardedByContentType)),
        (types(false, Some("PTYPE")), None, Refuse(Status::RejectedByContentType)),
        (no_types(true), Some(FORM), Forward(Status::ForwardedByContentType)),
        (no_types(false), Some(FORM), Refuse(Status::RejectedByContentType)),
        (Value::Null, Some(FORM), Forward(Status::ForwardedDueToNoProfile)),
        (Value::Null, Some("text/plain"), Forward(Status::ForwardedDueToNoProfile)),
    ] {
        for by_argument in [Value::Null, arguments(true), arguments(false)] {
            let config = config(&by_type, &by_argument);
            for query in [None, Some("fle-profiles=short&x"), Some("")] {
                let choice = choose(&config, content_type.map(str::as_bytes), query.map(str::as_bytes));
                assert_eq!(choice, expected, "{by_type} {content_type:?} {query:?}");
            }
        }
    }
}

#[test]
fn the_argument_goes_before_the_content_type() {
    use Choice::{Encrypt, Forward, Refuse};
    let malformed = Refuse(Status::MalformedQueryArgsClientError);
    for (forward, query, expected) in [
        (false, "a=b&fle-profile=short&c", Encrypt("PARG")),
        (false, "fle-profile=a%20b", Encrypt("P2")),
        (false, "fle-profile=Short", Refuse(Status::RejectedByQueryArgs)),
        (true, "fle-profile=Short", Forward(Status::ForwardedByQueryArgs)),
        (true, "fle-profile=a+b", Forward(Status::ForwardedByQueryArgs)),
        (true, "fle-profile=", malformed),
        (true, "fle-profile", malformed),
        (true, "fle-profile=%4", malformed),
        (true, "fle-profile=short&fle-profile=short", malformed),
    ] {
        for by_type in [Value::Null, types(true, Some("PTYPE")), types(true, None), no_types(false)] {
            let config = config(&by_type, &arguments(forward));
            let choice = choose(&config, Some(FORM.as_bytes()), Some(query.as_bytes()));
            assert_eq!(choice, expected, "{by_type} {query}");
        }
    }
}

#[test]
fn an_argument_means_nothing_to_a_configuration_without_arguments() {
    let config = config(&types(false, Some("PTYPE")), &Value::Null);
    for query in ["fle-profile=short", "fle-profile=", "fle-profile=%"] {
        assert_eq!(choose(&config, Some(FORM.as_bytes()), Some(query.as_bytes())), Choice::Encrypt("PTYPE"));
    }
}

#[test]
fn an_argument_does_not_make_a_form_of_something_else() {
    for (by_type, expected) in [
        (Value::Null, Choice::Refuse(Status::RejectedByContentType)),
        (types(false, Some("PTYPE")), Choice::Refuse(Status::RejectedByContentType)),
        (types(true, Some("PTYPE")), Choice::Forward(Status::ForwardedByContentType)),
    ] {
        let config = config(&by_type, &arguments(true));
        assert_eq!(choose(&config, Some(b"application/json"), Some(b"fle-profile=short")), expected);
        assert_eq!(choose(&config, None, Some(b"fle-profile=short")), expected);
    }
}

#[test]
fn a_content_type_is_a_type_and_a_subtype() {
    for header in ["", "form", "/", "a/", "/b", "a/b/c", "a b/c", "text/pl ain", "\u{e4}/b", ";charset=utf-8"]
    {
        for config in [config(&types(true, None), &Value::Null), config(&Value::Null, &arguments(true))] {
            let choice = choose(&config, Some(header.as_bytes()), None);
            assert_eq!(choice, Choice::Refuse(Status::MalformedContentTypeClientError), "{header:?}");
        }
    }
}

#[test]
fn what_is_chosen_agrees_with_what_its_status_says() {
    for (by_type, by_argument) in
        [(types(true, None), arguments(true)), (types(false, None), arguments(false))]
    {
        let config = config(&by_type, &by_argument);
        for content_type in [FORM, "text/plain", "text"] {
            for query in ["", "fle-profile=short", "fle-profile=x", "fle-profile="] {
                match choose(&config, Some(content_type.as_bytes()), Some(query.as_bytes())) {
                    Choice::Encrypt(id) => assert!(!id.is_empty()),
                    Choice::Forward(status) => assert!(status.as_str().starts_with("Forwarded")),
                    Choice::Refuse(status) => assert!(status.is_refusal()),
                }
            }
        }
    }
}
