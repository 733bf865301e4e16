//! Whether the data file is still where its name says: a file that was removed or replaced takes writes without an
//! error, and they are gone with the process.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The name of the data file, and the file that it led to when it was opened.
pub(crate) struct NamedFile {
    path: PathBuf,
    /// Device and inode.
    file: (u64, u64),
}

impl NamedFile {
    pub(crate) fn new(path: &Path) -> io::Result<NamedFile> {
        Ok(NamedFile { path: path.to_path_buf(), file: identity(&fs::metadata(path)?) })
    }

    /// What happened to the file and what to do; nothing while its name leads to it. It costs about a microsecond.
    pub(crate) fn displaced(&self) -> Option<String> {
        let what = match fs::metadata(&self.path) {
            Ok(found) if identity(&found) == self.file => return None,
            Ok(_) => "was replaced by another file",
            Err(error) if [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => {
                "was removed, or its folder was"
            }
            // A process that may no longer look the name up can still write to the open file.
            Err(_) => return None,
        };
        Some(format!(
            "{} {what}, so what is written would be gone with this process. Keyfront refuses writes until the file \
             is back in its place; reads of what was committed go on. Copy it, with `keyfront backup` or over the \
             API, before this process ends",
            self.path.display()
        ))
    }
}

fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}
