//! The input and the output of an encryption: files, or the standard streams.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::json;

use crate::atomic_file;
use crate::failure::Failure;
use crate::terminal::{Output, content as print_content};

/// The most that is read at once, in bytes. A field has at most 16 KB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Where the input comes from and where the output goes.
#[derive(Args)]
pub(super) struct Files {
    /// Read this file instead of standard input
    #[arg(long = "file", visible_alias = "in", value_name = "FILE")]
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

    /// Writes the whole output. Only its owner can read a new file, because it may hold a secret. As JSON it says where
    /// the output is, or what it is: in base64, and as text where it is some.
    pub(super) fn write(&self, content: &[u8], output: Output) -> Result<(), Failure> {
        let name = self.out.as_deref().map_or("standard output".into(), Path::to_string_lossy);
        let failed = |error| Failure::because(format!("{name} cannot be written"), &error);
        let bytes = content.len();
        match (&self.out, output) {
            (Some(path), _) => {
                let replace = |file: &mut File| file.write_all(content);
                atomic_file::replace(path, atomic_file::PRIVATE, replace).map_err(failed)?;
                if output == Output::Json {
                    output.print(String::new, || json!({ "File": path.to_string_lossy(), "Bytes": bytes }));
                }
            }
            (None, Output::Text) => print_content(content),
            (None, Output::Json) => {
                let text = std::str::from_utf8(content).ok();
                let base64 = STANDARD.encode(content);
                output.print(String::new, || json!({ "Bytes": bytes, "Base64": base64, "Text": text }));
            }
        }
        Ok(())
    }
}
