//! What a person is told about code.

use keyfront_domain::function::Runtime;
use keyfront_njs::{Finding, Severity, lint, prepare};

fn lines(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Refused => "refused",
                Severity::FailsWhenItRuns => "fails",
            };
            format!("{}:{} {severity}: {}", finding.line, finding.column, finding.message)
        })
        .collect()
}

#[test]
fn everything_is_reported_and_not_the_first_alone() {
    let code = "\
class A {}
const { request } = event;
async function handler(event, retries = 1) {
  for (const header of Object.entries(event.request.headers)) {
    console.error(header?.name, ...header);
  }
  const seen = new Set([1, 2].flat());
  event.request.uri ??= '/';
  return fetch(new URL(event.request.uri));
}
export default handler;
";
    let findings = lint(code, Runtime::Js2);
    assert_eq!(
        lines(&findings),
        [
            "1:1 refused: SyntaxError: Token \"class\" not supported in this version in 1",
            "2:7 refused: destructuring is not supported",
            "3:31 refused: default values of parameters are not supported",
            "4:3 refused: for-of is not supported",
            "5:5 fails: console.error is not a function",
            "5:19 refused: optional chaining (?.) is not supported",
            "5:33 refused: the spread syntax (...) is not supported",
            "7:20 fails: Set is not defined",
            "7:31 fails: cloudfront-js-2.0 does not have the method flat",
            "8:3 refused: the operators ??=, ||= and &&= are not supported",
            "9:10 fails: fetch is not defined",
            "9:20 fails: URL is not defined",
            "11:1 refused: export is not supported",
        ]
    );
    assert!(findings.iter().all(|finding| finding.instead.is_some()));
}

#[test]
fn code_that_runs_has_no_findings() {
    for code in [
        "function handler(event) { return event.request }",
        "const handler = async (event) => { const a = await event; return a }",
        "import cf from 'cloudfront'; async function handler(event) { return (await cf.kvs().get('a')).replaceAll('a', 'b') }",
        "function Map() {} function handler(event) { return new Map() }",
        "function handler(event) { return typeof URL === 'undefined' ? { at() {} }.at(1) : 1 }",
    ] {
        assert_eq!(lines(&lint(code, Runtime::Js2)), [""; 0], "{code}");
    }
}

#[test]
fn each_refused_construct_says_what_to_write_instead() {
    for (code, instead) in [
        ("class A {}", "prototype"),
        ("var A = class {}", "prototype"),
        ("super.a", "prototype"),
        ("for (a of b) {}", "forEach"),
        ("for await (a of b) {}", "forEach"),
        ("var [a] = b", "Take each part"),
        ("[a, b] = [b, a]", "Take each part"),
        ("for (const {a} in b) {}", "Take each part"),
        ("function f({a}) {}", "Take each part"),
        ("f(...a)", "apply"),
        ("[...a]", "concat"),
        ("({...a})", "Object.assign"),
        ("function f(a = 1) {}", "undefined"),
        ("(a = 1) => a", "plain name"),
        ("a?.b;", "a && a.b"),
        ("a ??= b", "a = a ?? b"),
        ("function* f() {}", "list"),
        ("(function* () {})", "list"),
        ("({ *f() {} })", "list"),
        ("try {} catch {}", "catch (e)"),
        ("async function f() { g(await a) }", "Await into a variable"),
        ("await a", "async function"),
        ("export default 1", "handler"),
        ("import {a} from 'crypto'", "import crypto from 'crypto'"),
        ("import('crypto')", "import crypto from 'crypto'"),
        ("{ import a from 'crypto' }", "import crypto from 'crypto'"),
        ("import a from 'fs'", "crypto and querystring"),
        ("with (a) {}", "Name the object"),
        ("new.target", "instanceof"),
        ("10n", "number"),
        ("/a/s", "[\\s\\S]"),
        ("/[\\w-.]/", "hyphen"),
    ] {
        let refusal = prepare(code, Runtime::Js2).unwrap_err();
        assert!(refusal.instead.unwrap_or_default().contains(instead), "{code}: {refusal:?}");
    }
}

#[test]
fn places_count_characters() {
    let refusal = prepare("var a = 'ä';\n  'ö'; class A {}", Runtime::Js2).unwrap_err();
    assert_eq!((refusal.line, refusal.column), (2, 8));
}

#[test]
fn code_that_is_too_large_is_reported_by_its_size() {
    let code = format!("function handler(e) {{ return e }} //{}", "x".repeat(10_240));
    let findings = lines(&lint(&code, Runtime::Js2));
    assert_eq!(findings, ["1:1 refused: the code has 10275 bytes, and CloudFront takes 10240"]);
}

#[test]
fn a_missing_handler_is_reported() {
    assert_eq!(
        lines(&lint("function main(event) { return event }", Runtime::Js2)),
        ["1:1 fails: the code does not define a function named handler"]
    );
}

#[test]
fn code_that_no_parser_reads_is_reported_by_its_first_error() {
    let findings = lint("function handler( { return }", Runtime::Js2);
    assert_eq!(
        lines(&findings),
        ["1:19 refused: SyntaxError: Token \"{\" not supported in this version in 1"]
    );
}

#[test]
fn each_runtime_has_its_own_library() {
    let code =
        "function handler(e) { return Buffer.from(String.bytesFrom(e)).toString().replaceAll('a', '') }";
    assert_eq!(
        lines(&lint(code, Runtime::Js1)),
        [
            "1:30 fails: Buffer is not defined",
            "1:74 fails: cloudfront-js-1.0 does not have the method replaceAll",
        ]
    );
    assert_eq!(
        lines(&lint(code, Runtime::Js2)),
        ["1:49 fails: cloudfront-js-2.0 does not have the method bytesFrom"]
    );
}
