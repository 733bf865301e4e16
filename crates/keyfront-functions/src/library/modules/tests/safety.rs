//! What hostile arguments do, what is left of one invocation for the next, and what a context costs.

use std::cell::Cell;
use std::rc::Rc;

use keyfront_domain::function::Runtime;
use rquickjs::{CatchResultExt as _, CaughtError};

use super::super::{buffer_from, require};
use super::engine::{eval, outcomes, with_context};

fn all(runtime: Runtime, cases: &[(&str, &str)]) {
    let expressions: Vec<String> = cases.iter().map(|(expression, _)| (*expression).to_owned()).collect();
    for ((expression, expected), printed) in cases.iter().zip(outcomes(runtime, &expressions)) {
        assert_eq!(printed, *expected, "{expression}");
    }
}

#[test]
fn a_module_is_one_object_however_often_it_is_required() {
    all(
        Runtime::Js2,
        &[
            ("require('crypto') === crypto", "true"),
            ("require('querystring') === querystring", "true"),
            ("require('buffer') === buffer && buffer.Buffer === Buffer && Buffer === Buffer", "true"),
            ("require('fs')", "throws Error(\"Cannot find module \\u{22}fs\\u{22}\")"),
        ],
    );
}

#[test]
fn runtime_1_0_has_byte_strings_and_none_of_what_came_later() {
    all(
        Runtime::Js1,
        &[
            (
                "[typeof Buffer, typeof TextEncoder, typeof TextDecoder, typeof atob, typeof btoa].join()",
                "\"undefined,undefined,undefined,undefined,undefined\"",
            ),
            ("require('buffer')", "throws Error(\"Cannot find module \\u{22}buffer\\u{22}\")"),
            (
                "crypto.createHash('md5').update('').digest()",
                "\"\\u{d4}\\u{1d}\\u{8c}\\u{d9}\\u{8f}\\u{0}\\u{b2}\\u{4}\\u{e9}\\u{80}\\u{9}\\u{98}\\u{ec}\\u{f8}B~\"",
            ),
            (
                "crypto.createHash('md5').update('').digest().toString('hex')",
                "\"d41d8cd98f00b204e9800998ecf8427e\"",
            ),
        ],
    );
}

#[test]
fn runtime_1_0_digests_byte_strings_as_bytes_and_texts_as_utf8() {
    // A digest is a byte string in one runtime and a Buffer in the other.
    let expressions: Vec<String> = (0..200)
        .flat_map(|day| {
            [
                format!(
                    "(function () {{ var key = crypto.createHmac('sha256', 'AWS4secret').update('{day}').digest(); \
                     key = crypto.createHmac('sha256', key).update('us-east-1').digest(); \
                     return crypto.createHash('sha1').update(key).digest('hex') }})()"
                ),
                format!("crypto.createHash('md5').update(crypto.createHash('md5').update('{day}').digest()).digest('hex')"),
            ]
        })
        .chain(["caf\u{e9} cr\u{e8}me", "\u{e9}", "\u{20ac}", "\u{1f600}"].map(|text| {
            format!("crypto.createHmac('md5', '{text}').update('{text}').digest('hex')")
        }))
        .collect();
    assert_eq!(outcomes(Runtime::Js1, &expressions), outcomes(Runtime::Js2, &expressions));
}

#[test]
fn where_njs_reads_behind_a_string_its_length_is_kept_to() {
    all(
        Runtime::Js2,
        &[
            ("after(Buffer.alloc(5), function (b) { return b.write('abc') })", "[3,Buffer[97,98,99,0,0]]"),
            (
                "after(Buffer.alloc(5), function (b) { return b.write('abc', 1, 2) })",
                "[2,Buffer[0,97,98,0,0]]",
            ),
            ("after(Buffer.alloc(5), function (b) { return b.write('abc', 4) })", "[1,Buffer[0,0,0,0,97]]"),
            (
                "after(Buffer.alloc(5), function (b) { return b.write('6162', 'hex') })",
                "[2,Buffer[97,98,0,0,0]]",
            ),
            (
                "after(Buffer.alloc(5), function (b) { return b.write('6162', 1, 1, 'hex') })",
                "[1,Buffer[0,97,0,0,0]]",
            ),
            ("after(Buffer.alloc(2), function (b) { return b.write('\\u20ac') })", "[2,Buffer[226,130]]"),
            ("Buffer.alloc(2, new Uint8Array(0))", "Buffer[0,0]"),
            (
                "Buffer.from([1, 2]).readIntLE(0, 0)",
                "throws RangeError(\"index 0 is outside the bound of the buffer\")",
            ),
        ],
    );
}

