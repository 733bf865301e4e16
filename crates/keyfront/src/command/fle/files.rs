//! The input and the output of an encryption: files, or the standard streams.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::atomic_file;
use crate::failure::Failure;

/// The most that is read at once, in bytes. A field has at most 16 KB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Where the input comes from and where the output goes.
#[derive(Args)]
pub(super) struct Files {
    /// Read this file instead of standard input
    #[arg(long = "in", value_name = "FILE")]
    input: Option<PathBuf>,
    /// Write this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Files {
    /// Reads the whole input.
    pub(super) fn read(&self) -> Result<Vec<u8>, Failure> {
        let name = self.input.as_deref().map_or("standard input".into(), Path::to_string_lossy);
        let source: io::Result<Box<dyn Read>> = match &self.input {
            Some(path) => File::open(path).map(|file| -> Box<dyn Read> { Box::new(file) }),
            None => Ok(Box::new(io::stdin().lock())),
        };
        let mut content = Vec::new();
        source
            .and_then(|source| source.take(MAX_BYTES + 1).read_to_end(&mut content))
            .map_err(|error| Failure::because(format!("{name} cannot be read"), &error))?;
        if u64::try_from(content.len()).is_ok_and(|length| length <= MAX_BYTES) {
            return Ok(content);
        }
        Err(Failure::new(format!("{name} is larger than 64 MB, which is more than a field can be")))
    }

    /// Writes the whole output. Only its owner can read a new file, because it may hold a secret.
    pub(super) fn write(&self, content: &[u8]) -> Result<(), Failure> {
        let name = self.out.as_deref().map_or("standard output".into(), Path::to_string_lossy);
        let written = match &self.out {
            Some(path) => atomic_file::replace(path, atomic_file::PRIVATE, |file| file.write_all(content)),
            None => io::stdout().write_all(content).and_then(|()| io::stdout().flush()),
        };
        written.map_err(|error| Failure::because(format!("{name} cannot be written"), &error))
    }
}
