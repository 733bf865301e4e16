//! Which programs may change what invocations share.

use keyfront_domain::function::Runtime;
use keyfront_njs::prepare;

/// Whether a program with this body of a function mutates builtins. The names a to e are its parameters.
fn mutates_within(body: &str) -> bool {
    mutates(&format!("function handler(a, b, c, d, event) {{ {body} }}"))
}

fn mutates(code: &str) -> bool {
    prepare(code, Runtime::Js2).unwrap_or_else(|refusal| panic!("{refusal}: {code}")).mutates_builtins
}

#[test]
fn ordinary_functions_do_not_mutate_builtins() {
    for body in [
        "event.request.headers['x'] = {value: 'y'}; return event.request",
        "event.request.headers[a] = {value: b}; delete event.request.headers.cookie",
        "event.request.querystring.search = {value: 'x'}; event.response.headers.link = {value: 'x'}",
        "return Object.keys(a).map(function (k) { return k + '=' + encodeURIComponent(a[k]) }).join('&')",
        "a = JSON.parse(b); return JSON.stringify(a)",
        "a.n = Math.floor(b / 2) + Math.PI; a.m = Math.max.apply(null, b)",
        "return {n: Math.PI, max: Number.MAX_SAFE_INTEGER}",
        "var now = new Date(); a.t = now.getTime(); now.setTime(0); a.u = Date.now()",
        "if (a.constructor === Object || a.constructor.name === 'Array') { b = String(a) }",
        "return b.map(Number).filter(Boolean).map(parseFloat)",
        "a.then(console.log).catch(console.log)",
        "return Object.prototype.hasOwnProperty.call(a, b)",
        "return Array.prototype.slice.call(a, 1)",
        "var has = Object.prototype.hasOwnProperty; return has.call(a, b)",
        "var decode = decodeURIComponent; return decode(a)",
        "a = Object.assign({}, b, {x: 1}); Object.assign(event.request.headers, c)",
        "Object.defineProperty(a, 'x', {value: 1}); Object.freeze(a); Object.setPrototypeOf(a, null)",
        "var list = []; list.push(a); list.sort(); list.length = 0; list[0] = 1",
        "function A(n) { this.n = n } A.prototype.get = function () { return this.n }; return new A(1).get()",
        "function A() { Error.call(this) } A.prototype = Object.create(Error.prototype); A.prototype.constructor = A",
        "var A = function () {}; A.prototype.x = 1; A.create = function () { return new A() }",
        "throw new Error('x')",
        "var e = new Error('x'); e.name = 'Y'; e.code = 1; throw e",
        "if (a instanceof Array && typeof Buffer !== 'undefined') { return Buffer.from(a).toString('base64') }",
        "a[Symbol.iterator] = b; for (var k in a) { b[k] = a[k] }",
        "console.log('' + a + `${b}`); return isNaN(a) ? undefined : NaN",
        "return Promise.all([a, b]).then(function (l) { return l[0] })",
        "var self = this; self.x = 1",
        "a.toString = function () { return 'x' }; a.constructor = b",
        "switch (a) { case 1: b = 2; break; default: b++ } do { --a } while (a); return (a, b)",
        "return /x/.test(a) && a.replace(/y/g, String)",
    ] {
        assert!(!mutates_within(body), "{body}");
    }
}

#[test]
fn ordinary_programs_do_not_mutate_builtins() {
    for code in [
        "var crypto = require('crypto');\nfunction handler(e) { return crypto.createHash('md5').update('x').digest('hex') }",
        "import crypto from 'crypto';\nfunction handler(e) { var h = crypto.createHash('md5'); h.update('x'); return h.digest('hex') }",
        "import cf from 'cloudfront';\nconst kvs = cf.kvs();\nasync function handler(e) { const v = await kvs.get('a', {format: 'json'}); v.x = 1; return {region: cf.edgeLocation.region} }",
        "import cf from 'cloudfront';\nfunction handler(e) { cf.updateRequestOrigin({domainName: 'a.example', timeouts: {readTimeout: 1}}); return e.request }",
        "var table = {a: 1}; function handler(e) { table.b = 2; table[e] = 3; return table }",
        "var name = 1, length = 2; function handler() { name = 2; length++ }",
        "var qs = require('querystring'); function handler(e) { return qs.stringify(e.request.querystring) }",
        "var Set = {}; Set.x = 1; function URL() {} URL.prototype.x = 1; function handler() {}",
    ] {
        assert!(!mutates(code), "{code}");
    }
}

