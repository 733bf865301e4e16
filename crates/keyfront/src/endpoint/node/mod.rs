//! Node's preload file: Node loads it before the program, and it resolves the data plane's name.
//!
//! The AWS SDK for JavaScript makes HTTP agents of its own. They follow no proxy of the environment, in no
//! version of Node, so its request for the data plane begins with a name that does not resolve. The file
//! resolves that name, and no other. It is in the user's cache and not in a temporary folder, where other users
//! could put another file in its place.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::variable::Variable;
use crate::atomic_file;
use crate::failure::Failure;

const PRELOAD: &str = include_str!("preload.cjs");

/// Writes the file, unless it is there, and returns the changes to an environment that make Node load it.
pub(super) fn variables() -> Result<Vec<Variable>, Failure> {
    let folder = folder(std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME"));
    let folder = folder.ok_or_else(|| Failure::new("neither HOME nor XDG_CACHE_HOME names a folder"))?;
    let path = write(&folder)
        .map_err(|error| Failure::because(format!("{} cannot be written", folder.display()), &error))?;
    let text = |value: OsString| {
        value.into_string().map_err(|value| Failure::new(format!("{} is not UTF-8 text", value.display())))
    };
    let path = text(path.into_os_string())?;
    let present = std::env::var_os("NODE_OPTIONS").map(text).transpose()?;
    let options = options(&path, present.as_deref().unwrap_or_default());
    Ok(vec![("NODE_OPTIONS", Some(options)), ("KEYFRONT_NODE_PRELOAD", Some(path))])
}

/// The program's folder in the user's cache (XDG Base Directory Specification: a relative path is ignored).
fn folder(cache: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let cache = cache.and_then(absolute).or_else(|| Some(home.and_then(absolute)?.join(".cache")))?;
    Some(cache.join("keyfront"))
}

/// Makes sure that the folder has the file. Another process may do the same meanwhile.
fn write(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join("node-preload.cjs");
    if fs::read(&path).is_ok_and(|present| present == PRELOAD.as_bytes()) {
        return Ok(path);
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    atomic_file::replace_private(&path, PRELOAD.as_bytes())?;
    Ok(path)
}

/// `NODE_OPTIONS` with the file to load, and with what was in it.
///
/// Node splits the variable at spaces; within double quotes a backslash takes the next character as it is.
fn options(path: &str, present: &str) -> String {
    let quoted = path.replace('\\', r"\\").replace('"', r#"\""#);
    let wanted = format!(r#"--require "{quoted}""#);
    if present.contains(&wanted) {
        return present.to_owned();
    }
    format!("{wanted} {present}").trim_end().to_owned()
}
