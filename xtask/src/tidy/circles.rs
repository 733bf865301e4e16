//! Circles of imports between the modules at the top of a crate.
//!
//! A module that another one needs must not need that one, by whatever way: then each can be read, tested and moved by
//! itself. Modules further down are free.

use std::collections::{BTreeMap, BTreeSet};

/// The circles that there are still, as a crate and its modules in them. The list only becomes shorter.
const LEFT: &[(&str, &[&str])] = &[
    ("keyfront", &["config", "engine"]),
    (
        "keyfront-api",
        &["configuration", "context", "control", "data", "extensions", "faults", "import", "operation"],
    ),
    ("keyfront-domain", &["arn", "function"]),
    ("keyfront-functions", &["function", "isolate", "library"]),
    ("keyfront-store", &["records", "transaction"]),
    ("keyfront-wire", &["encode", "error", "model", "route"]),
];

/// The modules that each module of a crate names, by crate.
#[derive(Default)]
pub(super) struct Imports(BTreeMap<String, BTreeMap<String, BTreeSet<String>>>);

impl Imports {
    /// Adds those of a source file, whose path below the root is `shown`. Tests may see everything.
    pub(super) fn add(&mut self, shown: &str, text: &str) {
        let parts: Vec<&str> = shown.split('/').collect();
        let ["crates", package, "src", within @ ..] = parts.as_slice() else { return };
        let Some(module) = within.first().map(|first| first.trim_end_matches(".rs")) else { return };
        if module == "lib" || module == "main" {
            return;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let named = self.0.entry((*package).to_owned()).or_default().entry(module.to_owned()).or_default();
        for rest in code.split("crate::").skip(1) {
            named.extend(first_names(rest).filter(|name| name != module));
        }
    }

    /// The circles that are not in the list, as mistakes; and what is in it for nothing, as warnings.
    pub(super) fn judge(&self) -> (Vec<String>, Vec<String>) {
        let mut left: BTreeSet<(&str, &str)> = LEFT
            .iter()
            .flat_map(|(package, modules)| modules.iter().map(move |module| (*package, *module)))
            .collect();
        let mut mistakes = Vec::new();
        for (package, modules) in &self.0 {
            for module in modules.keys().filter(|module| reached(modules, module).contains(*module)) {
                if !left.remove(&(package.as_str(), module.as_str())) {
                    mistakes.push(format!(
                        "{package}: the module {module} needs a module that needs it, by some way"
                    ));
                }
            }
        }
        let warnings = left
            .iter()
            .map(|(package, module)| {
                format!("xtask/src/tidy/circles.rs: {package}'s {module} is in no circle now")
            })
            .collect();
        (mistakes, warnings)
    }
}

/// The names that a path goes on with behind `crate::`: one, or all in braces.
fn first_names(rest: &str) -> impl Iterator<Item = String> {
    let inside = rest.strip_prefix('{').map(|inside| {
        let mut depth = 0_usize;
        let mut names = String::new();
        for each in inside.chars() {
            match each {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                each if depth == 0 => names.push(each),
                _ => {}
            }
        }
        names
    });
    let names = inside.unwrap_or_else(|| rest.chars().take_while(|each| is_name(*each)).collect());
    let names: Vec<String> = names
        .split(',')
        .map(|path| path.trim().chars().take_while(|each| is_name(*each)).collect())
        .collect();
    names.into_iter()
}

fn is_name(each: char) -> bool {
    each.is_ascii_alphanumeric() || each == '_'
}

fn reached<'m>(modules: &'m BTreeMap<String, BTreeSet<String>>, start: &str) -> BTreeSet<&'m String> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> = vec![start];
    while let Some(module) = waiting.pop() {
        for next in modules.get(module).into_iter().flatten().filter(|next| modules.contains_key(*next)) {
            if reached.insert(next) {
                waiting.push(next);
            }
        }
    }
    reached
}
