//! Strings whose methods say in njs what the engine alone would say otherwise: each row is an expression, what njs 0.7.9
//! prints for it, and what the engine would.

use crate::harness::{load, passing, told};

/// njs has one character for each in another case, where the language has several for some.
const CASES: &[(&str, &str)] = &[
    ("'stra\u{df}e'.toUpperCase()", "STRA\u{df}E"),
    ("'\u{fb01}\u{149}'.toUpperCase()", "\u{fb01}\u{149}"),
    ("'\u{1fb3}\u{1f80}\u{1fa7}\u{390}'.toUpperCase()", "\u{1fbc}\u{1f88}\u{1faf}\u{390}"),
    ("'\u{1f88}\u{df}a'.toUpperCase()", "\u{1f88}\u{df}A"),
    ("'\u{10428}\u{df}'.toUpperCase()", "\u{10400}\u{df}"),
    ("'\u{130}stanbul'.toLowerCase()", "istanbul"),
    ("'\u{391}\u{3a3} \u{391}\u{3a3}\u{391}'.toLowerCase()", "\u{3b1}\u{3c3} \u{3b1}\u{3c3}\u{3b1}"),
    ("'\u{3b1}\u{3c2}'.toLowerCase()", "\u{3b1}\u{3c2}"),
    ("'\u{1fbc}A\u{c9}'.toLowerCase()", "\u{1fb3}a\u{e9}"),
    ("'\u{e9}x'.toUpperCase()", "\u{c9}X"),
    ("String.prototype.toUpperCase.call(true)", "TRUE"),
    ("String.prototype.toLowerCase.call(['A', 'B'])", "a,b"),
    ("'a'.toUpperCase.length", "0"),
];

/// A regular expression is its text for methods that look for texts.
const SEARCHES: &[(&str, &str)] = &[
    ("'a/x/'.includes(/x/)", "true"),
    ("'/x/a'.startsWith(/x/)", "true"),
    ("'x'.startsWith(/x/)", "false"),
    ("'a/x/'.endsWith(/x/)", "true"),
    ("'a/x/'.indexOf(/x/)", "1"),
    ("'a/x/'.lastIndexOf(/x/)", "1"),
];

/// Halves of pairs are U+FFFD.
const ENCODED: &[(&str, &str)] = &[
    ("encodeURIComponent('a\\ud800b')", "a%EF%BF%BDb"),
    ("encodeURI('a\\udc00\\ud800')", "a%EF%BF%BD%EF%BF%BD"),
    ("encodeURIComponent('\\ud83d\\ude00\\ud83d')", "%F0%9F%98%80%EF%BF%BD"),
    ("encodeURI({ toString: function () { return '\u{e9}' } })", "%C3%A9"),
];

#[test]
fn methods_of_strings_say_what_they_say_in_njs() {
    let wrong: Vec<String> = [CASES, SEARCHES, ENCODED]
        .concat()
        .into_iter()
        .filter_map(|(expression, njs)| {
            let said = told(
                &load(&passing(&format!("event.request.uri = '' + {expression}")))
                    .invoke(&crate::harness::invocation()),
            );
            (said != njs).then(|| format!("{expression}: {said:?}, in njs {njs:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
