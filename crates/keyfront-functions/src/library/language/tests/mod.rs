//! The language against what njs printed.
//!
//! The files in `tables` hold expressions, each with what `console.log` of it printed in njs of May 2023, or what it threw.
//! One test asks the sandbox for the same, another asks the `njs` command, version 0.7.9, whether the tables are true.

mod context;
mod rules;
mod table;

use context::TestContext;
use table::{TABLES, njs_prints, parse};

#[test]
fn the_sandbox_prints_what_njs_printed() {
    let mut wrong = Vec::new();
    for (name, text) in TABLES {
        let context = TestContext::new();
        for case in parse(text) {
            let printed = context.print(case.expression);
            if printed != case.ours() {
                wrong.push(format!(
                    "{name}: {}\n  ours {printed:?}\n  njs  {:?}",
                    case.expression,
                    case.ours()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} expressions differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_tables_hold_what_the_njs_command_prints() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("expression.js");
    let mut wrong = Vec::new();
    for (name, text) in TABLES {
        for case in parse(text) {
            let printed = njs_prints(case.expression, &path);
            if printed != case.older() {
                wrong.push(format!(
                    "{name}: {}\n  table {:?}\n  njs   {printed:?}",
                    case.expression,
                    case.older()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} expressions differ:\n{}", wrong.len(), wrong.join("\n"));
}
