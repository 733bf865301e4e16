//! Code that wants to stay, to take, or to break out. Each is stopped, and the next invocation is as if nothing had
//! been. The bound on time is generous: it is there to find what would go on for seconds.

use std::time::Duration;

use keyfront_functions::{Isolate, Limits};

use crate::harness::{invocation, load, passing, prepare, told, untimed};

const STEPS: &str = "RangeError: Instruction limit exceeded";
const MEMORY: &str = "MemoryError";

/// Far more than any of them takes, and far less than those that nothing stops.
const BOUND: Duration = Duration::from_secs(20);

/// Invokes it twice, with the same end and in time, and then a neighbour.
fn check(code: &str, expected: &[&str]) {
    let limits = if expected.contains(&STEPS) { Limits::default() } else { untimed() };
    let mut isolate = Isolate::load(&prepare(code), limits);
    for round in 0..2 {
        let outcome = isolate.invoke(&invocation());
        let told = told(&outcome);
        assert!(expected.contains(&told.as_str()), "round {round}: {told:?} for {code}");
        assert!(Duration::from_nanos(outcome.used.time_ns) < BOUND, "{:?} for {code}", outcome.used);
    }
    let mut neighbour = load(&passing("event.request.uri = '/well'"));
    assert_eq!(told(&neighbour.invoke(&invocation())), "/well");
}

fn check_bodies(bodies: &[&str], expected: &[&str]) {
    for body in bodies {
        check(&format!("function handler(event) {{ {body}\n return event.request }}"), expected);
    }
}

#[test]
fn endless_code_ends_with_its_budget_wherever_it_runs() {
    check_bodies(
        &[
            "for (;;);",
            "while (true) { try { for (;;); } catch (e) {} finally { for (;;); } }",
            "for (;;) try { event.nothing() } catch (e) {}",
            "for (;;) try { JSON.parse('{') } catch (e) {}",
            "for (;;) try { null.x } catch (e) { 'x'.length }",
            "var o; for (var i = 0; i < 30; i++) o = {a: o, b: o}; JSON.stringify(o)",
            "var a = []; a.length = 4294967295; require('querystring').stringify({a: a})",
            "var a = []; a.length = 4294967295; Buffer.concat(a)",
            "var a = new Uint8Array(1000000), b = new Uint8Array(1000000); for (;;) a.set(b)",
            "var s = '1'.repeat(500000); for (;;) parseInt(s)",
            "try { for (;;); } catch (e) { return {uri: 'caught'} } finally { return {uri: 'finally'} }",
            "function again() { try { again() } catch (e) { again() } } again()",
            "function next() { Promise.resolve().then(next) } next()",
            "[3, 1, 2].sort(function () { for (;;); })",
            "[3, 1, 2].map(function () { for (;;); })",
            "'abc'.replace(/b/, function () { for (;;); })",
            "'abc'.replace({toString: function () { for (;;); }}, '')",
            "JSON.stringify({toJSON: function () { for (;;); }})",
            "JSON.parse('[1]', function () { for (;;); })",
            "1 + {valueOf: function () { for (;;); }}",
            "({get a() { for (;;); }}).a",
            "String({toString: function () { for (;;); }})",
            "var e = new Error('x'); Object.defineProperty(e, 'message', {get: function () { for (;;); }}); throw e",
            "var e = new Error('x'); Object.defineProperty(e, 'name', {get: function () { for (;;); }}); throw e",
            "return {get uri() { for (;;); }}",
            "return {get uri() { try { for (;;); } catch (e) { return '/caught' } }}",
            "return {then: 1, get statusCode() { for (;;); }, get uri() { for (;;); }}",
            "Object.defineProperty(Array.prototype, '0', {get: function () { for (;;); }}); [,].join()",
            "Object.prototype.toString = function () { for (;;); }; String({})",
            "Array.prototype.join = function () { for (;;); }; String([])",
            "Promise.prototype.then = function () { for (;;); }; Promise.resolve().then()",
        ],
        &[STEPS],
    );
    for code in [
        "for (;;); function handler() {}",
        "async function handler(event) { try { for (;;); } catch (e) { return event.request } finally { for (;;); } }",
        "async function handler(event) { await null; for (;;); }",
        "async function handler(event) { for (;;) await null }",
        "async function handler(event) { await new Promise(function () {}) }",
        "function handler(event) { return new Promise(function () {}) }",
        "async function handler(event) { await {then: function () {}} }",
        "async function handler(event) { return {get uri() { for (;;); }} }",
    ] {
        check(code, &[STEPS]);
    }
}

