//! The tables: an expression, and what njs of 23 May 2023 prints for it. Where njs 0.7.9 prints something else, that
//! follows on a line of its own.

use keyfront_domain::function::Runtime;

use super::engine::{njs_outcomes, outcomes};

/// A table. All of what is in it is compared with njs 0.7.9; `byte_strings` is what only runtime 1.0 has.
struct Table {
    name: &'static str,
    text: &'static str,
    runtime: Runtime,
}

const TABLES: [Table; 6] = [
    Table { name: "crypto", text: include_str!("crypto.txt"), runtime: Runtime::Js2 },
    Table { name: "querystring", text: include_str!("querystring.txt"), runtime: Runtime::Js2 },
    Table { name: "buffer", text: include_str!("buffer.txt"), runtime: Runtime::Js2 },
    Table { name: "numbers", text: include_str!("numbers.txt"), runtime: Runtime::Js2 },
    Table { name: "text", text: include_str!("text.txt"), runtime: Runtime::Js2 },
    Table { name: "byte_strings", text: include_str!("byte_strings.txt"), runtime: Runtime::Js1 },
];

/// Which outcomes of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Njs {
    Newest,
    /// Version 0.7.9.
    Older,
}

impl Table {
    fn cases(&self, njs: Njs) -> (Vec<String>, Vec<String>) {
        let lines = self.text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut lines = lines.peekable();
        let (mut expressions, mut printed) = (Vec::new(), Vec::new());
        while let Some(expression) = lines.next() {
            let mut outcome = lines.next().and_then(|line| line.strip_prefix("  => "));
            let older = lines.peek().and_then(|line| line.strip_prefix("  0.7.9 => "));
            if older.is_some() {
                lines.next();
            }
            if njs == Njs::Older {
                outcome = older.or(outcome);
            }
            printed.push(
                outcome.unwrap_or_else(|| panic!("{}: {expression} has no outcome", self.name)).to_owned(),
            );
            expressions.push(expression.to_owned());
        }
        (expressions, printed)
    }

    fn compare(&self, njs: Njs, with: impl Fn(&[String]) -> Vec<String>) {
        let (expressions, expected) = self.cases(njs);
        let printed = with(&expressions);
        assert_eq!(printed.len(), expected.len(), "{}", self.name);
        let wrong: Vec<String> = expressions
            .iter()
            .zip(expected.iter().zip(&printed))
            .filter(|(_, (expected, printed))| expected != printed)
            .map(|(expression, (expected, printed))| {
                format!("{expression}\n  njs  {expected}\n  here {printed}")
            })
            .collect();
        assert!(
            wrong.is_empty(),
            "{}: {} of {} differ\n{}",
            self.name,
            wrong.len(),
            expected.len(),
            wrong.join("\n")
        );
    }
}

#[test]
fn what_is_in_the_tables_is_printed_as_njs_prints_it() {
    for table in &TABLES {
        table.compare(Njs::Newest, |expressions| outcomes(table.runtime, expressions));
    }
}

#[test]
fn the_tables_say_what_njs_prints() {
    for table in &TABLES {
        table.compare(Njs::Older, |expressions| {
            expressions.iter().flat_map(|one| njs_outcomes(std::slice::from_ref(one))).collect()
        });
    }
}
