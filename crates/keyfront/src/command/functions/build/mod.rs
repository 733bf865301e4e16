//! `keyfront fn build`: makes one file that CloudFront runs of modern JavaScript or TypeScript.
//!
//! esbuild bundles and SWC lowers, both of them npm packages of the project that the function belongs to. esbuild alone
//! does not lower classes, `for-of` and destructuring; Rust crates of bundlers would take longer to build than all of
//! Keyfront, for a program that those who write modern JavaScript have installed anyway.

mod node;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_domain::function::Runtime;
use serde_json::{Value, json};

use super::source_map::{SourceMap, map_file};
use crate::atomic_file;
use crate::failure::Failure;
use crate::terminal::Output;
use node::{Bundle, Options};

/// The largest code that CloudFront takes, in bytes.
const MAX_CODE_BYTES: usize = 10_240;

/// What njs says of `await` in the arguments of a call.
const AWAIT_IN_ARGUMENTS: &str = "await in arguments not supported";

/// Make one file that CloudFront runs, of modern JavaScript or TypeScript with its imports
///
/// It needs Node, and the npm packages esbuild and @swc/core in the project of the file. Beside the file it writes a
/// source map, with which `keyfront fn run` names the lines of the original. The entry point is what the file exports as
/// handler or by default, or a function that is named handler.
#[derive(Args)]
pub(super) struct Build {
    /// The file with the handler: .ts, .js, .mts, .mjs
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write, which is replaced if it is there
    #[arg(long, short = 'o', value_name = "FILE")]
    out: PathBuf,
    /// Leave out what a browser does not read: comments and spaces
    #[arg(long)]
    minify: bool,
}

impl Build {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let entry = std::path::absolute(&self.file)
            .and_then(|path| path.metadata().map(|_| path))
            .map_err(|error| Failure::because(format!("{} cannot be read", self.file.display()), &error))?;
        let out = std::path::absolute(&self.out)
            .map_err(|error| Failure::because(format!("{} cannot be written", self.out.display()), &error))?;
        if out == entry {
            return Err(Failure::new("--out names the file that is to be built; name another"));
        }
        let folder = out.parent().unwrap_or(Path::new("/"));
        let bundle = bundle(&entry, folder, self.minify)?;
        let map = map_file(&out);
        write(&out, bundle.code.as_bytes())?;
        write(&map, bundle.map.to_string().as_bytes())?;

        let (size, fits) = (bundle.code.len(), bundle.code.len() <= MAX_CODE_BYTES);
        let advice = if self.minify { "" } else { "; --minify makes it smaller" };
        let verdict = if fits {
            String::new()
        } else {
            format!("\ntoo large: CloudFront takes {MAX_CODE_BYTES} bytes{advice}")
        };
        output.print(
            || format!("wrote {}  {size} bytes, and its source map{verdict}", self.out.display()),
            || json!({ "File": self.out.display().to_string(), "Bytes": size, "Fits": fits }),
        );
        Ok(if fits { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Bundles so that CloudFront's engine takes the code. Async functions are lowered only where they have to be, because that
/// takes two kilobytes.
fn bundle(entry: &Path, folder: &Path, minify: bool) -> Result<Bundle, Failure> {
    let mut options = Options { entry, folder, minify, lower_async: false };
    let mut bundle = node::bundle(&options)?;
    let mut refused = keyfront_njs::prepare(&bundle.code, Runtime::Js2).err();
    if refused.as_ref().is_some_and(|error| error.message == AWAIT_IN_ARGUMENTS) {
        options.lower_async = true;
        bundle = node::bundle(&options)?;
        refused = keyfront_njs::prepare(&bundle.code, Runtime::Js2).err();
    }
    match refused {
        None => Ok(bundle),
        Some(error) => {
            let map = SourceMap::parse(&bundle.map.to_string());
            let place = map.as_ref().and_then(|map| map.original(error.line));
            let place = place.map_or_else(String::new, |(file, line)| format!("{file}:{line}: "));
            Err(Failure::new(format!(
                "{place}CloudFront would refuse what it was built to: {error}{}",
                error.instead.map_or_else(String::new, |instead| format!("\n    {instead}"))
            )))
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = atomic_file::replace(path, atomic_file::ORDINARY, |file| file.write_all(bytes));
    written.map_err(|error| Failure::because(format!("{} cannot be written", path.display()), &error))
}

/// A member of what Node answered, as text.
fn text(answer: &Value, name: &str) -> Option<String> {
    answer.get(name).and_then(Value::as_str).map(str::to_owned)
}
