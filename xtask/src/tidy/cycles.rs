//! Finds modules that import each other in a circle.
//!
//! Only siblings count: a parent and its child may use each other, as is usual in Rust. Imports are `use` declarations
//! and paths that begin with `crate::` or `super::`; a re-export counts as an import of the module it comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::sources;

/// Modules within which a circle stands so far. The list only becomes shorter.
const KNOWN: &[&str] = &[
    "keyfront",
    "keyfront-api",
    "keyfront-api::faults",
    "keyfront-domain",
    "keyfront-domain::field_level_encryption::message",
    "keyfront-domain::signed_request",
    "keyfront-engine-redb",
    "keyfront-store",
    "keyfront-wire",
    "keyfront-wire::signature",
];

/// The path of a module from its crate's root.
type ModulePath = Vec<String>;

#[derive(Default)]
struct Module {
    /// The paths from the crate's root that it names.
    imports: Vec<ModulePath>,
    /// The names that it re-exports, and from where.
    exports: BTreeMap<String, ModulePath>,
}

/// The circles, as sentences.
pub(crate) fn check(root: &Path) -> io::Result<Vec<String>> {
    let mut mistakes = Vec::new();
    let mut packages = fs::read_dir(root.join("crates"))?.collect::<io::Result<Vec<_>>>()?;
    packages.sort_by_key(fs::DirEntry::file_name);
    for package in packages {
        let name = package.file_name().to_string_lossy().into_owned();
        let modules = load(&package.path().join("src"))?;
        for (parent, circle) in circles(&modules) {
            let within = [std::slice::from_ref(&name), parent.as_slice()].concat().join("::");
            if !KNOWN.contains(&within.as_str()) {
                mistakes.push(format!("modules of {within} import each other: {}", circle.join(", ")));
            }
        }
    }
    Ok(mistakes)
}

fn load(folder: &Path) -> io::Result<BTreeMap<ModulePath, Module>> {
    let mut texts = BTreeMap::new();
    for path in sources::files(folder)? {
        // Of the path below the folder alone: what is above belongs to the machine.
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let relative = below.with_extension("");
        let mut module: ModulePath =
            relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if path.extension().is_none_or(|extension| extension != "rs") || sources::is_test(below) {
            continue;
        }
        module.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
        texts.insert(module, code(&fs::read_to_string(&path)?));
    }
    let known: BTreeSet<ModulePath> = texts.keys().cloned().collect();
    Ok(texts.into_iter().map(|(path, text)| (path.clone(), read(&known, &path, &text))).collect())
}

/// The text without comments and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn read(known: &BTreeSet<ModulePath>, here: &[String], text: &str) -> Module {
    let mut module = Module::default();
    for statement in text.split(';') {
        let Some((before, tree)) = statement.rsplit_once("use ") else { continue };
        let visibility = before.rsplit('\n').next().unwrap_or_default().trim();
        if !visibility.is_empty() && !visibility.starts_with("pub") {
            continue;
        }
        for (path, name) in expand(tree) {
            let Some(path) = absolute(known, here, &path) else { continue };
            if !visibility.is_empty() {
                module.exports.insert(name, path.clone());
            }
            module.imports.push(path);
        }
    }
    for word in text.split(|character: char| !(character.is_alphanumeric() || "_:".contains(character))) {
        if word.starts_with("crate::") || word.starts_with("super::") {
            let path: Vec<String> = word.split("::").map(str::to_owned).collect();
            module.imports.extend(absolute(known, here, &path));
        }
    }
    module
}

/// The paths of a `use` declaration, each with the name that it gets.
fn expand(tree: &str) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    let Some((prefix, rest)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let mut path: Vec<String> = path.split("::").map(|part| part.trim().to_owned()).collect();
        path.pop_if(|last| last == "self");
        let name = alias.map(str::to_owned).or_else(|| path.last().cloned()).unwrap_or_default();
        return vec![(path, name)];
    };
    let prefix: Vec<String> =
        prefix.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let mut depth = 0_usize;
    let parts = inner.split(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    });
    parts
        .filter(|part| !part.trim().is_empty())
        .flat_map(expand)
        .map(|(path, name)| {
            let name = if path.is_empty() { prefix.last().cloned().unwrap_or_default() } else { name };
            ([prefix.clone(), path].concat(), name)
        })
        .collect()
}

