//! Tests of CBOR web tokens in functions.

use super::super::tests::{context, run, state};
use crate::event::EventType;

/// What the body of an async function returns, or what it threw.
fn said(body: &str) -> String {
    run(&context(), state(EventType::ViewerRequest, None), body).0
}

const TOKEN: &str = "{ protected: { 1: '5' }, unprotected: { 4: Buffer.from('kid') }, payload: { 1: 'iss', 4: 1740000000, \
                     401: { 1: { 2: '.cloudfront.net' } }, 402: ['a', 'b'], s: true, n: null, f: 1.5, m: -7 } }";
const CONTEXT: &str = "{ cwtTag: true, coseTag: 'MAC0', key: 'secret' }";

#[test]
fn a_generated_token_is_a_cose_mac0_structure() {
    // Made with Python's hmac over the structure of RFC 8152, section 6.3, encoded by hand.
    let body = "return cf.cwt.generateToken({ payload: { 1: 'a', 4: 1 } }, { coseTag: 'MAC0', key: 'k' }).toString('hex')";
    assert_eq!(
        said(body),
        "d18443a10105a046a201616104015820a869e9f9dab42fc94570cb8ef628c8d7ba539127b539ea756fd7ab0bf985a4b3"
    );
    let tagged = body.replace("coseTag", "cwtTag: true, coseTag");
    assert_eq!(
        said(&tagged),
        "d83dd18443a10105a046a201616104015820a869e9f9dab42fc94570cb8ef628c8d7ba539127b539ea756fd7ab0bf985a4b3"
    );
}

#[test]
fn what_was_generated_is_validated_and_comes_back() {
    for (expression, expected) in [
        (
            "JSON.stringify(t.payload)",
            r#"{"1":"iss","4":1740000000,"401":{"1":{"2":".cloudfront.net"}},"402":["a","b"],"s":true,"n":null,"f":1.5,"m":-7}"#,
        ),
        ("JSON.stringify(t.protectedHeaders)", r#"{"1":5}"#),
        ("t.unprotectedHeaders[4].toString()", "kid"),
        ("Object.keys(t).join()", "protectedHeaders,unprotectedHeaders,payload"),
        ("cf.cwt.validateToken(cf.cwt.generateToken(t, c), c).payload[1]", "iss"),
        (
            "cf.cwt.validateToken(cf.cwt.generateToken(c, t), { key: Buffer.from('secret') }).payload[1]",
            "iss",
        ),
    ] {
        let body = format!(
            "const c = {CONTEXT}; const b = cf.cwt.generateToken({TOKEN}, c); const t = cf.cwt.validateToken(b, c); return {expression}"
        );
        assert_eq!(said(&body), expected, "{expression}");
    }
}

#[test]
fn the_example_of_rfc_8392_is_validated() {
    // Appendix A.4: a MACed CWT, with HMAC 256/64 and the key of A.2.2.
    let token = "d83dd18443a10104a1044c53796d6d65747269633235365850a70175636f61703a2f2f61732e6578616d706c652e636f6d\
                 02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f\
                 007420b7148093101ef6d789200";
    let key = "403697de87af64611c1d32a05dab0fe1fcb715a86ab435f1ec99192d79569388";
    let body = format!(
        "const t = cf.cwt.validateToken(Buffer.from('{token}', 'hex'), {{ key: Buffer.from('{key}', 'hex') }}); \
         return t.payload[1] + ' ' + t.payload[4] + ' ' + t.payload[7].toString('hex') + ' ' + t.unprotectedHeaders[4].toString()"
    );
    assert_eq!(said(&body), "coap://as.example.com 1444064944 0b71 Symmetric256");
}

#[test]
fn what_is_no_valid_token_is_refused() {
    let generate = format!("const c = {CONTEXT}; const b = cf.cwt.generateToken({TOKEN}, c);");
    for (call, problem) in [
        ("validateToken('text', c)", "validateToken: the token must be a Buffer"),
        ("validateToken(b)", "validateToken: the context must be an object with a key"),
        ("validateToken(b, {})", "validateToken: the key must be a string or a Buffer"),
        ("validateToken(b, { key: 'other' })", "validateToken: the message digest of the token is not valid"),
        (
            "validateToken(b.fill(0, b.length - 1), c)",
            "validateToken: the message digest of the token is not valid",
        ),
        (
            "validateToken(b.subarray(0, b.length - 1), c)",
            "validateToken: the token is not a COSE_Mac0 structure",
        ),
        ("validateToken(Buffer.concat([b, b]), c)", "validateToken: the token is not a COSE_Mac0 structure"),
        ("validateToken(b.subarray(3), c)", "validateToken: the token must be tagged as COSE_Mac0"),
        ("validateToken(Buffer.alloc(0), c)", "validateToken: the token must be tagged as COSE_Mac0"),
        ("validateToken(Buffer.alloc(1025), c)", "validateToken: the token is larger than 1 KB"),
        // A COSE_Mac0 with the algorithm HMAC 384/384.
        (
            "validateToken(Buffer.from('d18443a10106a041a040', 'hex'), c)",
            "validateToken: the algorithm must be HMAC-SHA256",
        ),
        ("generateToken(c)", "generateToken: a token and a context are needed, both of them objects"),
        ("generateToken({}, c)", "generateToken: the token must have a payload, which is an object"),
        ("generateToken({ payload: {} }, { key: 'k' })", "generateToken: coseTag must be \"MAC0\""),
        (
            "generateToken({ payload: {} }, { coseTag: 'MAC0' })",
            "generateToken: the key must be a string or a Buffer",
        ),
        (
            "generateToken({ payload: { a: 'x'.repeat(1025) } }, c)",
            "generateToken: the token is larger than 1 KB",
        ),
        (
            "generateToken({ payload: { a: new Array(5000) } }, c)",
            "generateToken: the token is larger than 1 KB",
        ),
        (
            "generateToken({ payload: { a: () => 1 } }, c)",
            "generateToken: the token has a value that CBOR has no form for",
        ),
        (
            "generateToken((() => { const p = {}; p.p = p; return { payload: p } })(), c)",
            "generateToken: the token is nested too deep",
        ),
        (
            "generateToken({ protected: { 1: 6 }, payload: {} }, c)",
            "generateToken: the algorithm must be HMAC-SHA256",
        ),
    ] {
        assert_eq!(
            said(&format!("{generate} return cf.cwt.{call}")),
            format!("threw Error: cwt.{problem}"),
            "{call}"
        );
    }
}

#[test]
fn no_bytes_make_it_panic() {
    use proptest::prelude::*;
    let engine = context();
    proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 0..80), tagged in any::<bool>())| {
        let head = if tagged { "d83dd184" } else { "" };
        let body = format!(
            "try {{ cf.cwt.validateToken(Buffer.concat([Buffer.from('{head}', 'hex'), Buffer.from({bytes:?})]), \
             {{ key: 'k' }}); return 'valid' }} catch (e) {{ return e.message.slice(0, 17) }}"
        );
        let (text, _) = run(&engine, state(EventType::ViewerRequest, None), &body);
        prop_assert_eq!(text, "cwt.validateToken");
    });
}
