//! Random bytes and texts through everything that codes them, compared with njs and with themselves.

use keyfront_domain::function::Runtime;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::engine::{njs_outcomes, outcomes};

/// Inputs per property; njs gets all of them at once.
const CASES: usize = 200;

/// Compares what both engines print for the expression that each of many inputs makes.
fn compare<S: Strategy>(inputs: &S, expression: impl Fn(S::Value) -> String) {
    let mut runner = TestRunner::deterministic();
    let expressions: Vec<String> =
        (0..CASES).map(|_| expression(inputs.new_tree(&mut runner).unwrap().current())).collect();
    let (here, njs) = (outcomes(Runtime::Js2, &expressions), njs_outcomes(&expressions));
    assert_eq!(here.len(), njs.len());
    for ((expression, here), njs) in expressions.iter().zip(&here).zip(&njs) {
        assert_eq!(here, njs, "{expression}");
    }
}

/// A text as JavaScript writes it.
fn literal(text: &str) -> String {
    serde_json::to_string(text).unwrap().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    // Bytes of which UTF-8 is made come often, so that much of it is nearly right.
    let byte = prop_oneof![any::<u8>(), 0x80_u8..0xc0, 0xc0_u8..=0xff, 0x20_u8..0x7f];
    vec(byte, 0..40)
}

fn texts() -> impl Strategy<Value = String> {
    let char =
        prop_oneof![any::<char>(), proptest::char::range('\u{0}', '\u{ff}'), proptest::char::range(' ', '~')];
    vec(char, 0..20).prop_map(|chars| chars.into_iter().collect())
}

/// Texts of few characters, in which everything that means something to the codings comes often.
fn dense() -> impl Strategy<Value = String> {
    "[A-Fa-f0-9+/=_ %&\\-]{0,24}|(%[0-9a-fA-F]{2}|[a-c&=+%]){0,16}|(%(c3|a9|e2|82|ac|f0|9f|98|80|ed|ff|41)|[+xé]){0,12}"
}

#[test]
fn bytes_become_the_same_text_as_in_njs() {
    compare(&bytes(), |bytes| {
        format!(
            "(function (b) {{ return [b.toString(), b.toString('hex'), b.toString('base64'), b.toString('base64url'), \
             new TextDecoder().decode(b), crypto.createHash('md5').update(b).digest('hex'), \
             crypto.createHmac('sha1', b).update(b).digest('base64'), JSON.stringify(b)] }})(Buffer.from({bytes:?}))"
        )
    });
}

// What njs 0.7.9 makes of a text with not one whole byte in it is not what the engine of May 2023 makes of it.
#[test]
fn texts_become_the_same_bytes_as_in_njs() {
    compare(&prop_oneof![texts(), dense()], |text| {
        format!(
            "(function (s) {{ return each(['utf8', 'hex', 'base64', 'base64url'], function (e) {{ \
             return [Buffer.byteLength(s, e)].concat(Buffer.byteLength(s, e) > 0 ? [Buffer.from(s, e), \
             crypto.createHash('sha256').update(s, e).digest('hex')] : []) }}).concat([new TextEncoder().encode(s)], each([atob, btoa], function (f) {{ return f(s) }})) }})({})",
            literal(&text)
        )
    });
}

// The order of the parts is left out: in the engine, names that are numbers come first.
#[test]
fn query_strings_are_read_and_written_as_in_njs() {
    compare(&prop_oneof![dense(), texts()], |text| {
        format!(
            "(function (s) {{ var o = querystring.parse(s); return [o, querystring.stringify(o).split('&').sort().join('&'), querystring.escape(s), \
             querystring.unescape(s), querystring.parse(s, 'a', '%'), querystring.parse(s, '&', '=', {{maxKeys: 2}})] \
             }})({})",
            literal(&text)
        )
    });
}

#[test]
fn searches_end_where_those_of_njs_end() {
    let input = (vec(97_u8..100, 0..12), vec(97_u8..100, 0..4), -15_i32..15);
    compare(&input, |(content, needle, from)| {
        format!(
            "(function (b, n) {{ return [b.indexOf(n), b.lastIndexOf(n), b.indexOf(n, {from}), b.lastIndexOf(n, {from}), \
             b.includes(n, {from}), b.indexOf(98, {from}), b.lastIndexOf(98, {from}), Buffer.compare(b, n), b.slice({from}), \
             b.subarray(0, {from})] }})(Buffer.from({content:?}), Buffer.from({needle:?}))"
        )
    });
}

#[test]
fn numbers_are_written_and_read_as_in_njs() {
    let number =
        prop_oneof![any::<i32>().prop_map(f64::from), -1e15_f64..1e15, any::<f32>().prop_map(f64::from)];
    compare(&(number, 1_u8..=6, 0_u8..4), |(number, size, place)| {
        format!(
            "(function (v) {{ var b = Buffer.alloc(12, 0xaa), out = []; \
             ['Int', 'UInt'].forEach(function (k) {{ ['LE', 'BE'].forEach(function (o) {{ \
             out.push(b['write' + k + o](v, {place}, {size}), b['read' + k + o]({place}, {size}), b.toString('hex')); \
             [16, 32].forEach(function (n) {{ out.push(b['write' + k + n + o](v, {place}), b['read' + k + n + o]({place})) }}) \
             }}) }}); \
             ['Float', 'Double'].forEach(function (k) {{ ['LE', 'BE'].forEach(function (o) {{ \
             b['write' + k + o](v, {place}); out.push(b.toString('hex'), b['read' + k + o]({place}) === v) }}) }}); \
             return out }})({number:?})"
        )
    });
}

#[test]
fn every_encoding_gives_back_the_bytes_that_it_was_given() {
    let mut runner = TestRunner::deterministic();
    let inputs: Vec<Vec<u8>> = (0..CASES).map(|_| bytes().new_tree(&mut runner).unwrap().current()).collect();
    let expressions: Vec<String> = inputs
        .iter()
        .map(|bytes| {
            format!(
                "['hex', 'base64', 'base64url'].every(function (e) {{ \
                 return Buffer.from(Buffer.from({bytes:?}).toString(e), e).equals(Buffer.from({bytes:?})) }})"
            )
        })
        .collect();
    for (outcome, bytes) in outcomes(Runtime::Js2, &expressions).iter().zip(&inputs) {
        assert_eq!(outcome, "true", "{bytes:?}");
    }
}
