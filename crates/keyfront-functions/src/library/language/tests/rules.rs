//! What no expression in a table can show.

use keyfront_domain::function::Runtime;
use rquickjs::context::intrinsic::{Json, RegExp, RegExpCompiler, TypedArrays};
use rquickjs::{Context, Function, Value};

use super::super::install;
use super::context::{NOW_MS, TestContext};

/// The lines that a program logs.
fn logs(program: &str) -> Vec<String> {
    let (logs, failure) = TestContext::new().run(program);
    assert_eq!(failure, None, "{program}");
    logs
}

/// The description of what a program throws.
fn thrown(program: &str) -> String {
    TestContext::new().run(program).1.unwrap_or_else(|| panic!("{program} throws nothing"))
}

#[test]
fn time_stands_still_at_the_begin_of_the_invocation() {
    let program = "console.log([Date.now(), new Date().getTime(), Date(), new Date() - new Date()])";
    let now = format!("[{NOW_MS},{NOW_MS},'Thu Feb 15 2024 09:00:00 GMT+0000',0]");
    assert_eq!(logs(program), [now]);
}

#[test]
fn a_seed_gives_the_same_random_numbers_in_every_invocation() {
    let context = TestContext::new();
    let numbers = |seed| {
        context.begin(seed, 10_240);
        context.run("console.log([Math.random(), Math.random(), Math.random()].join())").0
    };
    let (first, other, again) = (numbers(7), numbers(8), numbers(7));
    assert_eq!(first, again);
    assert_ne!(first, other);
    let mut different: Vec<&str> = first[0].split(',').collect();
    different.dedup();
    assert_eq!(different.len(), 3);
}

#[test]
fn random_numbers_are_spread_from_0_to_1() {
    let program = "var sum = 0, low = 1, high = 0;
        for (var i = 0; i < 10000; i++) {
            var r = Math.random(); sum += r; low = Math.min(low, r); high = Math.max(high, r);
        }
        console.log(low >= 0 && low < 0.01, 0);
        console.log(high < 1 && high > 0.99);
        console.log(sum > 4800 && sum < 5200)";
    assert_eq!(logs(program), ["true", "true", "true"]);
}

#[test]
fn only_the_first_argument_is_logged() {
    assert_eq!(logs("console.log('a', 'b'); console.log(); console.log(1, {})"), ["a", "", "1"]);
}

#[test]
fn logs_end_at_their_limit_within_a_line_and_between_characters() {
    let context = TestContext::new();
    context.begin(1, 10);
    let (logs, failure) =
        context.run("console.log('123456'); console.log('789éé'); console.log('more'); console.log([1])");
    assert_eq!((logs, failure), (vec!["123456".into(), "789".into()], None));

    context.begin(1, 3);
    assert_eq!(context.run("for (var i = 0; i < 100; i++) console.log('')").0.len(), 3);
}

#[test]
fn a_huge_value_is_printed_no_further_than_logs_go() {
    let context = TestContext::new();
    context.begin(1, 100);
    let (logs, _) =
        context.run("var a = new Array(300000).fill('x'); console.log(a); console.log(new Uint8Array(1e6))");
    assert_eq!(logs.len(), 1);
    assert_eq!(logs[0].len(), 100);
}

#[test]
fn the_console_can_do_nothing_but_log() {
    for method in ["error", "warn", "info", "debug", "dump", "time", "timeEnd"] {
        assert_eq!(
            thrown(&format!("console.{method}('x')")),
            format!("TypeError: (intermediate value)[\"{method}\"] is not a function")
        );
    }
}

#[test]
fn what_is_thrown_is_described_as_njs_does() {
    let table = [
        ("throw new Error('m')", "Error: m"),
        ("throw new TypeError('m')", "TypeError: m"),
        ("throw new Error()", "Error"),
        ("throw 'text'", "text"),
        ("throw 5", "5"),
        ("throw undefined", "undefined"),
        ("throw null", "null"),
        ("throw { a: 1, b: ['x'] }", "{a:1,b:['x']}"),
        ("throw Symbol('s')", "Symbol(s)"),
        ("var e = new Error('m'); e.name = 'Mine'; throw e", "Mine: m"),
        ("var x; x.value", "TypeError: cannot get property \"value\" of undefined"),
        ("missing", "ReferenceError: \"missing\" is not defined"),
        ("'use strict'; missing = 1", "ReferenceError: \"missing\" is not defined"),
        ("(function f() { f() })()", "RangeError: Maximum call stack size exceeded"),
        ("const c = 1; c = 2", "TypeError: assignment to constant variable"),
        ("eval('1')", "InternalError: Not implemented"),
    ];
    for (program, description) in table {
        assert_eq!(thrown(program), description, "{program}");
    }
}