#[test]
fn natives_that_go_on_without_asking_are_refused_by_the_size_of_their_work() {
    let over_arrays = [
        "fill(1)",
        "join('')",
        "join('x')",
        "reverse()",
        "concat([1])",
        "slice()",
        "slice(5)",
        "splice(0, 5)",
        "shift()",
        "unshift(1)",
        "copyWithin(5, 0)",
        "sort()",
        "toString()",
        "forEach(function () {})",
        "map(function () {})",
        "indexOf(1)",
        "lastIndexOf(1)",
        "includes(1)",
        "reduce(function () {})",
        "find(function () {})",
    ];
    let mut bodies: Vec<String> = Vec::new();
    for call in over_arrays {
        bodies.push(format!("var a = []; a.length = 4294967295; a.{call}"));
        let (name, given) = call.split_once('(').unwrap();
        let given = given.strip_suffix(')').unwrap();
        if name != "concat" && name != "toString" {
            let given = if given.is_empty() { String::new() } else { format!(", {given}") };
            bodies.push(format!("Array.prototype.{name}.call({{length: 9007199254740991}}{given})"));
        }
    }
    bodies.extend(
        [
            "var a = []; a.length = 4294967295; '' + a",
            "var a = []; a.length = 4294967295; [].concat(a)",
            "[].concat({length: 9007199254740991, [Symbol.isConcatSpreadable]: true})",
            "Array.from({length: 9007199254740991})",
            "Array.from({length: 4294967295}, function () {})",
            "Array.from.call(Object, {length: 4294967295})",
            "var a = []; a.length = 4294967295; JSON.stringify({}, a)",
            "var a = 'a'.repeat(1000000); a.indexOf('a'.repeat(500000) + 'b')",
            "var a = 'a'.repeat(1000000); a.lastIndexOf('a'.repeat(500000) + 'b')",
            "var a = 'a'.repeat(1000000); a.includes('a'.repeat(500000) + 'b')",
            "var a = 'a'.repeat(1000000); a.split('a'.repeat(500000) + 'b')",
            "var a = 'a'.repeat(1000000); a.replace('a'.repeat(500000) + 'b', '')",
            "var a = 'a'.repeat(500000); a.indexOf({toString: function () { return a.slice(5) + 'b' }})",
            "var a = 'a'.repeat(500000); a.split({toString: function () { return a.slice(5) + 'b' }})",
            "var a = 'a'.repeat(500000); String.prototype.indexOf.call([a], a.slice(5) + 'b')",
            "var a = 'a'.repeat(1000000); for (var i = 0; i < 3000; i++) a.indexOf('b')",
            "var a = 'a'.repeat(500000); for (var i = 0; i < 3000; i++) a.toUpperCase()",
            "var a = JSON.stringify('a'.repeat(100000)); for (var i = 0; i < 3000; i++) JSON.parse(a)",
            "var a = 'a'.repeat(100000); for (var i = 0; i < 3000; i++) JSON.stringify(a)",
            "/(a+)+b/.test('a'.repeat(30000))",
            "/^(a|a)*$/.test('a'.repeat(40) + 'b')",
            "/a*a*a*b/.test('a'.repeat(8000))",
            "'a'.repeat(30000).replace(/(a+)+b/g, '')",
            "'a'.repeat(30000).split(/(a+)+b/)",
            "for (var i = 0; i < 30000; i++) /(a+)+b/.test('aaaaaaaaaaaa')",
            "var n = {get length() { return 9007199254740991 }}; try { Array.prototype.join.call(n) } catch (e) { for (;;); }",
        ]
        .map(str::to_owned),
    );
    for body in bodies {
        // Some fill their memory first, and some would make an array that is too long.
        check_bodies(&[&body], &[STEPS, MEMORY, "RangeError: Invalid array length"]);
    }
}

