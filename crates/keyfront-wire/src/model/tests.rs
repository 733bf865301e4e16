use super::*;

fn services() -> [Service; 2] {
    [Service::cloudfront().unwrap(), Service::key_value_store().unwrap()]
}

#[test]
fn both_models_load_with_all_their_operations() {
    let [control, data] = services();
    assert_eq!((control.operations().len(), control.protocol), (167, Protocol::RestXml));
    assert_eq!((data.operations().len(), data.protocol), (6, Protocol::RestJson));
    assert_eq!(control.signing_name, "cloudfront");
    assert_eq!(data.signing_name, "cloudfront-keyvaluestore");
    assert_eq!(control.xml_namespace, "http://cloudfront.amazonaws.com/doc/2020-05-31/");
}

#[test]
fn errors_know_their_status() {
    let [control, data] = services();
    for (code, status) in
        [("EntityNotFound", 404), ("PreconditionFailed", 412), ("EntitySizeLimitExceeded", 413)]
    {
        assert_eq!(control.status_of(code), Some(status), "{code}");
    }
    assert_eq!(data.status_of("ServiceQuotaExceededException"), Some(402));
    assert_eq!(data.status_of("EntityNotFound"), None);
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