/// A path from the crate's root; none for a path into another crate.
fn absolute(known: &BTreeSet<ModulePath>, here: &[String], path: &[String]) -> Option<ModulePath> {
    let first = path.first()?;
    if first == "crate" {
        return path.get(1..).map(<[String]>::to_vec);
    }
    let mut base = here.to_vec();
    let steps = path.iter().take_while(|part| matches!(part.as_str(), "self" | "super")).count();
    for _ in path.iter().take(steps).filter(|step| *step == "super") {
        base.pop()?;
    }
    let is_child = || known.contains(&[here, std::slice::from_ref(first)].concat());
    if steps == 0 && !is_child() {
        return None;
    }
    base.extend(path.iter().skip(steps).cloned());
    Some(base)
}

/// The module that a path leads to, through re-exports.
fn resolve(modules: &BTreeMap<ModulePath, Module>, path: &[String], fuel: usize) -> ModulePath {
    let length = (0..=path.len())
        .take_while(|length| path.get(..*length).is_some_and(|path| modules.contains_key(path)))
        .last()
        .unwrap_or(0);
    let (module, rest) = path.split_at(length);
    let exported = rest.first().and_then(|name| modules.get(module)?.exports.get(name));
    match exported {
        Some(target) if fuel > 0 => {
            let path = [target.as_slice(), rest.get(1..).unwrap_or_default()].concat();
            resolve(modules, &path, fuel - 1)
        }
        Some(_) | None => module.to_vec(),
    }
}

/// The children of each module that reach themselves through their siblings.
fn circles(modules: &BTreeMap<ModulePath, Module>) -> BTreeMap<ModulePath, Vec<String>> {
    let mut edges: BTreeMap<ModulePath, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (from, module) in modules {
        for import in &module.imports {
            let to = resolve(modules, import, 8);
            let shared = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
            if let (Some(parent), Some(from), Some(to)) =
                (from.get(..shared), from.get(shared), to.get(shared))
            {
                let siblings = edges.entry(parent.to_vec()).or_default();
                siblings.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    edges
        .into_iter()
        .filter_map(|(parent, graph)| {
            let circle: Vec<String> =
                graph.keys().filter(|start| reaches_itself(&graph, start)).cloned().collect();
            (!circle.is_empty()).then_some((parent, circle))
        })
        .collect()
}

fn reaches_itself(graph: &BTreeMap<String, BTreeSet<String>>, start: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&String> = graph.get(start).into_iter().flatten().collect();
    while let Some(next) = waiting.pop() {
        if next == start {
            return true;
        }
        if seen.insert(next) {
            waiting.extend(graph.get(next).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
        let split =
            |path: &str| path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let known: BTreeSet<ModulePath> = files.iter().map(|(path, _)| split(path)).collect();
        let modules = files
            .iter()
            .map(|(path, text)| {
                let path: ModulePath = split(path);
                (path.clone(), read(&known, &path, &code(text)))
            })
            .collect();
        circles(&modules)
            .into_iter()
            .map(|(parent, circle)| format!("{}:{}", parent.join("::"), circle.join("+")))
            .collect()
    }

    #[test]
    fn siblings_that_import_each_other_are_found_through_paths_and_re_exports() {
        for (b, found) in [
            ("use crate::a::Thing;", true),
            ("use super::{c, a::{self, Thing}};", true),
            ("fn f() -> super::a::Thing { }", true),
            ("pub(crate) use crate::Thing;", true),
            ("use crate::c;", false),
            ("// use crate::a;", false),
            ("use other::a;", false),
            ("#[cfg(test)]\nmod tests { use crate::a; }", false),
        ] {
            let files = [
                ("", "mod a; mod b; mod c;\npub use a::Thing;"),
                ("a", "use crate::b;"),
                ("b", b),
                ("c", ""),
            ];
            let expected: &[&str] = if found { &[":a+b"] } else { &[] };
            assert_eq!(circles_of(&files), expected, "{b}");
        }
    }

    #[test]
    fn a_parent_and_its_child_may_use_each_other() {
        let files = [("", "mod a;"), ("a", "mod b;\nuse b::Thing;"), ("a::b", "use super::Other;")];
        assert_eq!(circles_of(&files), [""; 0]);
    }
}
