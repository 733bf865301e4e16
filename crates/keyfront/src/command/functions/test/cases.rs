//! Finds and reads the cases of a folder.
//!
//! A case is a folder with an `event.json` and an `expected.json`. One that has only one of them is a case too, and fails,
//! because a test that is forgotten looks like one that passes. Its function is the `function.js` beside them,
//! or that of the nearest folder above, so that one function has many cases.

use std::path::{Path, PathBuf};

use keyfront_functions::case::Case;

use crate::command::functions::file;
use crate::failure::Failure;

/// The most cases that are taken, and the most folders that are looked into for them.
const MOST: usize = 10_000;

/// A case that was found, and what its files say.
pub(super) struct FoundCase {
    /// The folder's path below the one that was asked for.
    pub(super) name: String,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// The file with its code, if there is one.
    pub(super) code: Option<PathBuf>,
    /// The case, or why it is none.
    pub(super) case: Result<Case, Failure>,
}

/// The name of the file with what is expected.
pub(super) const EXPECTED: &str = "expected.json";

/// What is expected of a case that has no expectation yet: anything.
const ANYTHING: &[u8] = br#"{"error_class":"any"}"#;

/// All cases in a folder and the folders below it, by name.
///
/// Where `update` says that expectations are to be written, a case may have none.
pub(super) fn find(root: &Path, update: bool) -> Result<Vec<FoundCase>, Failure> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    let mut looked_into = 0_usize;
    while let Some(folder) = waiting.pop() {
        looked_into += 1;
        if looked_into > MOST {
            return Err(Failure::new(format!("{} has more than {MOST} folders in it", root.display())));
        }
        if folder.join(EXPECTED).is_file() || folder.join("event.json").is_file() {
            let code = code(root, &folder);
            let case = read(code.as_deref(), &folder, update);
            found.push(FoundCase { name: name(root, &folder), folder: folder.clone(), code, case });
        }
        waiting.extend(folders(&folder)?);
    }
    if found.is_empty() {
        return Err(Failure::new(format!(
            "there is no case in {}: a case is a folder with function.js, event.json and expected.json",
            root.display()
        )));
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::because(format!("{} cannot be read", folder.display()), &error);
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A link is not followed: it may lead back up.
        if entry.file_type().map_err(failed)?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

fn name(root: &Path, folder: &Path) -> String {
    let below = folder.strip_prefix(root).unwrap_or(folder);
    let name = if below.as_os_str().is_empty() { root.file_name().map(Path::new) } else { Some(below) };
    name.unwrap_or(folder).display().to_string()
}

/// The function of a case: beside it, or in the nearest folder above.
fn code(root: &Path, folder: &Path) -> Option<PathBuf> {
    let within = folder.ancestors().take_while(|above| above.starts_with(root));
    within.map(|above| above.join("function.js")).find(|path| path.is_file())
}

fn read(code: Option<&Path>, folder: &Path, update: bool) -> Result<Case, Failure> {
    let code = code.ok_or_else(|| Failure::new("there is no function.js beside it or above it"))?;
    let code = file::read(code, "code")?;
    let event = file::read(&folder.join("event.json"), "event")?;
    let expected = folder.join(EXPECTED);
    let expected = match (expected.is_file(), update) {
        (true, _) => file::read(&expected, "expectation")?,
        (false, true) => ANYTHING.to_vec(),
        (false, false) => {
            return Err(Failure::new(
                "expected.json is missing beside event.json; write it, or let --update write what the function does now",
            ));
        }
    };
    Case::parse(&code, &event, &expected).map_err(|error| Failure::new(error.to_string()))
}
