//! Tests of the service models that are compiled in.

use super::*;

fn services() -> [Service; 3] {
    [Service::cloudfront().unwrap(), Service::key_value_store().unwrap(), Service::extensions().unwrap()]
}

#[test]
fn all_models_load_with_all_their_operations() {
    let [control, data, own] = services();
    assert_eq!((control.operations().len(), control.protocol), (167, Protocol::RestXml));
    assert_eq!((data.operations().len(), data.protocol), (6, Protocol::RestJson));
    assert_eq!((own.operations().len(), own.protocol), (3, Protocol::RestJson));
    assert_eq!(control.signing_name, "cloudfront");
    assert_eq!(data.signing_name, "cloudfront-keyvaluestore");
    assert_eq!(own.signing_name, data.signing_name);
    assert_eq!(control.xml_namespace, "http://cloudfront.amazonaws.com/doc/2020-05-31/");
}

#[test]
fn errors_know_their_status() {
    let [control, data, own] = services();
    for (code, status) in
        [("EntityNotFound", 404), ("PreconditionFailed", 412), ("EntitySizeLimitExceeded", 413)]
    {
        assert_eq!(control.status_of(code), Some(status), "{code}");
    }
    assert_eq!(data.status_of("ServiceQuotaExceededException"), Some(402));
    assert_eq!(data.status_of("EntityNotFound"), None);
    for operation in own.operations() {
        for code in &operation.errors {
            assert_eq!(own.status_of(code), data.status_of(code), "{code}");
        }
    }
}

/// A body is read item by item or as a whole, and never both.
#[test]
fn a_body_with_a_streamed_list_has_only_such_lists() {
    let mut streamed = Vec::new();
    for service in services() {
        for operation in service.operations().iter().filter(|operation| service.streams(operation)) {
            let structure = operation.input.as_ref().and_then(|input| service.shape(input.shape).structure());
            for member in structure.unwrap().body_members() {
                let kind = &service.shape(member.shape).kind;
                assert!(matches!(kind, Kind::List { streaming: true, .. }), "{}", member.name);
            }
            streamed.push(operation.name);
        }
    }
    assert_eq!(streamed, ["WritePairs"]);
}

#[test]
fn every_declared_error_has_a_status_and_every_pattern_is_understood() {
    for service in services() {
        for operation in service.operations() {
            for code in &operation.errors {
                assert!(service.status_of(code).is_some(), "{} declares {code}", operation.name);
            }
        }
        for shape in service.shapes() {
            let compiles = shape.pattern.as_ref().is_none_or(Pattern::compiles);
            assert!(compiles, "{} has a pattern that does not compile", shape.name);
        }
    }
}

#[test]
fn patterns_match_whole_values() {
    let pattern = Pattern::new("[a-z-_]{1,3}".into());
    for (value, matches) in [("a-_", true), ("", false), ("abcd", false), ("ab\n", false), ("A", false)] {
        assert_eq!(pattern.matches(value), matches, "{value:?}");
    }
}

/// R1 U11 and R2 V-ip of the captures of 2026-10 in MiniStack's tests. A newer model that has the member makes the addition
/// an error, which says so.
#[test]
fn members_that_the_model_does_not_know_yet_are_added() {
    let service = Service::cloudfront().unwrap();
    for name in ["VpcOriginEndpointConfig", "VpcOriginSummary"] {
        let shape = service.shapes().iter().find(|shape| shape.name == name).unwrap();
        let last = shape.structure().unwrap().members.last().unwrap();
        assert_eq!(last.name, "IpAddressType", "{name}");
        assert_eq!(service.shape(last.shape).values, ["ipv4", "dualstack"]);
    }
    let again = r#"{"shapes": {}, "members": {"VpcOriginSummary": [{"name": "Name", "shape": "string"}]}}"#;
    let refused = load::service(CLOUDFRONT, Some(again)).unwrap_err().to_string();
    assert!(refused.contains("Name is in the model and in additions.json"), "{refused}");
}
