//! Tests of cases: how their files are read, and how results are compared with expectations.

use super::*;
use crate::{Isolate, Limits};

const EVENT: &str = r#"{"version":"1.0","context":{"eventType":"viewer-request"},"viewer":{"ip":"198.51.100.11"},
    "request":{"method":"GET","uri":"/a","querystring":{},"headers":{},"cookies":{}}}"#;
const REDIRECT: &str = "import cf from 'cloudfront';
    async function handler(event) {
        const to = await cf.kvs().get(event.request.uri);
        console.log(to);
        return { statusCode: 302, headers: { location: { value: to } } };
    }";

fn run(code: &str, expected: &str) -> Vec<String> {
    let case = Case::parse(code.as_bytes(), EVENT.as_bytes(), expected.as_bytes()).unwrap();
    let outcome = Isolate::load(&case.function(), Limits::default()).invoke(&case.invocation());
    case.differences(&outcome)
}

#[test]
fn an_outcome_as_expected_has_no_differences() {
    for expected in [
        r#"{"store":{"/a":"/b"},"output":{"response":{"statusCode":302,"headers":{"location":{"value":"/b"}},
            "cookies":{}}},"logs":["/b"]}"#,
        r#"{"store":{},"error":"Error: KeyNotFound"}"#,
        r#"{"store":{},"error_class":"Error"}"#,
        r#"{"store":{},"error_class":"any"}"#,
    ] {
        assert_eq!(run(REDIRECT, expected), Vec::<String>::new(), "{expected}");
    }
}

#[test]
fn every_difference_is_named_with_its_place() {
    for (expected, differences) in [
        (
            r#"{"store":{"/a":"/b"},"output":{"response":{"statusCode":301,"headers":{"location":{"value":"/c"},
                "x":{"value":"y"}}}},"logs":[]}"#,
            vec![
                r#"response.headers.location.value: expected "/c", got "/b""#,
                r#"response.headers.x: expected {"value":"y"}, got nothing"#,
                "response.statusCode: expected 301, got 302",
                "response.cookies: expected nothing, got {}",
                r#"logs: expected [], got ["/b"]"#,
            ],
        ),
        (
            r#"{"store":{},"error":"Error: other"}"#,
            vec![r#"error: expected "Error: other", got "Error: KeyNotFound""#],
        ),
        (
            r#"{"store":{},"error_class":"TypeError"}"#,
            vec!["error: expected one of the class TypeError, got Error: KeyNotFound"],
        ),
    ] {
        assert_eq!(run(REDIRECT, expected), differences, "{expected}");
    }
}

const ORIGIN: &str = "import cf from 'cloudfront';
    function handler(event) {
        cf.updateRequestOrigin({ domainName: 'a.example.com', hostHeader: 'b.example.com' });
        return event.request;
    }";
const UNCHANGED: &str =
    r#""output":{"request":{"method":"GET","uri":"/a","querystring":{},"headers":{},"cookies":{}}}"#;

fn read(code: &str, members: &str) -> (Case, Outcome) {
    let expected = format!("{{{members}}}");
    let case = Case::parse(code.as_bytes(), EVENT.as_bytes(), expected.as_bytes()).unwrap();
    let outcome = Isolate::load(&case.function(), Limits::default()).invoke(&case.invocation());
    (case, outcome)
}

#[test]
fn a_chosen_origin_is_compared_where_the_case_says_one() {
    let chosen =
        r#""origin":{"updateRequestOrigin":{"domainName":"a.example.com","hostHeader":"b.example.com"}}"#;
    let other =
        r#""origin":{"updateRequestOrigin":{"domainName":"c.example.com","hostHeader":"b.example.com"}}"#;
    for (origin, differences) in [
        (chosen, vec![]),
        (
            other,
            vec![r#"origin.updateRequestOrigin.domainName: expected "c.example.com", got "a.example.com""#],
        ),
    ] {
        let (case, outcome) = read(ORIGIN, &format!("{UNCHANGED},{origin}"));
        assert_eq!(case.differences(&outcome), differences, "{origin}");
    }
}

#[test]
fn what_an_edge_refuses_is_a_difference_unless_it_is_expected() {
    let text = "The CloudFront function returned an invalid value: hostHeader cannot be set for an origin with an \
                enabled origin access control.";
    let expected = format!(r#""origin_access_control":true,"edge_error":"{text}""#);
    for (members, said) in [
        (String::from(r#""origin_access_control":false"#), None),
        (String::from(r#""origin_access_control":true"#), Some("edge: refused: ")),
        (expected.clone(), None),
        (expected.replace("true", "false"), Some("and it is not refused")),
        (expected.replace("hostHeader", "other"), Some("edge: expected ")),
    ] {
        let (case, outcome) = read(ORIGIN, &format!("{UNCHANGED},{members}"));
        let difference = case.edge_difference(&outcome);
        match said {
            None => assert_eq!(difference, None, "{members}"),
            Some(said) => {
                assert!(difference.clone().is_some_and(|text| text.contains(said)), "{difference:?}");
            }
        }
    }
}

#[test]
fn a_store_stands_for_whichever_the_code_names_unless_its_id_is_said() {
    let code = "import cf from 'cloudfront';
        async function handler(event) {
            event.request.uri = await cf.kvs('one').get('a');
            return event.request;
        }";
    let output = UNCHANGED.replace("/a", "/b");
    let (case, outcome) = read(code, &format!(r#"{output},"store":{{"a":"/b"}}"#));
    assert_eq!(case.differences(&outcome), [""; 0]);
    let (_, outcome) = read(code, &format!(r#"{output},"store":{{"a":"/b"}},"store_id":"other""#));
    let message = outcome.result.unwrap_err().message();
    assert!(message.contains("one is not associated") && message.contains("other"), "{message}");
}

#[test]
fn what_was_thrown_has_the_lines_of_the_calls() {
    let code =
        "function read(value) {\n  return value.a.b;\n}\nfunction handler(event) {\n  return read(event);\n}";
    let (_, outcome) = read(code, r#""error_class":"any""#);
    assert_eq!(outcome.stack, ["read (:2)", "handler (:5)"]);
    let (_, outcome) = read("function handler(event) { return event.request }", r#""error_class":"any""#);
    assert_eq!(outcome.stack, [""; 0]);
}

#[test]
fn what_is_no_case_is_refused_with_the_name_of_the_file() {
    for (event, expected, said) in [
        ("{", r#"{"error":"x"}"#, "event.json: "),
        (EVENT, "{", "expected.json: "),
        (EVENT, "{}", "exactly one of output, error and error_class"),
        (EVENT, r#"{"error":"x","output":{}}"#, "exactly one of output, error and error_class"),
        (EVENT, r#"{"eror":"x"}"#, "unknown field `eror`"),
        (EVENT, r#"{"error":"x","runtime":"cloudfront-js-3.0"}"#, "not a runtime"),
        (EVENT, r#"{"error":"x","now":"today"}"#, "not a time such as"),
        (EVENT, r#"{"error":"x","oracle":"none"}"#, "says why"),
    ] {
        let error = Case::parse(b"", event.as_bytes(), expected.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}
