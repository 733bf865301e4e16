//! The calls that were under way when a function threw, with the files and lines that a person knows.

use std::path::Path;

use keyfront_functions::Outcome;

use super::source_map::SourceMap;

/// The calls, the innermost first, such as `handler (function.js:2)`. Lines of built code are those of its original.
pub(super) fn stack(outcome: &Outcome, code: &Path) -> Vec<String> {
    if outcome.stack.is_empty() {
        return Vec::new();
    }
    let map = SourceMap::beside(code);
    let file = code.file_name().unwrap_or_default().to_string_lossy();
    outcome.stack.iter().map(|call| placed(call, &file, map.as_ref())).collect()
}

fn placed(call: &str, file: &str, map: Option<&SourceMap>) -> String {
    let place = call.split_once("(:").and_then(|(function, line)| {
        let line: u32 = line.strip_suffix(')')?.parse().ok()?;
        Some((function, line))
    });
    let Some((function, line)) = place else { return call.to_owned() };
    match map.and_then(|map| map.original(line)) {
        Some((original, line)) => format!("{function}({original}:{line})"),
        None => format!("{function}({file}:{line})"),
    }
}
