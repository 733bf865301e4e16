//! The arguments that name a function's code and its runtime.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use keyfront_domain::function::Runtime;

use super::file;
use crate::failure::Failure;

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

/// A runtime, as the command line names it.
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
        file::read(&self.file, "code")
    }
}
