//! A function's code in a file, and the runtime it is for.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use keyfront_domain::function::Runtime;

use crate::failure::Failure;

/// The largest file that is read as code, in bytes. CloudFront takes 10 KB; more is refused with its own words.
const MAX_BYTES: u64 = 1 << 20;

/// A file with a function.
#[derive(Args)]
pub(super) struct Source {
    /// The file with the function's code
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) runtime: RuntimeChoice,
}

/// The runtime that code is for.
#[derive(Args, Clone, Copy)]
pub(super) struct RuntimeChoice {
    /// The JavaScript runtime
    #[arg(long, value_enum, default_value_t = Version::Js2)]
    runtime: Version,
}

/// A runtime, as it is typed.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Version {
    #[value(name = "cloudfront-js-1.0", alias = "1.0")]
    Js1,
    #[value(name = "cloudfront-js-2.0", alias = "2.0")]
    Js2,
}

impl RuntimeChoice {
    pub(super) fn get(self) -> Runtime {
        self.runtime.runtime()
    }
}

impl Version {
    pub(super) fn runtime(self) -> Runtime {
        match self {
            Version::Js1 => Runtime::Js1,
            Version::Js2 => Runtime::Js2,
        }
    }
}

impl Source {
    /// The code, to the byte.
    pub(super) fn read(&self) -> Result<Vec<u8>, Failure> {
        read(&self.file, "code")
    }
}

/// Reads a small file whole; `what` is the word for what should be in it.
pub(super) fn read(file: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::because(format!("the {what} in {} cannot be read", file.display()), error)
    };
    let size = std::fs::metadata(file).map_err(|error| failed(&error))?.len();
    if size > MAX_BYTES {
        return Err(Failure::new(format!(
            "{} has {size} bytes; that is no {what}, of which at most {MAX_BYTES} are read",
            file.display()
        )));
    }
    std::fs::read(file).map_err(|error| failed(&error))
}