#[test]
fn hostile_arguments_get_errors() {
    all(
        Runtime::Js2,
        &[
            ("Buffer.alloc(1e12)", "throws RangeError(\"invalid size\")"),
            ("Buffer.from({length: 1e12})", "throws RangeError(\"invalid index\")"),
            ("Buffer.concat([], 1e12)", "throws RangeError(\"invalid index\")"),
            (
                "(function () { var o = {type: 'Buffer'}; o.data = o; return Buffer.from(o) })()",
                "throws TypeError(\"first argument object is not a string or Buffer-like object\")",
            ),
            (
                "(function () { var b = Buffer.from('ab'); \
              Object.defineProperty(b, 'length', {value: 'x'}); return b.toString('hex') })()",
                "\"6162\"",
            ),
            (
                "(function () { var b = Buffer.from('ab'); b.buffer.transfer(); return b.toString() })()",
                "throws TypeError(\"detached buffer\")",
            ),
            (
                "(function () { var b = Buffer.from('ab'); b.buffer.transfer(); return b.write('a') })()",
                "throws TypeError(\"detached buffer\")",
            ),
            (
                "(function () { var b = Buffer.from('abcd'); return b.compare(Buffer.from('a'), \
              {valueOf: function () { b.buffer.transfer(); return 0 }}) })()",
                "throws TypeError(\"detached buffer\")",
            ),
            (
                "(function () { var b = Buffer.alloc(9); return b.fill({valueOf: function () { \
              b.buffer.transfer(); return 1 }}) })() instanceof Buffer",
                "throws TypeError(\"detached buffer\")",
            ),
            (
                "(function () { var h = crypto.createHash('md5'); return h.update('a', {get toString() { \
              h.digest() }}) })()",
                "throws TypeError(\"encoding must be a string\")",
            ),
            (
                "crypto.createHmac('md5', Object.create(Uint8Array.prototype))",
                "throws Error(\"key is not a string or Buffer-like object\")",
            ),
            (
                "querystring.parse('a=1', '&', '=', {maxKeys: {valueOf: function () { throw 7 }}})",
                "throws Error(\"is not a number\")",
            ),
            // As in njs, what is added under this name becomes the prototype of the one object.
            ("querystring.parse('__proto__=1&__proto__=2').__proto__", "[{},\"1\",\"2\"]"),
            ("({}).polluted", "undefined"),
            ("new TextDecoder('utf-8', {get fatal() { throw 8 }})", "throws 8"),
        ],
    );
}

/// The memory of the engine is the limit for what grows outside of it, too.
#[test]
fn nothing_grows_beyond_the_memory_of_the_engine() {
    for expression in [
        "Buffer.alloc(1e9)",
        "Buffer.alloc(1e9, 'x')",
        "Buffer.from({length: 2e9})",
        "Buffer.concat([], 2e9)",
        "Buffer.concat(Array(2000).fill(Buffer.alloc(1 << 20)))",
        "querystring.stringify({a: Array(2000).fill('x'.repeat(1 << 20))})",
    ] {
        with_context(Runtime::Js2, |ctx| {
            ctx.globals().set("querystring", require(ctx, Runtime::Js2, "querystring").unwrap()).unwrap();
            let result = ctx.eval::<rquickjs::Value<'_>, _>(expression).catch(ctx);
            let Err(CaughtError::Exception(error)) = result else { panic!("{expression}: {result:?}") };
            assert_eq!(error.message().as_deref(), Some("out of memory"), "{expression}");
        });
    }
}

/// The engine asks whether to go on once per 10,000 calls or jumps, so native work has to count as some of them.
#[test]
fn native_work_is_interrupted() {
    for work in [
        "h.update(text)",
        "b.indexOf(needle)",
        "b.fill('ab')",
        "b.toString('base64')",
        "querystring.escape(text)",
        "Buffer.from(text)",
        "atob(text)",
    ] {
        with_context(Runtime::Js2, |ctx| {
            let asked = Rc::new(Cell::new(0));
            let count = asked.clone();
            let _: () = ctx
                .eval(
                    "var h = require('crypto').createHash('sha256'), querystring = require('querystring'); \
                     var text = 'a'.repeat(1 << 20), b = Buffer.alloc(1 << 18, 'a'), \
                     needle = Buffer.concat([Buffer.alloc(1 << 17, 'a'), Buffer.from('b')]);",
                )
                .unwrap();
            super::engine::on_interrupt(ctx, move || {
                count.set(count.get() + 1);
                count.get() > 3
            });
            let result =
                ctx.eval::<(), _>(format!("var rounds = 0; for (;;) {{ rounds++; {work}; }}")).catch(ctx);
            super::engine::on_interrupt(ctx, || false);
            assert!(result.is_err() && asked.get() > 3, "{work}");
            let rounds: u32 = ctx.globals().get("rounds").unwrap();
            assert!(rounds < 100, "{work}: {rounds} rounds before the engine asked four times");
        });
    }
}

#[test]
fn nothing_is_left_for_the_next_invocation_where_everything_else_is_frozen() {
    let freeze = "[Object.prototype, Function.prototype, Array.prototype].forEach(Object.preventExtensions);";
    for object in [
        "require('crypto')",
        "require('crypto').createHash",
        "require('querystring')",
        "require('querystring').parse",
        "require('buffer')",
        "require('buffer').constants",
        "Buffer",
        "Buffer.from",
        "Buffer.prototype",
        "Buffer.prototype.readInt8",
        "TextEncoder",
        "TextEncoder.prototype.encode",
        "TextDecoder.prototype",
    ] {
        with_context(Runtime::Js2, |ctx| {
            eval(ctx, "Buffer, require('crypto');");
            assert_eq!(eval(ctx, &format!("Object.isFrozen({object})")), "false", "{object}");
            eval(ctx, freeze);
            assert_eq!(eval(ctx, &format!("Object.isFrozen({object})")), "true", "{object}");
        });
    }
}

#[test]
fn a_program_may_replace_a_global_in_a_context_of_its_own() {
    with_context(Runtime::Js2, |ctx| {
        assert_eq!(eval(ctx, "'use strict'; globalThis.Buffer = 1; Buffer"), "1");
        assert_eq!(eval(ctx, "typeof require('buffer').Buffer.from"), "function");
    });
}

#[test]
fn bytes_of_the_key_value_store_are_a_buffer() {
    with_context(Runtime::Js2, |ctx| {
        ctx.globals().set("value", buffer_from(ctx, &[1, 2, 255]).unwrap()).unwrap();
        assert_eq!(eval(ctx, "Buffer.isBuffer(value) && value.toString('hex')"), "0102ff");
    });
}