#[test]
fn a_getter_that_throws_does_no_harm() {
    let table = [
        "var e = new Error('m'); Object.defineProperty(e, 'message', { get() { throw 1 } }); throw e",
        "var e = new Error('m'); Object.defineProperty(e, 'name', { get() { throw e } }); throw e",
        "var e = new Error('m'); e.message = { toString() { throw e } }; throw e",
        "var e = new Error('m'); e.name = Symbol('n'); throw e",
        "function F() {}; Object.defineProperty(F, 'name', { get() { throw 1 } }); throw F",
    ];
    for program in table {
        assert_eq!(thrown(program), "Error: the thrown value cannot be printed", "{program}");
    }
    assert_eq!(thrown("throw { get a() { throw 1 } }"), "{a:'[Getter]'}");
    assert_eq!(thrown("Object.getOwnPropertyDescriptor = null; throw 'x'"), "x");
    assert_eq!(thrown("Object.prototype.toString = function () { throw 1 }; throw new Date(0)"), "{}");
}

#[test]
fn the_text_of_an_error_is_njs_s_where_it_is_caught() {
    let table = [
        (
            "var x; try { x.a.b } catch (e) { console.log(e.message) }",
            "cannot get property \"a\" of undefined",
        ),
        (
            "try { JSON.parse('x') } catch (e) { console.log(e.name + '|' + e.message) }",
            "SyntaxError|Unexpected token at position 0",
        ),
        (
            "(async function () { null.x })().catch(function (e) { console.log(e.message) })",
            "cannot get property \"x\" of null",
        ),
        ("Promise.reject(new Error('mine')).catch(function (e) { console.log(e) })", "Error: mine"),
    ];
    for (program, line) in table {
        assert_eq!(logs(program), [line], "{program}");
    }
}

#[test]
fn what_is_called_is_found_wherever_it_stands() {
    let table = [
        ("\nvar o = {};\no.first(1)", "first"),
        ("var o = {}, a = 1;\nvar b = 2; o.second(a, b)", "second"),
        ("console.error(JSON.stringify({ a: console }))", "error"),
        ("var o = {};\n\nfunction g() { return 1 }\no.third(g())", "third"),
        ("var o = { a: { } };\no.a\n  .fourth(\n  o)", "fourth"),
        ("'x'.trim().fifth()", "fifth"),
        ("[1].map(function (x) { return x.sixth() })", "sixth"),
        ("var o = {}; o['seventh']()", "seventh"),
        ("/* é日 */ var s = '日本'; s.eighth()", "eighth"),
        ("\n/* é日 */ var s = '日本'; s.ninth(s)", "ninth"),
        ("var o = {}; (function () { o.tenth() })()", "tenth"),
        ("'a'.at(0)", "at"),
        ("Object.fromEntries([])", "fromEntries"),
        ("var r = /x/g, o = {}; o.eleventh(r.test('x'), 1)", "eleventh"),
    ];
    for (program, property) in table {
        let text = format!("TypeError: (intermediate value)[\"{property}\"] is not a function");
        assert_eq!(thrown(program), text, "{program}");
    }
    assert_eq!(thrown("var x; x()"), "TypeError: undefined is not a function");
}

#[test]
fn an_error_of_the_program_keeps_its_text() {
    for text in ["not a thing", "cannot read it", "x is not", "KeyNotFound"] {
        assert_eq!(thrown(&format!("throw new TypeError({text:?})")), format!("TypeError: {text}"));
    }
    assert_eq!(thrown("throw new Error('x is not defined')"), "Error: x is not defined");
}

#[test]
fn a_stack_names_functions_and_lines() {
    let program = "function inner() {\n  null.x\n}\nfunction handler() { inner() }\ntry { handler() } catch (e) { console.log(e.stack) }";
    let (logs, _) = TestContext::new().run(program);
    let expected = "TypeError: cannot get property \"x\" of null\n    at inner (:2)\n    at handler (:4)\n";
    assert!(logs[0].starts_with(expected), "{}", logs[0]);
}

#[test]
fn the_engine_s_way_to_texts_cannot_be_seen() {
    assert_eq!(
        logs(
            "console.log([typeof Error.prepareStackTrace, typeof Error.captureStackTrace, Object.keys(new Error('x'))])"
        ),
        ["['undefined','undefined',[]]"]
    );
}

#[test]
fn runtime_1_lacks_what_came_later() {
    let absent = [
        "''.replaceAll",
        "Promise.all",
        "Promise.any",
        "Promise.race",
        "Promise.allSettled",
        "Symbol.for",
        "Symbol.keyFor",
        "/x/.sticky",
        "[].keys",
        "[].values",
        "[].entries",
        "Uint8Array.from",
        "new Uint8Array(1).map",
        "new Uint8Array(1).forEach",
        "[].flat",
        "Array.from",
        "globalThis.DataView",
        "globalThis.AggregateError",
    ];
    let present = [
        "Promise.resolve",
        "Promise.reject",
        "[].find",
        "[].includes",
        "[].fill",
        "Array.of",
        "''.padStart",
        "''.trimStart",
        "new Uint8Array(1).fill",
        "new Uint8Array(1).slice",
        "new Uint8Array(1).join",
        "Object.entries",
        "Object.assign",
        "Math.trunc",
        "Symbol.iterator",
        "ArrayBuffer.isView",
    ];
    let context = TestContext::of(Runtime::Js1);
    for name in absent {
        assert_eq!(context.print(&format!("typeof {name}")), ["undefined"], "{name}");
    }
    for name in present {
        assert_ne!(context.print(&format!("typeof {name}")), ["undefined"], "{name}");
    }
}

