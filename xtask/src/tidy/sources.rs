//! The form of source files: their size, their opening, words that belong to one machine, and tests that sleep.
//!
//! What clippy can say (module layout, function length) is left to clippy.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::words::{self, Count};

/// From here a file needs a good reason.
const LONG: usize = 400;
/// From here it is split.
const TOO_LONG: usize = 600;

/// Folders that hold no source of ours, and the file `.git` of a linked worktree.
const SKIPPED: &[&str] = &["target", ".git", ".keyfront", ".venv", "__pycache__", ".pytest_cache"];

/// Beginnings of paths that exist on one machine only. They are put together here so that this file
/// does not contain them.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// What a test does not do: it waits for what it can observe. Put together like the paths.
const SLEEPS: &[&str] =
    &[concat!("thread::sl", "eep("), concat!("time::sl", "eep("), concat!("time.sl", "eep(")];

/// A test on Tokio's paused clock: its sleeps move that clock and take no time.
const PAUSED_CLOCK: &str = "start_paused = true";

/// The one place where tests pause between two looks at what they wait for.
const WAITS: &str = "compat/suites/clients.py";

/// What was found.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) mistakes: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

/// Reads every file of the repository.
pub(crate) fn check(root: &Path) -> io::Result<Findings> {
    let mut findings = Findings::default();
    let mut words = Count::default();
    for path in files(root)? {
        // What is not text has no lines to look at.
        let Ok(text) = String::from_utf8(fs::read(&path)?) else { continue };
        // Of the path below the root alone: what is above belongs to the machine.
        let path = path.strip_prefix(root).unwrap_or(&path);
        let shown = path.display().to_string();
        for machine_path in MACHINE_PATHS.iter().filter(|words| text.contains(**words)) {
            findings.mistakes.push(format!("{shown} names a path of one machine: {machine_path}"));
        }
        let tests = is_test(path) || shown.starts_with("compat/");
        if tests && shown != WAITS && !text.contains(PAUSED_CLOCK) {
            for sleep in SLEEPS.iter().filter(|sleep| text.contains(**sleep)) {
                findings.mistakes.push(format!("{shown} sleeps ({sleep}…): wait for what can be observed"));
            }
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("rs" | "py" | "md")) && shown != words::LIST {
            words.add(&shown, &text);
        }
        if matches!(extension, Some("rs" | "py")) && !is_generated(&text) {
            check_size(&shown, text.lines().count(), &mut findings);
        }
        if extension == Some("rs") && !is_test(path) && !text.starts_with("//!") {
            findings.mistakes.push(format!("{shown} does not open with `//!` and what it is for"));
        }
        if extension == Some("py") && !text.trim().is_empty() && !text.starts_with("\"\"\"") {
            findings
                .mistakes
                .push(format!("{shown} does not open with a docstring that says what it is for"));
        }
    }
    let (mistakes, warnings) = words.judge();
    findings.mistakes.extend(mistakes);
    findings.warnings.extend(warnings);
    Ok(findings)
}

/// Whether it is a sibling `tests.rs`, whose parent has said what it is for, or part of a `tests` folder,
/// where the names of the tests say it.
pub(super) fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

/// Whether a program wrote it, which says so at its beginning.
fn is_generated(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains(concat!("@gene", "rated")))
}

fn check_size(shown: &str, lines: usize, findings: &mut Findings) {
    if lines > TOO_LONG {
        findings.mistakes.push(format!("{shown} has {lines} lines, more than {TOO_LONG}: split it"));
    } else if lines > LONG {
        findings.warnings.push(format!("{shown} has {lines} lines; above {LONG} a file needs a reason"));
    }
}

/// The files of a folder and of those within it, sorted.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let skipped = SKIPPED.iter().any(|name| entry.file_name() == *name);
            if kind.is_dir() && !skipped {
                waiting.push(entry.path());
            } else if kind.is_file() && !skipped {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
