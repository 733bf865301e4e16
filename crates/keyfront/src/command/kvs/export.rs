//! `keyfront kvs export`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_client::document::{self, Format, WriteFormat};
use keyfront_client::{Client, Pairs};

use super::super::tell;
use super::output::{Progress, count};
use crate::failure::Failure;

/// Write all pairs of a store, of one moment, to a file or to standard output
#[derive(Args)]
pub(super) struct Export {
    /// The store's name or ARN
    name: String,
    /// The file; without it the pairs go to standard output
    #[arg(short = 'o', long = "to", value_name = "FILE")]
    file: Option<PathBuf>,
    /// json (the S3 import format), csv or ndjson [default: what the file's ending says, or json]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

impl Export {
    pub(super) async fn run(self, client: &Client) -> Result<ExitCode, Failure> {
        let by_name = self.file.as_deref().filter(|_| self.format.is_none()).map(Format::of_path);
        let by_name = by_name.transpose().map_err(|error| Failure::new(error.to_string()))?;
        let format = written(self.format.or(by_name).unwrap_or(Format::Json))?;
        let arn = client.arn(&self.name).await?;
        let progress = Progress::begin("reading");
        let image = client.read_all(&arn, &|done, of| progress.set(done, of)).await;
        progress.end();
        let pairs = image?.pairs;
        match &self.file {
            Some(file) => {
                save(file, format, &pairs)?;
                let pairs = count(u64::try_from(pairs.len()).unwrap_or(u64::MAX), "pair");
                tell(format!("wrote {pairs} to {}", file.display()));
            }
            None => document::write(format, &pairs, std::io::stdout().lock())
                .map_err(|error| Failure::because("standard output", &error))?,
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

/// Writes a file whole or leaves the one that is there.
fn save(path: &Path, format: WriteFormat, pairs: &Pairs) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        document::write(format, pairs, &mut file)?;
        file.persist(path)?;
        Ok(())
    };
    written().map_err(|error| Failure::because(format!("{} cannot be written", path.display()), &error))
}
