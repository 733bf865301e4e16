//! Instrumented code.

use keyfront_domain::function::Runtime;
use keyfront_njs::{Instrumented, prepare};

#[test]
fn every_statement_has_its_line_and_the_code_is_still_taken() {
    for (code, lines) in [
        ("function handler(e) {\n  return e;\n}", vec![2]),
        ("'use strict';\nvar a = 1;\n;\nfunction f() {}\n", vec![2]),
        ("if (a) b();\nelse if (c) d();\nelse {\n  e();\n}", vec![1, 2, 4]),
        ("for (var i = 0; i < 2; i++)\n  a();\nfor (var k in b)\n  c();", vec![1, 2, 3, 4]),
        ("while (a)\n  b();\ndo\n  c();\nwhile (d);", vec![1, 2, 3, 4]),
        ("switch (a) {\ncase 1:\n  b();\n  break;\ndefault:\n  c();\n}", vec![1, 3, 4, 6]),
        ("try {\n  a();\n} catch (e) {\n  b();\n} finally {\n  c();\n}", vec![1, 2, 4, 6]),
        ("var f = (x) => {\n  return x;\n};\nvar g = (x) => x;", vec![1, 2, 4]),
        ("import cf from 'cloudfront';\nasync function handler(e) {\n  await e;\n}", vec![3]),
        ("outer: for (;;) { break outer }", vec![1]),
        ("if (a) { b() } else c()", vec![1]),
        ("var $keyfrontRan = 1;", vec![]),
    ] {
        let instrumented = Instrumented::of(code, Runtime::Js2).unwrap();
        assert_eq!(instrumented.lines(), lines, "{code}");
        let prepared = prepare(&instrumented.code, Runtime::Js2);
        assert!(prepared.is_ok() || code.starts_with("var $"), "{prepared:?}: {}", instrumented.code);
        let kept = instrumented.code.lines().take(code.lines().count()).count();
        assert_eq!(kept, code.lines().count(), "{code}");
    }
}

#[test]
fn a_log_tells_what_ran() {
    let code = "function handler(e) {\n  if (e) {\n    return 1;\n  }\n  return 2;\n}";
    let instrumented = Instrumented::of(code, Runtime::Js2).unwrap();
    let logs = ["\u{1}ran 0", "other", "\u{1}ran 1", "\u{1}ran 99", "\u{1}ran x"].map(str::to_owned);
    assert_eq!(instrumented.lines(), [2, 3, 5]);
    assert_eq!(instrumented.ran(&logs).len(), 2);
}

#[test]
fn a_statement_that_gets_a_block_leaves_the_next_outside() {
    let instrumented = Instrumented::of("if(a)b();c();", Runtime::Js2).unwrap();
    assert!(instrumented.code.contains("b();}$keyfrontRan(1);c();"), "{}", instrumented.code);
}

#[test]
fn code_that_is_refused_is_refused() {
    assert!(Instrumented::of("class A {}", Runtime::Js2).is_err());
}
