//! The parser against the njs command, version 0.7.9, except where CloudFront's engine is known to be newer.

use std::process::Command;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{probes, verdict};

/// The njs command, in a folder where it finds the modules that it does not have itself.
struct Njs {
    folder: tempfile::TempDir,
}

impl Njs {
    fn new() -> Njs {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cloudfront"), "export default {}").unwrap();
        Njs { folder }
    }

    /// What njs says of code; nothing where it takes it. The code itself does not run.
    fn verdict(&self, code: &str) -> Option<String> {
        let file = self.folder.path().join("f.js");
        std::fs::write(&file, format!("throw 0;{code}")).unwrap();
        let output = Command::new("njs").arg("-p").arg(self.folder.path()).arg(&file).output().expect(
            "this test asks njs 0.7.9 what it says of code, and there is no njs: apt-get install njs",
        );
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let thrown =
            text.strip_prefix("Thrown:\n").unwrap_or_else(|| panic!("njs said {text:?} of {code:?}"));
        if thrown.starts_with("0\n") || thrown.contains("\n    at ") {
            return None;
        }
        let said = thrown.trim_end_matches('\n');
        let named = format!(" in {}:", file.display());
        Some(said.replace(&named, " in "))
    }
}

#[test]
fn the_probes_have_what_the_njs_command_says() {
    let njs = Njs::new();
    for probe in probes::all() {
        assert_eq!(njs.verdict(&probe.code).as_deref(), probe.older(), "{:?}", probe.code);
    }
}

const TOKENS: [&str; 112] = [
    "a",
    "b",
    "c",
    "f",
    "x",
    "of",
    "let",
    "const",
    "var",
    "function",
    "async",
    "await",
    "class",
    "if",
    "else",
    "for",
    "while",
    "do",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "catch",
    "finally",
    "new",
    "delete",
    "typeof",
    "void",
    "in",
    "instanceof",
    "this",
    "null",
    "true",
    "undefined",
    "arguments",
    "eval",
    "yield",
    "get",
    "set",
    "from",
    "import",
    "export",
    "debugger",
    "static",
    "with",
    "super",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "...",
    ";",
    ":",
    "?",
    "??",
    "?.",
    "=>",
    "=",
    "+=",
    "**=",
    "/=",
    "++",
    "--",
    "==",
    "===",
    "<",
    ">",
    "<=",
    ">>",
    ">>>",
    "+",
    "-",
    "*",
    "**",
    "%",
    "/",
    "|",
    "||",
    "&",
    "&&",
    "^",
    "~",
    "!",
    "1",
    "0",
    "1.5",
    "0x1",
    "01",
    "1_0",
    "'a'",
    "\"b\"",
    "'a\\n'",
    "`t`",
    "`a${b}`",
    "/r/",
    "/r/g",
    "\n",
    "/*c*/",
    "//d\n",
    "<!--",
    "-->",
    "#",
    "\\",
    "'use strict'",
];

const PROGRAMS: [&str; 4] = [
    "function handler(event) {\n  var request = event.request;\n  var uri = request.uri;\n  if (uri.endsWith('/')) {\n    request.uri += 'index.html';\n  } else if (!uri.includes('.')) {\n    request.uri += '/index.html';\n  }\n  return request;\n}\n",
    "import cf from 'cloudfront';\nconst kvs = cf.kvs('id');\nasync function handler(event) {\n  const key = `${event.request.uri}/x`;\n  try {\n    const v = await kvs.get(key, { format: 'string' });\n    event.request.headers['x-a'] = { value: v };\n  } catch (err) {\n    console.log(`Error ${key} ${err}`);\n  }\n  return event.request;\n}",
    "var a = { b: 1, 'c': [1, 2, , 3], d() { return this.b; }, get e() { return 1; }, [f]: 2 };\nfor (var i = 0, n = a.c.length; i < n; i++) { a.c[i] = i ? i ** 2 : -i; }\nfor (var k in a) { if (k in a && a[k] instanceof Object) continue; else break; }\nouter: while (true) { switch (a.b) { case 1: break outer; case 2: default: a.b++; } }\ndo { x = (p, q) => p ?? q; y = r => ({ r }); } while (x && y || !z);\nvar re = /a[/]b\\/c(?<n>d)+/gi.test(s);\n",
    "'use strict';\nfunction f(a, b) { label: for (;;) { for (let j of b) { break label } } }\nclass A {}\nlet [x, y] = [1, 2];\nvar o = { ...p };\nf(...q);\nx?.y;\nasync function g() { await h(await i()); }\n",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(select(TOKENS.to_vec()), 1..12).prop_map(|tokens| tokens.join(" "))
}

