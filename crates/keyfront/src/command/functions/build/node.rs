//! Runs esbuild and SWC in Node.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::text;
use crate::failure::Failure;

/// What Node runs.
const SCRIPT: &str = include_str!("bundle.cjs");

/// What is built, and how.
pub(super) struct Options<'a> {
    pub(super) entry: &'a Path,
    /// The folder that the code will be in; paths of the source map begin there.
    pub(super) folder: &'a Path,
    pub(super) minify: bool,
    pub(super) lower_async: bool,
}

/// What was built.
pub(super) struct Bundle {
    pub(super) code: String,
    /// Its source map (ECMA-426).
    pub(super) map: Value,
}

/// Builds.
pub(super) fn bundle(options: &Options<'_>) -> Result<Bundle, Failure> {
    let Options { entry, folder, minify, lower_async } = options;
    let argument = json!({ "entry": entry, "minify": minify, "lowerAsync": lower_async }).to_string();
    let no_node = |error: &std::io::Error| {
        Failure::because("Node is needed to build a function, and the command node does not run", error)
    };
    let mut node = Command::new("node")
        .args(["-", &argument])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| no_node(&error))?;
    if let Some(mut input) = node.stdin.take() {
        input.write_all(SCRIPT.as_bytes()).map_err(|error| no_node(&error))?;
    }
    let output = node.wait_with_output().map_err(|error| no_node(&error))?;
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
        Failure::because(format!("Node ended with {} and no result", output.status), &error)
    })?;
    if let Some(missing) = answer.get("missing").and_then(Value::as_array) {
        let missing = missing.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        return Err(Failure::new(format!(
            "{missing}: not found from {} on; in its project run: npm install --save-dev {missing}",
            entry.display()
        )));
    }
    match (text(&answer, "code"), answer.get("map")) {
        (Some(code), Some(map)) => Ok(Bundle { code, map: map.clone() }),
        _ => Err(Failure::new(text(&answer, "failed").unwrap_or_else(|| "Node gave no result".to_owned()))),
    }
}
