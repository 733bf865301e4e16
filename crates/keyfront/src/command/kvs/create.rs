//! `keyfront kvs create`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_client::plan::Ownership;
use keyfront_client::sync::SyncRequest;
use keyfront_client::{Client, Pairs, Store};
use keyfront_domain::Quotas;

use super::comparison::{planned, read};
use super::render::store::as_json;
use super::writing::write;
use crate::failure::Failure;
use crate::terminal::{Output, count};

/// Create a store, empty or filled, and wait until it is ready
#[derive(Args)]
pub(super) struct Create {
    /// The store's name: letters, digits, - and _, up to 64
    name: String,
    /// What the store is for, up to 128 characters
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// Fill it from this object, which the service fetches itself: s3://BUCKET/KEY
    #[arg(long, value_name = "S3_URL", value_parser = object_arn, conflicts_with = "file")]
    import: Option<String>,
    /// Fill it from this file: import JSON, flat JSON, CSV, NDJSON, YAML, or - for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// The ARN of `s3://bucket/key`, or an ARN as it is.
fn object_arn(text: &str) -> Result<String, String> {
    if text.starts_with("arn:aws:s3:::") {
        return Ok(text.to_owned());
    }
    match text.strip_prefix("s3://").and_then(|object| object.split_once('/')) {
        Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
            Ok(format!("arn:aws:s3:::{bucket}/{key}"))
        }
        Some(_) | None => Err("write it as s3://BUCKET/KEY".to_owned()),
    }
}

impl Create {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let quotas = Quotas::default();
        // A file with a mistake is found before anything is created.
        let pairs = self.file.as_deref().map(|file| read(file, &quotas)).transpose()?;
        if let Some(pairs) = &pairs {
            planned(&Pairs::new(), pairs, &Ownership::default(), &quotas)?;
        }
        let store = client.create(&self.name, self.comment.as_deref(), self.import.as_deref()).await?;
        if let Some(pairs) = &pairs {
            fill(client, &store, pairs, &quotas).await?;
        }
        let metadata = client.metadata(&store.arn).await?;
        let text =
            || format!("created {} with {}\n{}", store.name, count(metadata.item_count, "pair"), store.arn);
        output.print(text, || as_json(&store));
        Ok(ExitCode::SUCCESS)
    }
}

async fn fill(client: &Client, store: &Store, pairs: &Pairs, quotas: &Quotas) -> Result<(), Failure> {
    let advice =
        format!("{0} was created; `keyfront kvs sync {0} --file` writes what is missing", store.name);
    let ownership = Ownership::default();
    let request =
        SyncRequest { arn: &store.arn, wanted: pairs, ownership: &ownership, batch_size: None, quotas };
    let stored = client.read_all(&store.arn, &|_done, _of| {}).await;
    let stored = stored.map_err(|error| Failure::new(format!("{error}\n{advice}")))?;
    write(client, &request, stored, &advice).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::object_arn;

    #[test]
    fn an_s3_url_becomes_the_arn_of_its_object() {
        assert_eq!(object_arn("s3://b/a/k.json").as_deref(), Ok("arn:aws:s3:::b/a/k.json"));
        assert_eq!(object_arn("arn:aws:s3:::b/k").as_deref(), Ok("arn:aws:s3:::b/k"));
        for wrong in ["s3://b", "s3://b/", "s3:///k", "b/k", "https://b/k"] {
            assert!(object_arn(wrong).is_err(), "{wrong}");
        }
    }
}
