//! What cloudfront-js-1.0 refuses beyond what cloudfront-js-2.0 refuses. Debian packages no njs that is as old, to
//! compare with; the texts follow from how the same parser treats words that it does not know.

use keyfront_domain::function::Runtime;
use keyfront_njs::prepare;

#[test]
fn the_first_runtime_has_a_smaller_language() {
    for (code, expected) in [
        ("let a = 1", "SyntaxError: Unexpected token \"let\" in 1"),
        ("var a;\nconst b = 1", "SyntaxError: Unexpected token \"const\" in 2"),
        ("async function f() {}", "SyntaxError: Unexpected token \"function\" in 1"),
        ("var f = async () => {}", "SyntaxError: Unexpected token \"=>\" in 1"),
        ("function f() { await g() }", "SyntaxError: Unexpected token \"await\" in 1"),
        ("1_000", "SyntaxError: Unexpected token \"_000\" in 1"),
        ("0x1_0", "SyntaxError: Unexpected token \"_0\" in 1"),
        ("import cf from 'cloudfront'", "SyntaxError: Cannot find module \"cloudfront\" in 1"),
        ("import b from 'buffer'", "SyntaxError: Cannot find module \"buffer\" in 1"),
        ("class A {}", "SyntaxError: Token \"class\" not supported in this version in 1"),
        ("for (var a of b) {}", "SyntaxError: Token \"of\" not supported in this version in 1"),
    ] {
        let refusal = prepare(code, Runtime::Js1).unwrap_err();
        assert_eq!(refusal.to_string(), expected, "{code}");
        assert!(refusal.instead.is_some(), "{code}");
    }
}

#[test]
fn the_first_runtime_has_the_rest() {
    for code in [
        "var a = (b, c) => `${b}` + c ** 2 ?? 1; function handler(event) { return event }",
        "import c from 'crypto'; var q = require('querystring')",
        "var o = { f() {}, get g() { return 1 }, [h]: 1, a }; var a, h; function f(...rest) {}",
        "var async = 1; async = 2",
        "Promise.resolve(1).then(function () {}); new Uint8Array(1)",
    ] {
        assert_eq!(prepare(code, Runtime::Js1).err(), None, "{code}");
    }
}
