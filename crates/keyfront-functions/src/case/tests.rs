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
