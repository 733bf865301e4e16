//! Tables of expressions and what they print.
//!
//! An expression is a line. What njs of May 2023 prints follows, each line behind a tab. Where njs 0.7.9 prints something
//! else, its lines follow behind `0.7.9` and a tab; where the sandbox does, behind `~` and a tab.

use std::path::Path;
use std::process::Command;

/// What the expressions use.
pub(super) const PREAMBLE: &str = include_str!("tables/preamble.js");

pub(super) const TABLES: &[(&str, &str)] = &[
    ("dates", include_str!("tables/dates.txt")),
    ("errors", include_str!("tables/errors.txt")),
    ("json", include_str!("tables/json.txt")),
    ("missing_builtins", include_str!("tables/missing_builtins.txt")),
    ("parsed dates", include_str!("tables/parsed_dates.txt")),
    ("printing", include_str!("tables/printing.txt")),
    ("values", include_str!("tables/values.txt")),
];

pub(super) struct Case<'t> {
    pub(super) expression: &'t str,
    njs: Vec<String>,
    older: Vec<String>,
    different: Vec<String>,
}

impl Case<'_> {
    /// What the sandbox prints.
    pub(super) fn ours(&self) -> &[String] {
        if self.different.is_empty() { &self.njs } else { &self.different }
    }

    /// What the `njs` command prints, which is version 0.7.9.
    pub(super) fn older(&self) -> &[String] {
        if self.older.is_empty() { &self.njs } else { &self.older }
    }
}

pub(super) fn parse(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(printed) = line.strip_prefix('\t') {
            cases.last_mut().expect("a table begins with an expression").njs.push(printed.to_owned());
        } else if let Some(printed) = line.strip_prefix("0.7.9\t") {
            cases.last_mut().expect("a table begins with an expression").older.push(printed.to_owned());
        } else if let Some(printed) = line.strip_prefix("~\t") {
            cases.last_mut().expect("a table begins with an expression").different.push(printed.to_owned());
        } else {
            cases.push(Case { expression: line, njs: Vec::new(), older: Vec::new(), different: Vec::new() });
        }
    }
    cases
}

/// An expression as a statement that prints it.
pub(super) fn printing(expression: &str) -> String {
    format!(
        "(function () {{ try {{ console.log({expression}) }} catch (e) {{ console.log('! ' + e) }} }})();"
    )
}

/// What the `njs` command prints for an expression. Each has a run of its own: in njs, a number in the source becomes
/// a string for all of the program when it is a key somewhere.
pub(super) fn njs_prints(expression: &str, path: &Path) -> Vec<String> {
    std::fs::write(path, format!("{PREAMBLE}\n{}", printing(expression))).unwrap();
    let run = Command::new("njs")
        .arg("-u")
        .arg(path)
        .env("TZ", "UTC")
        .output()
        .expect("this test compares with the njs command, version 0.7.9: apt-get install njs");
    String::from_utf8_lossy(&run.stdout).lines().map(str::to_owned).collect()
}
