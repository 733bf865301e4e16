//! What comes of an invocation, and the words for what goes wrong.

use keyfront_domain::function::Runtime;
use keyfront_functions::{Failure, Function};

use crate::harness::{invocation, invoke, load, passing, prepare, told};

#[test]
fn a_handler_gives_its_result_at_once_or_by_a_promise() {
    let cases = [
        "function handler(event) { event.request.uri = '/new'; return event.request }",
        "var handler = function (event) { event.request.uri = '/new'; return event.request }",
        "const handler = async event => { event.request.uri = '/new'; return event.request }",
        "async function handler(event) { await null; event.request.uri = '/new'; return event.request }",
        "function handler(event) { event.request.uri = '/new'; return Promise.resolve(event.request) }",
        "async function later() { await null; return '/new' }
         async function handler(event) { var uri = await later(); event.request.uri = uri; return event.request }",
        "function handler(event) {
             return new Promise(function (resolve) { event.request.uri = '/new'; resolve(event.request) })
         }",
    ];
    for code in cases {
        assert_eq!(told(&invoke(&prepare(code))), "/new", "{code}");
    }
}

#[test]
fn what_a_function_throws_is_told_in_the_words_of_njs() {
    let cases = [
        ("throw new Error('x')", "Error: x"),
        ("throw new RangeError('r')", "RangeError: r"),
        ("throw 'text'", "text"),
        ("throw 42", "42"),
        ("throw undefined", "undefined"),
        ("var e = new Error('x'); e.name = 'Mine'; throw e", "Mine: x"),
        ("return Promise.reject(new Error('x'))", "Error: x"),
        ("return Promise.resolve().then(function () { throw new TypeError('later') })", "TypeError: later"),
        ("Promise.reject(new Error('x'))", "Error: unhandled promise rejection: Error: x"),
        ("Promise.reject(5)", "Error: unhandled promise rejection: 5"),
        ("(async function () { throw new Error('x') })()", "Error: unhandled promise rejection: Error: x"),
        ("function deeper() { deeper() } deeper()", "RangeError: Maximum call stack size exceeded"),
        ("require('fs')", "Error: Cannot find module \"fs\""),
    ];
    for (body, words) in cases {
        assert_eq!(told(&invoke(&passing(body))), words, "{body}");
    }
}

#[test]
fn a_rejection_with_a_handler_is_not_a_failure() {
    let cases = [
        "Promise.reject(1).catch(function () {})",
        "var p = Promise.reject(1); Promise.resolve().then(function () { p.catch(function () {}) })",
        "Promise.all([Promise.reject(1), Promise.reject(2)]).then(null, function () {})",
    ];
    for body in cases {
        assert_eq!(told(&invoke(&passing(body))), "/index", "{body}");
    }
}

#[test]
fn objects_may_have_methods_of_the_names_of_those_they_inherit() {
    for body in [
        "var list = []; list.includes = function () { return true }; list.map = 1; return event.request",
        "function List() {} List.prototype = Object.create(Array.prototype);
         List.prototype.push = function () { return 1 }; new List().push(); return event.request",
        "var d = new Date(); d.toISOString = d.getTime; d.toISOString(); return event.request",
        "var m = Object.create(Math); m.random = function () { return 1 }; m.random(); return event.request",
    ] {
        let function = prepare(&format!("function handler(event) {{ {body} }}"));
        assert_eq!(told(&invoke(&function)), "/index", "{body}");
    }
}

#[test]
fn code_without_a_handler_fails_as_a_call_of_it_would_in_njs() {
    let cases = [
        ("var handler = 5", "TypeError: number is not a function"),
        ("var handler = {}", "TypeError: object is not a function"),
        ("var handler = null", "TypeError: object is not a function"),
        ("var handler = 'x'", "TypeError: string is not a function"),
        ("var handler", "TypeError: undefined is not a function"),
        ("var other = 1", "TypeError: undefined is not a function"),
    ];
    for (code, words) in cases {
        let function = prepare(code);
        assert_eq!(function.refused(), None, "{code}");
        assert_eq!(told(&invoke(&function)), words, "{code}");
    }
}

#[test]
fn code_that_cannot_be_read_is_a_function_whose_invocations_fail() {
    let cases: [(&[u8], &str); 3] = [
        (b"function handler(e) {\n  return }}", "SyntaxError: "),
        (b"function handler(e) {\n  return e\xff }", "SyntaxError: invalid UTF-8 in 2"),
        (b"var x = /(/", "SyntaxError: "),
    ];
    for (code, words) in cases {
        let function = Function::prepare(code, Runtime::Js2);
        let Some(Failure::Execution(text)) = function.refused() else { panic!("{code:?}") };
        assert!(text.starts_with(words), "{text}");
        assert_eq!(invoke(&function).result.as_ref(), Err(&Failure::Execution(text.clone())));
    }
}

#[test]
fn a_clone_of_a_function_on_another_thread_runs_as_well() {
    let function = passing("event.request.uri = '/there'");
    let clone = function.clone();
    let there = std::thread::spawn(move || told(&invoke(&clone))).join().unwrap();
    assert_eq!(there, told(&load(&function).invoke(&invocation())));
}

#[test]
fn runtime_1_runs_what_it_has() {
    let code = "function handler(event) { event.request.uri = ['', 'a'].concat(['b']).join('/'); return event.request }";
    let function = Function::prepare(code.as_bytes(), Runtime::Js1);
    assert_eq!(told(&invoke(&function)), "/a/b");
}

#[test]
fn logs_are_kept_when_the_function_fails() {
    let outcome = invoke(&passing("console.log('one'); console.log('two'); throw new Error('x')"));
    assert_eq!(outcome.logs, ["one", "two"]);
}