#[test]
fn patterns_work_in_runtime_1_without_their_later_properties() {
    let context = TestContext::of(Runtime::Js1);
    for (expression, printed) in [
        ("'aXbX'.replace(/x/gi, '-')", "a-b-"),
        ("'a1b'.split(/\\d/).join()", "a,b"),
        ("'abab'.match(/b/g).length", "2"),
        ("new RegExp('A', 'i').test('a')", "true"),
        ("'abc'.search(/c/)", "2"),
    ] {
        assert_eq!(context.print(expression), [printed], "{expression}");
    }
}

#[test]
fn runtime_2_can_replace_all() {
    assert_eq!(TestContext::new().print("'a.b.c'.replaceAll('.', '-')"), ["a-b-c"]);
    assert_eq!(TestContext::new().print("'a.b.c'.replaceAll(/\\./g, '-')"), ["a-b-c"]);
}

#[test]
fn there_is_no_way_to_make_code_from_text() {
    let engine = rquickjs::Runtime::new().unwrap();
    let context = Context::builder()
        .with::<(
            rquickjs::context::intrinsic::Date,
            RegExpCompiler,
            RegExp,
            Json,
            TypedArrays,
            rquickjs::context::intrinsic::Promise,
        )>()
        .build(&engine)
        .unwrap();
    context.with(|ctx| {
        install(&ctx, Runtime::Js2).unwrap();
        let message = |function: Function<'_>| {
            assert!(function.call::<_, Value<'_>>(("return 1",)).is_err());
            ctx.catch().get::<rquickjs::Coerced<String>>().unwrap().0
        };
        let constructor: Function<'_> = ctx.globals().get("Function").unwrap();
        assert_eq!(message(constructor), "TypeError: function constructor is disabled in \"safe\" mode");
        let eval: Function<'_> = ctx.globals().get("eval").unwrap();
        assert_eq!(message(eval), "InternalError: Not implemented");
    });
}

#[test]
fn dates_go_by_utc_whatever_the_server_s_zone_is() {
    // The engine asks the system for the zone. Were one of these local, it would differ in a zone that is not UTC.
    let program = "var d = new Date(2024, 0, 15, 9, 30), same = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes',
            'Seconds', 'Milliseconds'].every(function (part) { return d['get' + part] === d['getUTC' + part] });
        console.log([same, d.getTimezoneOffset(), d.toISOString(), d.toString(), Date.parse('2024-01-15T09:30:00') - d])";
    assert_eq!(logs(program), ["[true,0,'2024-01-15T09:30:00.000Z','Mon Jan 15 2024 09:30:00 GMT+0000',0]"]);
}

#[test]
fn a_reviver_walks_from_the_leaves_to_the_root() {
    let program = r#"var seen = [];
        var r = JSON.parse('{"a":[1,{"b":2}],"c":"x"}', function (k, v) { seen.push(k); return k === 'c' ? undefined : v });
        console.log(seen.join()); console.log(r)"#;
    assert_eq!(logs(program), ["0,b,1,a,c,", "{a:[1,{b:2}]}"]);
}

#[test]
fn a_reviver_that_ties_knots_gets_an_error() {
    let table = [
        "var knot = {}; knot.c = knot; JSON.parse('{\"a\":1,\"z\":2}', function (k, v) { this.z = knot; return v })",
        "JSON.parse('[1,[2]]', function (k, v) { this[1] = this; return v })",
    ];
    for program in table {
        assert_eq!(thrown(program), "RangeError: Maximum call stack size exceeded", "{program}");
    }
}

#[test]
fn an_array_of_any_length_can_be_printed() {
    let program = "console.log(new Array(4294967295)); var a = []; a[4294967294] = 'x'; console.log(a);
        console.log({ a: new Array(3000000000) })";
    let lines =
        ["[<4294967295 empty items>]", "[<4294967294 empty items>,'x']", "{a:[<3000000000 empty items>]}"];
    assert_eq!(logs(program), lines);
}

#[test]
fn nothing_is_left_when_an_engine_goes() {
    // The engine aborts when values of it outlive it, so it is enough that this returns.
    for _ in 0..3 {
        let context = TestContext::new();
        context.run("var d = new Date(), r = new RegExp('x'); try { null.x } catch (e) { globalThis.kept = [e, d, r, console.log] }");
    }
}
