//! The scripts of `keyfront-njs` in a plain engine.

use keyfront_domain::function::Runtime;
use keyfront_njs::{Script, prepare};

fn script(code: &str) -> Script {
    prepare(code, Runtime::Js2).unwrap_or_else(|refusal| panic!("{refusal}: {code}"))
}

/// Runs a program in a plain engine: what a JavaScript function makes of its handler.
fn run(code: &str, of_handler: &str) -> String {
    let runtime = rquickjs::Runtime::new().unwrap();
    let context = rquickjs::Context::full(&runtime).unwrap();
    let factory = script(code).factory;
    context.with(|ctx| {
        let text = format!("(({of_handler})(({factory})(name => name)))+''");
        ctx.eval::<String, _>(text).unwrap_or_else(|error| panic!("{error} {:?} in {factory}", ctx.catch()))
    })
}

#[test]
fn the_handler_comes_out_however_it_is_declared() {
    for code in [
        "function handler() { return 1 }",
        "var handler = function () { return 1 }",
        "const handler = () => 1",
        "let handler; handler = () => 1",
        "function handler() { return 1 } // the end",
        "function handler() { return 1 } /* the end */",
        "var require, globalThis, exports; function handler() { return 1 }",
        "let require = 2; function handler() { return 1 }",
        "'use strict'; function handler() { return 1 }",
    ] {
        assert_eq!(run(code, "handler => handler()"), "1", "{code}");
    }
    assert_eq!(run("function other() {}", "handler => handler"), "undefined");
}

#[test]
fn every_call_of_the_factory_begins_afresh() {
    let factory = script("var n = 0; function handler() { return ++n }").factory;
    let runtime = rquickjs::Runtime::new().unwrap();
    let context = rquickjs::Context::full(&runtime).unwrap();
    context.with(|ctx| {
        let text = format!("var f = {factory}; [f()(), f()(), f()()].join()");
        assert_eq!(ctx.eval::<String, _>(text).unwrap(), "1,1,1");
    });
}

#[test]
fn modules_are_there_before_anything_else_and_their_names_can_be_set() {
    assert_eq!(
        run("var kind = c; import c from 'crypto'; function handler() { return kind }", "h => h()"),
        "crypto"
    );
    assert_eq!(run("import c from 'crypto'\nc = 1; function handler() { return c }", "h => h()"), "1");
    assert_eq!(
        run(
            "import c from 'crypto';import q from 'querystring';function handler() { return c + q }",
            "h => h()"
        ),
        "cryptoquerystring"
    );
}

#[test]
fn lines_stay_where_they_are() {
    let code =
        "import c from 'crypto';\nimport\n  q\n  from 'querystring';\nfunction handler() {\n  throw c;\n}\n";
    let factory = script(code).factory;
    let line = factory.lines().position(|line| line.contains("throw c")).unwrap();
    assert_eq!(line + 1, code.lines().position(|line| line.contains("throw c")).unwrap() + 1);
    assert!(factory.lines().next().unwrap().starts_with("(function(require){"));
}

#[test]
fn this_at_the_top_is_the_global_object() {
    let code =
        "var top = this; function handler() { return [top === globalThis, this === undefined].join() }";
    assert_eq!(run(code, "handler => handler()"), "true,true");
}

#[test]
fn the_code_is_strict() {
    let code = "function handler() { try { undeclared = 1 } catch (e) { return e.name } }";
    assert_eq!(run(code, "handler => handler()"), "ReferenceError");
}

#[test]
fn no_code_leaves_the_function_that_it_is_put_into() {
    for code in [
        "}); evil(); (function(){",
        "}).call(); evil(); (function(){",
        "return handler}).call(globalThis)}); evil(); (function(){(function(){",
        "// \r}); evil(); (function(){",
        "// \u{2028}}); evil(); (function(){",
        "/* */}); evil(); (function(){",
        "`}); evil(); (function(){",
        "'}); evil(); (function(){",
        "/}); evil(); (function(){",
        "<!--\n}); evil(); (function(){",
        "-->}); evil(); (function(){",
    ] {
        if let Ok(script) = prepare(code, Runtime::Js2) {
            let runtime = rquickjs::Runtime::new().unwrap();
            let context = rquickjs::Context::full(&runtime).unwrap();
            context.with(|ctx| {
                let text = format!("var evil = () => {{ throw 'out' }}; typeof ({})", script.factory);
                assert_eq!(ctx.eval::<String, _>(text).unwrap(), "function", "{code:?}");
            });
        }
    }
}

#[test]
fn what_reads_otherwise_elsewhere_is_written_as_njs_reads_it() {
    // In njs a carriage return and U+2028 end no line, and comments with angle brackets do not exist.
    for (code, expected) in [
        ("function handler() { return\u{2028}1 }", "1"),
        ("function handler() { return\r1 }", "1"),
        ("// comment \r throw 1\nfunction handler() { return 1 }", "1"),
        ("// comment \u{2029} throw 1\nfunction handler() { return 1 }", "1"),
        ("function handler() { var b = 2; return 1 <!--b\n}", "false"),
        ("function handler() { var b = 2;/*\n*/return b-->1 }", "true"),
        ("function handler() { return '<!-- -->' }", "<!-- -->"),
        ("function handler() { return 'a\u{2028}b'.length }", "3"),
        ("\u{feff}function handler() { return 1 }", "1"),
        ("function handler() { return 1 }\r\n", "1"),
    ] {
        assert_eq!(run(code, "handler => handler()"), expected, "{code:?}");
    }
}
