//! Programs of the hostile kinds: natives, and ways to call them.
//!
//! They run here in the test's own process, and in worker processes in the tests of the program.

/// Calls of natives, with `a`, an array of numbers; `s`, a long string; `f`, a function; `o`, an object.
const NATIVES: &[&str] = &[
    "Promise.any(a)",
    "Promise.any(s)",
    "Promise.all(a)",
    "Promise.all(s)",
    "Promise.allSettled(a)",
    "Promise.race(a)",
    "Promise.resolve(a).then(f).then(f)",
    "f.bind(null, a, s, o)",
    "f.apply(null, a)",
    "s.split('')",
    "s.replace(/x/g, 'yy')",
    "s.replace(/x/g, f)",
    "s.match(/./g)",
    "s.toUpperCase()",
    "s.padStart(s.length * 3, 'ab')",
    "+s.replace(/x/g, '9')",
    "(s + 1) < (s + 2)",
    "JSON.stringify(a)",
    "JSON.stringify({s: s, a: a})",
    "JSON.parse('[' + a.join() + ']')",
    "a.concat(a)",
    "a.map(String)",
    "a.slice().sort()",
    "a.join(s.slice(0, 5))",
    "a.splice(1, 3, a, s)",
    "Object.keys(a)",
    "Object.entries(a)",
    "Object.assign({}, a)",
    "Object.freeze(a.slice())",
    "Object.defineProperty({}, s, {value: 1})",
    "new Uint8Array(a)",
    "new Uint8Array(s.length).fill(1)",
    "new Float64Array(a).sort()",
    "Buffer.from(s).toString('base64')",
    "Buffer.concat([Buffer.from(s), Buffer.from(s)])",
    "String.fromCharCode.apply(null, a)",
    "Array.from(a)",
    "new RegExp(s.slice(0, 2000))",
    "/(x+x+)+y/.test(s)",
    "encodeURIComponent(s)",
    "new Error(s).stack",
    "Symbol(s)",
    "new Date(s)",
    "require('querystring').parse(s)",
    "require('querystring').stringify(a)",
    "require('crypto').createHash('sha256').update(s).digest('hex')",
    "new TextEncoder().encode(s)",
    "console.log(a, s)",
];

/// What is done with a call, `CALL`.
const WAYS: &[&str] = &[
    // Once, with the memory filled before.
    "CALL",
    // What it gives is kept, until the memory is full.
    "var kept = []; for (;;) kept.push(CALL)",
    // What it gives is dropped, until the time is over.
    "for (;;) CALL",
    // Errors are caught, and it goes on.
    "for (;;) try { CALL } catch (e) {}",
    // At the end of the stack.
    "function deeper() { try { deeper() } catch (e) { CALL } } deeper()",
    // From a job.
    "for (var i = 0; i < 50; i++) Promise.resolve().then(function () { CALL })",
];

/// How large things are.
#[derive(Clone, Copy)]
struct Size {
    /// Bytes that are filled before.
    filled: usize,
    /// Elements of the array.
    elements: usize,
    /// Characters of the string.
    characters: usize,
}

/// Sizes at which known faults of the engine show.
const DEFAULT: Size = Size { filled: 1_300_000, elements: 8_100, characters: 9_500 };

/// Every native in every way.
pub(crate) fn all() -> Vec<String> {
    NATIVES.iter().flat_map(|native| WAYS.iter().map(|way| program(native, way, DEFAULT))).collect()
}

/// A program of the random search: any native in any way, with the memory filled to any point. The same seed gives the
/// same program.
pub(crate) fn random(seed: u64) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    let native = random.choice(NATIVES).unwrap();
    let way = random.choice(WAYS).unwrap();
    let size = Size {
        // Around the limit of two mebibytes, and far from it.
        filled: random.usize(0..2_400_000),
        elements: random.usize(1..20_000),
        characters: random.usize(1..120_000),
    };
    program(native, way, size)
}

fn program(native: &str, way: &str, size: Size) -> String {
    let Size { filled, elements, characters } = size;
    let body = way.replace("CALL", native);
    format!(
        "function handler(event) {{
            var o = {{}}, f = function (x) {{ return x }}, s = 'x'.repeat({characters}), a = [];
            for (var n = 0; n < {elements}; n++) a.push(n);
            var filled = 'y'.repeat({filled}).toUpperCase();
            try {{ {body} }} catch (e) {{}}
            return event.request
        }}"
    )
}
