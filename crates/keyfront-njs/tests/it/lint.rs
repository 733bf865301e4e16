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
                Severity::Warning => "warning",
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

/// Code, and what is said of it.
type Case = (&'static str, &'static [&'static str]);

fn each(cases: &[Case]) {
    for (code, expected) in cases {
        assert_eq!(lines(&lint(code, Runtime::Js2)), *expected, "{code}");
    }
}

const HANDLER: &str = "function handler(event) { return event.request }";

#[test]
fn a_handler_may_be_defined_in_many_ways() {
    for code in [
        "global.handler = function (event) { return event.request }",
        "globalThis.handler = (event) => event.request;",
        "globalThis['handler'] = (event) => event.request;",
        "this.handler = function (event) { return event.request }",
        "(function () { globalThis.handler = function (event) { return event.request } })()",
        "(() => { function main(event) { return event.request } global.handler = main; })();",
        "(function (g) { g.handler = function (event) { return event.request } })(this)",
        "var handler = (() => { return function (event) { return event.request } })();",
        "Object.defineProperty(globalThis, 'handler', { value: (event) => event.request })",
        "Object.assign(globalThis, { handler: (event) => event.request })",
    ] {
        assert_eq!(lines(&lint(code, Runtime::Js2)), [""; 0], "{code}");
    }
}

#[test]
fn code_that_asks_whether_a_module_is_there_has_no_findings() {
    for guarded in [
        "if (typeof module !== 'undefined') { module.exports = { handler }; }",
        "if (typeof module !== 'undefined' && module.exports) module.exports = { handler: handler };",
        "typeof module !== 'undefined' && (module.exports = { handler });",
        "typeof module === 'object' ? module.exports = handler : 0;",
        "if (typeof exports !== 'undefined') { exports.handler = handler; }",
        "if (typeof module === 'undefined') { 0; } else { module.exports = handler; }",
        "if (typeof process !== 'undefined' && process.env.TEST) { module.exports = handler; }",
        "if ((typeof module) !== 'undefined') { (function () { module.exports = handler })() }",
        "try { module.exports = { handler }; } catch (e) {}",
        "function name() { return typeof module; }",
    ] {
        let code = format!("{HANDLER}\n{guarded}");
        assert_eq!(lines(&lint(&code, Runtime::Js2)), [""; 0], "{code}");
    }
}

#[test]
fn code_that_no_invocation_gets_through_is_refused() {
    each(&[
        (
            "module.exports = { handler }; function handler(event) { return event.request }",
            &["1:1 refused: module is not defined"],
        ),
        (
            "Object.defineProperty(exports, '__esModule', { value: true }); exports.handler = handler;\nfunction handler(event) { return event.request }",
            &["1:23 refused: exports is not defined", "1:64 refused: exports is not defined"],
        ),
        (
            "exports.handler = function (event) { return event.request }",
            &[
                "1:1 refused: exports is not defined",
                "1:1 refused: the code does not define a function named handler",
            ],
        ),
        (
            "var seen = new Map(); function handler(event) { return event.request }",
            &["1:16 refused: Map is not defined"],
        ),
        (
            "(function () { module.exports = 1 })(); function handler(event) { return event.request }",
            &["1:16 refused: module is not defined"],
        ),
        ("", &["1:1 refused: the code does not define a function named handler"]),
        (
            "(function () { function handler(e) { return e.request } })()",
            &["1:1 refused: the code does not define a function named handler"],
        ),
    ]);
}

#[test]
fn names_that_nothing_declares_are_reported() {
    each(&[
        ("function handler(event) { return evnt.request }", &["1:34 fails: evnt is not defined"]),
        (
            "function handler(event) { uri = event.request.uri; return event.request }",
            &["1:27 fails: uri is not defined"],
        ),
        (
            "handler = function (event) { return event.request }",
            &["1:1 refused: the code does not define a function named handler"],
        ),
        ("async function handler(event) { return cf.kvs() }", &["1:40 fails: cf is not defined"]),
        ("globalThis.seen = 1; function handler(event) { return seen }", &[]),
        ("function handler(event) { for (var i = 0; i < arguments.length; i++) {} return undefined }", &[]),
        (
            "if (0) { window.x = 1 } function handler(event) { return event.request }",
            &["1:10 fails: window is not defined"],
        ),
    ]);
}

#[test]
fn what_the_documentation_warns_of_is_reported() {
    each(&[
        (
            "function handler(event) { console.log('uri', event.request.uri); return event.request }",
            &["1:27 warning: console.log prints its first argument alone"],
        ),
        (
            "function handler(event) { event.request.origin = { custom: {} }; return event.request }",
            &["1:41 warning: request.origin does nothing"],
        ),
        (
            "function handler(event) { return { statusCode: 302, headers: { Location: { value: '/' }, 'X-A': { value: '1' } } } }",
            &[
                "1:64 fails: the header name Location is not in lower case, and CloudFront refuses it",
                "1:90 fails: the header name X-A is not in lower case, and CloudFront refuses it",
            ],
        ),
        (
            "function handler(event) { var headers = event.request.headers; headers['X-A'] = { value: headers.Host.value }; return event.request }",
            &[
                "1:72 fails: the header name X-A is not in lower case, and CloudFront refuses it",
                "1:98 warning: no header is called Host: their names are in lower case",
            ],
        ),
        ("function handler(event) { return event.request.headers.hasOwnProperty('x') }", &[]),
    ]);
}

#[test]
fn promises_of_a_store_that_nothing_awaits_are_reported() {
    let import = "import cf from 'cloudfront'; const kvs = cf.kvs(); async function handler(event) {";
    for (body, said) in [
        (
            "const to = kvs.get('a'); return { statusCode: 302, headers: { location: { value: to } } }",
            Some("get"),
        ),
        ("kvs.get('a'); return event.request", Some("get")),
        ("if (kvs.exists('a')) { return event.request }", Some("exists")),
        ("event.request.uri = `${kvs.get('a')}`; return event.request", Some("get")),
        ("event.request.uri = '/' + cf.kvs().get('a'); return event.request", Some("get")),
        ("return kvs.meta().keyCount", Some("meta")),
        ("const to = await kvs.get('a'); return to", None),
        ("const to = kvs.get('a'); return await to", None),
        ("const all = [kvs.get('a'), kvs.get('b')]; return (await Promise.all(all))[0]", None),
        ("let to; to = kvs.get('a'); await to; return event.request", None),
        ("return { uri: kvs.get('a') }", Some("get")),
        ("return kvs.get('a').then((v) => v)", None),
        ("const read = (key) => kvs.get(key); return await read('a')", None),
        ("return kvs.get('a')", None),
        ("const map = { get() {} }; map.get('a'); return event.request", None),
    ] {
        let findings = lines(&lint(&format!("{import} {body} }}"), Runtime::Js2));
        match said {
            None => assert_eq!(findings, [""; 0], "{body}"),
            Some(method) => assert!(
                findings.len() == 1
                    && findings[0].ends_with(&format!(
                        "warning: {method} of a key value store gives a promise, and nothing awaits it"
                    )),
                "{body}: {findings:?}"
            ),
        }
    }
    let count = format!("{import} return await kvs.count() }}");
    assert_eq!(lines(&lint(&count, Runtime::Js2)), ["1:101 fails: a key value store has no method count"]);
}

#[test]
fn going_through_a_large_literal_is_reported() {
    let members = |count: u8| (0..count).map(|n| format!("k{n}: {n}")).collect::<Vec<_>>().join(", ");
    for (count, through, reported) in [
        (11, "for (const k in rules) { console.log(k) }", true),
        (10, "for (const k in rules) { console.log(k) }", false),
        (11, "return Object.keys(rules)", true),
        (11, "return Object.entries(rules).forEach((e) => e)", true),
        (11, "return JSON.stringify(rules)", true),
        (11, "return Object.keys(rules).sort()", false),
        (11, "return Object.keys(rules).length", false),
        (11, "return rules.k1", false),
    ] {
        let code =
            format!("const rules = {{ {} }};\nfunction handler(event) {{ {through} }}", members(count));
        let findings = lint(&code, Runtime::Js2);
        assert_eq!(
            findings.iter().any(|one| one.severity == Severity::Warning),
            reported,
            "{through} {findings:?}"
        );
    }
}

#[test]
fn typescript_is_recognized() {
    let code = "interface Event { request: unknown }\nfunction handler(event: Event): unknown { return event.request }";
    let findings = lint(code, Runtime::Js2);
    assert_eq!(
        findings.last().map(|one| one.message.as_str()),
        Some("the code is TypeScript, which CloudFront does not run")
    );
    assert!(findings.iter().any(|one| one.instead.is_some_and(|instead| instead.contains("fn build"))));
    let broken = lint("function handler(event { return event }", Runtime::Js2);
    assert!(broken.iter().all(|one| !one.message.contains("TypeScript")), "{broken:?}");
}

#[test]
fn an_await_that_the_engine_overlooks_is_reported() {
    let code =
        "async function handler(event) { return f(g(1), await event) } function f() {} function g() {}";
    assert_eq!(
        lines(&lint(code, Runtime::Js2)),
        ["1:48 fails: await in the arguments of a call is not supported"]
    );
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
        ["1:1 refused: the code does not define a function named handler"]
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