#[test]
fn what_has_no_guard_because_njs_lacks_it_is_not_there() {
    for body in [
        "'\\u0316\\u0300'.repeat(40000).normalize()",
        "var a = '\\u0316\\u0300'.repeat(40000); a.localeCompare(a)",
        "String.raw({raw: {length: 9007199254740991}})",
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
        "var n = new BigInt64Array(new Uint8Array(8).fill(99).buffer)[0]; for (;;) n = n * n",
        "var n = new DataView(new Uint8Array(8).fill(99).buffer).getBigInt64(0); for (;;) n = n * n",
        "Iterator.from({next: function () { return {} }}).toArray()",
    ] {
        let mut isolate = Isolate::load(&passing(body), Limits::default());
        let outcome = isolate.invoke(&invocation());
        assert!(outcome.result.is_err(), "{body}: {:?}", outcome.result);
        assert!(Duration::from_nanos(outcome.used.time_ns) < BOUND, "{:?} for {body}", outcome.used);
    }
}

#[test]
fn memory_has_its_limit_whatever_fills_it() {
    check_bodies(
        &[
            "var a = []; for (;;) a.push(a.slice())",
            "var a = []; for (;;) a.push(new Array(100).fill('x'))",
            "var a = 'x'.repeat(600000), b = []; for (;;) b.push(a.toUpperCase() + b.length)",
            "'x'.repeat(100000000)",
            "'x'.padStart(100000000)",
            "new ArrayBuffer(100000000)",
            "new Uint8Array(100000000)",
            "Object.keys('x'.repeat(1500000))",
            "'x'.repeat(1500000).split('')",
            "var a = []; a.length = 4294967295; JSON.stringify(a)",
            "JSON.parse('[' + '[],'.repeat(200000) + '1]')",
            "var o = {}; for (var i = 0; ; i++) o['k' + i] = i",
            "var f = function () {}; for (;;) f = f.bind(null)",
            "function next() { return Promise.resolve().then(next) } next()",
        ],
        &[MEMORY, STEPS],
    );
}

#[test]
fn depth_has_its_limit() {
    check_bodies(
        &[
            "function deeper() { deeper() } deeper()",
            "var o = {toString: function () { return '' + o }}; '' + o",
            "var a = []; for (var i = 0; i < 5000; i++) a = [a]; JSON.stringify(a)",
            "var a = []; for (var i = 0; i < 5000; i++) a = [a]; '' + a",
            "new RegExp('('.repeat(50000))",
        ],
        &[
            "RangeError: Maximum call stack size exceeded",
            "SyntaxError: too many captures",
            // The result of some is small enough after all.
            "/index",
        ],
    );
}

#[test]
fn what_is_thrown_may_run_code_when_it_is_printed_but_not_for_long() {
    for body in [
        "throw {toString: function () { for (;;); }}",
        "throw {get a() { for (;;); }}",
        "var deep = null; for (var i = 0; i < 5000; i++) deep = {deep: deep}; throw deep",
        "var a = []; a.length = 4294967295; throw a",
        "throw 'x'.repeat(1000000)",
        "Promise.reject({toString: function () { for (;;); }})",
        "console.log({toString: function () { for (;;); }, get a() { for (;;); }}); throw 1",
        "JSON.parse('['.repeat(100000))",
    ] {
        let outcome = Isolate::load(&passing(body), Limits::default()).invoke(&invocation());
        assert!(outcome.result.is_err(), "{body}");
        assert!(Duration::from_nanos(outcome.used.time_ns) < BOUND, "{:?} for {body}", outcome.used);
    }
}

#[test]
fn there_is_no_way_to_make_code_from_text() {
    for body in [
        "eval('1')",
        "(0, eval)('1')",
        "new Function('return 1')()",
        "(function () {}).constructor('return 1')()",
        "(async function () {}).constructor('return 1')()",
        "import('x')",
    ] {
        let outcome = Isolate::load(&passing(body), Limits::default()).invoke(&invocation());
        assert!(outcome.result.is_err(), "{body}");
    }
}

#[test]
fn logs_have_their_limit() {
    let function = passing("for (var i = 0; i < 5000; i++) console.log('0123456789'.repeat(20))");
    let outcome = Isolate::load(&function, Limits::default()).invoke(&invocation());
    let kept: usize = outcome.logs.iter().map(String::len).sum();
    assert!((10_000..=10_240).contains(&kept), "{kept}");
}
