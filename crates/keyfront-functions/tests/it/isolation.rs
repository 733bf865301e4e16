//! Nothing of one invocation is seen by another.

use crate::harness::{invocation, load, passing, prepare, to, told};

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn what_an_invocation_leaves_behind_is_gone_in_the_next() {
    // Each would answer with something else the second time, if it saw the first.
    let cases = [
        // Variables of the function.
        "var n = 0; function handler(event) { n++; event.request.uri = '/' + n; return event.request }",
        // What all code shares, reached by names that are told.
        "function handler(event) {
             event.request.uri = '/' + ('mark' in Object.prototype ? 2 : 1); Object.prototype.mark = 1; return event.request
         }",
        "function handler(event) {
             event.request.uri = '/' + (Array.isArray === 1 ? 2 : 1); Array.isArray = 1; return event.request
         }",
        "function handler(event) {
             event.request.uri = '/' + (globalThis.mark ? 2 : 1); globalThis.mark = 1; return event.request
         }",
        // The same, reached by names that are not.
        "function handler(event) {
             var a = ['__pro', 'to__'].join(''), o = {};
             event.request.uri = '/' + (o.mark ? 2 : 1);
             try { o[a].mark = 1 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             var a = ['__pro', 'to__'].join(''), o = [];
             event.request.uri = '/' + (o.map === 5 ? 2 : 1);
             try { o[a].map = 5 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             event.request.uri = '/' + ('x'.split.mark ? 2 : 1);
             try { 'x'.split.mark = 1 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             event.request.uri = '/' + (console.mark ? 2 : 1);
             try { console.mark = 1 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             var m = require('querystring');
             event.request.uri = '/' + (m.mark ? 2 : 1);
             try { m.mark = 1 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             event.request.uri = '/' + (require.mark ? 2 : 1);
             try { require.mark = 1 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             var a = ['__pro', 'to__'].join(''), f = async function () {};
             event.request.uri = '/' + (f.mark ? 2 : 1);
             try { f[a].mark = 1 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             var a = ['__pro', 'to__'].join(''), i = [1].keys();
             event.request.uri = '/' + (i.mark ? 2 : 1);
             try { i[a].mark = 1 } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             var shelf = globalThis[String.fromCharCode(0) + 'modules'](), seen = shelf && shelf.mark;
             event.request.uri = '/' + (seen ? 2 : 1);
             if (shelf) shelf.mark = 1;
             return event.request
         }",
        "function handler(event) {
             var f = 'x'['spl' + 'it'];
             event.request.uri = '/' + (f.name === 'split' ? 1 : 2);
             try { Object.defineProperty(f, 'name', {value: 'mark'}) } catch (e) {}
             return event.request
         }",
        "function handler(event) {
             var f = [].concat, k = 'length';
             event.request.uri = '/' + (f.hasOwnProperty(k) ? 1 : 2);
             try { delete f[k] } catch (e) {}
             return event.request
         }",
        // The handler itself.
        "function handler(event) {
             event.request.uri = '/' + (handler.mark ? 2 : 1); handler.mark = 1; return event.request
         }",
    ];
    for code in cases {
        let mut isolate = load(&prepare(code));
        for _ in 0..3 {
            assert_eq!(told(&isolate.invoke(&invocation())), "/1", "{code}");
        }
    }
}

#[test]
fn ordinary_code_can_give_its_own_objects_what_is_frozen_above_them() {
    let cases = [
        "var o = {}; o.toString = function () { return '/own' }; event.request.uri = String(o)",
        "var e = new Error('x'); e.name = 'Mine'; e.message = 'y'; event.request.uri = '/' + (e.toString() === 'Mine: y' ? 'own' : e)",
        "var o = {}; o.hasOwnProperty = 1; o.valueOf = 2; var k = Object.keys(o); event.request.uri = k.length === 2 ? '/own' : '/'",
        "var q = {}; ['constructor', 'toString', '__proto__'].forEach(function (k) { q[k] = '1' });
         event.request.uri = q.constructor === '1' && q.toString === '1' ? '/own' : '/'",
        "var a = [1]; a.toString = function () { return '/own' }; event.request.uri = a + ''",
        "function F() {} F.toString = function () { return '/own' }; event.request.uri = '' + F",
        "function F() { this.constructor = 5; } event.request.uri = new F().constructor === 5 ? '/own' : '/'",
        "var p = Promise.resolve(); p.then = 5; event.request.uri = p.then === 5 ? '/own' : '/'",
    ];
    for body in cases {
        assert_eq!(told(&load(&passing(body)).invoke(&invocation())), "/own", "{body}");
    }
}

#[test]
fn a_job_that_is_left_does_not_run_in_the_next_invocation() {
    // Reading the result runs the getter, after all jobs ran.
    let code = "function handler(event) {
        return { get uri() { Promise.resolve().then(function () { console.log('left') }); return '/first' } }
    }";
    let mut isolate = load(&prepare(code));
    for _ in 0..2 {
        assert_eq!(isolate.invoke(&invocation()).logs, Vec::<String>::new());
    }
}

#[test]
fn how_an_invocation_ended_is_nothing_to_the_next() {
    let ends = [
        "Promise.reject(1); throw 2",
        "Promise.reject(1)",
        "Promise.resolve().then(function () { console.log('left') }); throw 1",
        "return new Promise(function () {})",
        "for (;;);",
        "var a = []; for (;;) a.push(a.slice())",
        "function deeper() { deeper() } deeper()",
    ];
    for end in ends {
        let mut isolate = load(&passing(&format!("if (event.request.uri === '/bad') {{ {end} }}")));
        for round in 0..3 {
            let bad = isolate.invoke(&to("/bad"));
            assert!(bad.result.is_err(), "{end}");
            let good = isolate.invoke(&to("/good"));
            assert_eq!((told(&good).as_str(), good.logs.len()), ("/good", 0), "round {round}: {end}");
        }
    }
}

#[test]
fn memory_that_an_invocation_took_is_there_for_the_next() {
    // Cycles, which only a collection frees: a thousand times 200 KB.
    let function =
        passing("var a = []; for (var i = 0; i < 2000; i++) { var o = {t: 'x' + i}; o.o = o; a.push(o) }");
    let mut isolate = load(&function);
    for _ in 0..1000 {
        assert_eq!(told(&isolate.invoke(&invocation())), "/index");
    }
}
