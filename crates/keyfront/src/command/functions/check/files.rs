//! Finds the files with code in folders.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The endings of files with code.
const ENDINGS: [&str; 6] = ["cjs", "cts", "js", "mjs", "mts", "ts"];

/// Folders that hold no functions of one's own.
const OTHERS: &str = "node_modules";

/// The most files and folders that are looked at.
const MOST: usize = 10_000;

/// The files that are named, and those in the folders that are named, by name.
pub(super) fn find(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in named {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut within = in_folder(path)?;
        if within.is_empty() {
            let folder = path.display();
            return Err(Failure::new(format!(
                "there is no file with code in {folder}: none ends with .js or .ts"
            )));
        }
        within.sort();
        found.append(&mut within);
    }
    Ok(found)
}

fn in_folder(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (mut found, mut waiting, mut looked_at) = (Vec::new(), vec![root.to_owned()], 0_usize);
    while let Some(folder) = waiting.pop() {
        let failed = |error| Failure::because(format!("{} cannot be read", folder.display()), &error);
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            looked_at += 1;
            if looked_at > MOST {
                return Err(Failure::new(format!("{} has more than {MOST} files in it", root.display())));
            }
            let name = entry.file_name();
            if name == OTHERS || name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            // A link is not followed: it may lead back up.
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() && has_code(&entry.path()) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

fn has_code(path: &Path) -> bool {
    let is_declaration = path.file_stem().is_some_and(|stem| stem.as_encoded_bytes().ends_with(b".d"));
    let ending = path.extension().and_then(std::ffi::OsStr::to_str);
    !is_declaration && ending.is_some_and(|ending| ENDINGS.contains(&ending))
}
