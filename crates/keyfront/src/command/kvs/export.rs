//! `keyfront kvs export`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_client::document::{self, Format, WriteFormat};
use keyfront_client::{Client, Pairs};

use crate::atomic_file;
use crate::failure::Failure;
use crate::terminal::{Progress, content, count, tell};

/// The path that stands for standard output.
const STANDARD_OUTPUT: &str = "-";

/// Write all pairs of a store, from one version of it, to a file or to standard output
#[derive(Args)]
pub(super) struct Export {
    /// The store's name or ARN
    name: String,
    /// The file, which is replaced if it exists; without it, or for -, the pairs go to standard output
    #[arg(short = 'o', long, visible_alias = "to", value_name = "FILE")]
    file: Option<PathBuf>,
    /// json (the S3 import format), csv or ndjson [default: by the extension of the file, or json]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

impl Export {
    fn file(&self) -> Option<&Path> {
        self.file.as_deref().filter(|file| file.as_os_str() != STANDARD_OUTPUT)
    }

    pub(super) async fn run(self, client: &Client) -> Result<ExitCode, Failure> {
        let by_name = self.file().filter(|_| self.format.is_none()).map(Format::of_path);
        let by_name = by_name.transpose().map_err(|error| Failure::new(error.to_string()))?;
        let format = written(self.format.or(by_name).unwrap_or(Format::Json))?;
        let arn = client.arn(&self.name).await?;
        let progress = Progress::begin("reading");
        let stored = client.read_all(&arn, &|done, of| progress.set(done, of)).await;
        progress.end();
        let pairs = stored?.pairs;
        if let Some(file) = self.file() {
            save(file, format, &pairs)?;
            let pairs = count(u64::try_from(pairs.len()).unwrap_or(u64::MAX), "pair");
            tell(format!("wrote {pairs} to {}", file.display()));
        } else {
            let mut document = Vec::new();
            document::write(format, &pairs, &mut document)
                .map_err(|error| Failure::because("the pairs cannot be written", &error))?;
            content(&document);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn written(format: Format) -> Result<WriteFormat, Failure> {
    match format {
        Format::Json => Ok(WriteFormat::Json),
        Format::Ndjson => Ok(WriteFormat::Ndjson),
        Format::Csv => Ok(WriteFormat::Csv),
        Format::Yaml => Err(Failure::new("YAML is read, not written; the forms are json, ndjson and csv")),
    }
}

fn save(path: &Path, format: WriteFormat, pairs: &Pairs) -> Result<(), Failure> {
    let written =
        atomic_file::replace(path, atomic_file::ORDINARY, |file| document::write(format, pairs, file));
    written.map_err(|error| {
        let folder = atomic_file::folder_of(path);
        if error.kind() == ErrorKind::NotFound && !folder.exists() {
            return Failure::new(format!(
                "{} cannot be written: there is no folder {}",
                path.display(),
                folder.display()
            ));
        }
        Failure::because(format!("{} cannot be written", path.display()), &error)
    })
}