/// A program with a few of its characters replaced by a token.
fn broken() -> impl Strategy<Value = String> {
    let edits =
        prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, select(TOKENS.to_vec())), 1..4);
    (select(PROGRAMS.to_vec()), edits).prop_map(|(program, edits)| {
        let mut characters: Vec<char> = program.chars().collect();
        for (index, length, token) in edits {
            let start = index.index(characters.len());
            let end = (start + length).min(characters.len());
            characters.splice(start..end, token.chars());
            characters.push(' ');
        }
        characters.into_iter().collect()
    })
}

fn samples(strategy: &impl Strategy<Value = String>, count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Whether it is what CloudFront's engine refuses and njs 0.7.9 takes within blocks.
fn is_refused_since(said: Option<&str>) -> bool {
    said.is_some_and(|said| said.starts_with("SyntaxError: await in arguments not supported"))
}

/// An async function that calls with `await` in all places, in blocks of all kinds.
fn awaiting() -> impl Strategy<Value = String> {
    let leaf = select(vec!["await g()", "a", "1", "b.c", "g()", "await g"]).prop_map(str::to_owned);
    let expression = leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|all| format!("f({})", all.join(", "))),
            prop::collection::vec(inner.clone(), 0..2).prop_map(|all| format!("new F({})", all.join(", "))),
            inner.clone().prop_map(|one| format!("a.b({one}).c")),
            inner.clone().prop_map(|one| format!("[{one}]")),
            inner.clone().prop_map(|one| format!("({{ a: {one} }})")),
            inner.clone().prop_map(|one| format!("`${{{one}}}`")),
            inner.clone().prop_map(|one| format!("a[{one}]")),
            inner.clone().prop_map(|one| format!("!({one})")),
            inner.clone().prop_map(|one| format!("(async () => {{ {one}; }})")),
            inner.clone().prop_map(|one| format!("(async () => {one})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("({one} + {other})")),
        ]
    });
    let statement = expression.prop_map(|one| format!("{one};")).prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| format!("if (1) {{ {one} }}")),
            inner.clone().prop_map(|one| format!("try {{ {one} }} catch (e) {{ {one} }}")),
            inner.clone().prop_map(|one| format!("for (;;) {{ {one} break; }}")),
            inner.clone().prop_map(|one| format!("switch (1) {{ case 1: {one} }}")),
            inner.clone().prop_map(|one| format!("do {{ {one} }} while (0);")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("{{ {one} }} {other}")),
        ]
    });
    statement.prop_map(|body| format!("async function t() {{ {body} }}"))
}

/// The texts are the same for nearly all code, and no code that njs refuses comes through.
fn agrees(codes: Vec<String>) {
    let njs = Njs::new();
    let count = codes.len();
    let mut others = Vec::new();
    for code in codes {
        let (said, expected) = (verdict(&code), njs.verdict(&code));
        if is_refused_since(said.as_deref()) && expected.is_none() {
            continue;
        }
        assert!(
            said.is_some() || expected.is_none(),
            "the parser accepts {code:?}, of which njs says {expected:?}"
        );
        if said != expected {
            others.push(format!("{code:?}\n  njs  {expected:?}\n  here {said:?}"));
        }
    }
    assert!(others.len() * 100 <= count, "{} of {count} differ:\n{}", others.len(), others.join("\n"));
}

#[test]
fn random_rows_of_tokens_are_refused_as_njs_refuses_them() {
    agrees(samples(&soup(), 600));
}

#[test]
fn awaits_in_calls_are_refused_wherever_njs_refuses_them() {
    agrees(samples(&awaiting(), 400));
}

/// Within blocks, njs 0.7.9 does not answer as CloudFront does. Without blocks it does, so code within one is refused
/// as it is without it.
#[test]
fn awaits_in_calls_are_refused_in_blocks_as_they_are_outside() {
    for plain in samples(&awaiting(), 400) {
        let body =
            plain.strip_prefix("async function t() {").and_then(|rest| rest.strip_suffix('}')).unwrap();
        for (before, behind) in [("{", "}"), ("try {", "} finally {}"), ("if (1) {", "} else {}")] {
            let within = format!("async function t() {{ {before} {body} {behind} }}");
            assert_eq!(verdict(&within), verdict(&plain), "{within}");
        }
    }
}

#[test]
fn broken_programs_are_refused_as_njs_refuses_them() {
    agrees(samples(&broken(), 600));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(code in prop_oneof![soup(), broken(), awaiting(), any::<String>()]) {
        for runtime in [keyfront_domain::function::Runtime::Js1, keyfront_domain::function::Runtime::Js2] {
            let admitted = keyfront_njs::prepare(&code, runtime);
            let findings = keyfront_njs::lint(&code, runtime);
            // What is refused has a finding that says so.
            prop_assert!(admitted.is_ok() || !findings.is_empty());
        }
    }
}