#[test]
fn named_ways_to_built_in_objects_are_found() {
    for body in [
        // global names
        "Math.x = 1",
        "Math['x'] = 1",
        "Math[a] = 1",
        "Math.x += 1",
        "Math.x++",
        "--Math.x",
        "delete Math.max",
        "delete (Math.max)",
        "for (Math.x in a) {}",
        "(Math).x = 1",
        "(0, Math).x = 1",
        "(a || Math).x = 1",
        "(a ?? Math).x = 1",
        "(a && Math).x = 1",
        "(a ? b : Math).x = 1",
        "(a = Math).x = 1",
        "Math = 1",
        "Object = Array",
        "undeclared = 1",
        "console.log = a",
        "console.log.x = 1",
        "JSON.parse = a",
        "globalThis.x = 1",
        "globalThis[a] = 1",
        "globalThis.Math.x = 1",
        "global.x = 1",
        "Date.now = a",
        // prototypes
        "Array.prototype.x = 1",
        "Array['prototype'].x = 1",
        "Array[`prototype`].x = 1",
        "Array.prototype['x'] = 1",
        "a.prototype.x = 1",
        "a.prototype = b",
        "delete Object.prototype.toString",
        "Array.prototype.push(1)",
        "Date.prototype.setTime(1)",
        "Array.prototype[a](1)",
        "Array.prototype.slice.x = 1",
        // constructors and prototypes of any value
        "a.constructor.x = 1",
        "a.constructor.prototype.x = 1",
        "a['constructor'].x = 1",
        "a.__proto__.x = 1",
        "a.__proto__ = b",
        "a['__proto__']['x'] = 1",
        "[].__proto__.push(1)",
        "Object.getPrototypeOf(a).x = 1",
        "Object.getPrototypeOf(a).push(1)",
        "(async function () {}).constructor.prototype.x = 1",
        // methods are objects
        "a.push.x = 1",
        "''.trim.x = 1",
        "a.b.c.map.x.y = 1",
        "delete a.push.call",
    ] {
        assert!(mutates_within(body), "{body}");
    }
}

#[test]
fn built_in_objects_are_found_under_other_names() {
    for body in [
        // variables
        "var m = Math; m.x = 1",
        "var m; m = Math; m.x = 1",
        "var m = Math, n = m, o = n; o.x = 1",
        "var p = Array.prototype; p.x = 1",
        "var p = a.constructor.prototype; p.x = 1",
        "var p = a.__proto__; p.x = 1",
        "var p = Object.getPrototypeOf(a); p.x = 1",
        "var p = [].push; p.x = 1",
        "var p = a ? Math : b; p.x = 1",
        "var p = a || Array; p.prototype.x = 1",
        "var p = Array.prototype; p.push(1)",
        "for (var m = Math; ;) { m.x = 1 }",
        "function F() {} F = Array; F.prototype.x = 1",
        "var F = function () {}; F = Array; F.prototype.x = 1",
        "function g(F) { F.prototype.x = 1 } function F() {}",
        "var v = Math.valueOf(); v.x = 1",
        "var d = Object.getOwnPropertyDescriptor(Object, 'keys'); d.value.x = 1",
        // built-in objects under other names
        "Object.assign(Math, a)",
        "Object.assign(Array.prototype, a)",
        "Object.defineProperty(Math, 'x', a)",
        "Object.defineProperties(Array.prototype, a)",
        "Object.setPrototypeOf(Math, null)",
        "Object.freeze(Object)",
        "Object.assign.call(null, Math, a)",
        "var f = Object.assign; f(Math, a)",
        "Object.prototype.__defineGetter__('x', a)",
        "Math.__defineSetter__('x', a)",
        "function g(o) { o.x = 1 } g(Math)",
        "function g(F) { F.prototype.x = 1 } g(Array)",
        "(function (o) { o.x = 1 })(Math)",
        "(o => { o.x = 1 })(Math)",
        "new b(Math)",
        "a.b(Math)",
        "b`${Math}`",
        "function g() { this.x = 1 } g.call(Math)",
        "function g() { this.x = 1 } g.call(globalThis)",
        "function g() { return Math } g().x = 1",
        "var g = () => Math; g().x = 1",
        "var o = {m: Math}; o.m.x = 1",
        "var o = {m() { return Math }}; o.m().x = 1",
        "a.m = Math; a.m.x = 1",
        "[Math][0].x = 1",
        "var l = [Math]; l[0].x = 1",
        "try { throw Math } catch (e) { e.x = 1 }",
        "a.then(Math)",
        "var o = {map(f) { f.x = 1 }}; o.map(Number)",
        "Promise.resolve(Math).then(function (m) { m.x = 1 })",
        "require('crypto').x = 1",
    ] {
        assert!(mutates_within(body), "{body}");
    }
}

#[test]
fn named_ways_to_the_global_object_are_found() {
    for code in [
        "this.x = 1",
        "this[a] = 1; var a",
        "var t = this; t.x = 1",
        "var t = this; function handler() { t.x = 1 }",
        "(() => { this.x = 1 })()",
        "if (1) { this.x = 1 }",
        "var o = {t: this}; o.t.x = 1",
        "function g(t) { t.x = 1 } g(this)",
        "import c from 'crypto'; c.x = 1",
        "var c = require('crypto'); c.createHash = 1",
        "const c = require('crypto'), d = c; d.x = 1",
        "import cf from 'cloudfront'; cf.kvs = 1",
    ] {
        assert!(mutates(code), "{code}");
    }
}

#[test]
fn long_chains_of_variables_count_as_mutation() {
    // The last variable comes first, so that each round over the program finds one more.
    let chain = |links: usize| -> String {
        let passed_on: Vec<String> =
            (1..=links).map(|link| format!("var b{} = b{link};", link - 1)).collect();
        format!("var b{links} = Math; {} return b0.abs(-1)", passed_on.concat())
    };
    assert!(!mutates_within(&chain(3)));
    assert!(mutates_within(&chain(40)));
}
