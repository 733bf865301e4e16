//! `keyfront keys create`, `list` and `delete`: public keys.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_api::Ids;
use keyfront_client::{Client, StoredPublicKey};
use keyfront_domain::public_key::{PublicKey, PublicKeyConfig};
use serde_json::{Value, json};

use super::super::kvs::Place;
use super::super::output::{Output, one_line};
use crate::clock::RandomIds;
use crate::failure::Failure;

/// Upload a public key, and print the id that signed requests name
#[derive(Args)]
pub(super) struct Create {
    /// The key's name: letters, digits, - and _, up to 128
    name: String,
    /// The file with the public key: PEM, RSA with 2048 bits or ECDSA on P-256
    #[arg(long, value_name = "FILE")]
    public_key: PathBuf,
    /// What the key is for, up to 128 characters
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

impl Create {
    pub(super) async fn run(self, place: &Place, output: Output) -> Result<ExitCode, Failure> {
        let (encoded_key, _key) = read(&self.public_key)?;
        let config = PublicKeyConfig {
            caller_reference: RandomIds.uuid().to_string(),
            name: self.name,
            encoded_key,
            comment: self.comment,
        };
        config
            .check()
            .map_err(|refusal| Failure::new(format!("nothing was uploaded: {}", refusal.message)))?;
        let PublicKeyConfig { caller_reference, name, encoded_key, comment } = &config;
        let client = place.client().await?;
        let created =
            client.create_public_key(caller_reference, name, encoded_key, comment.as_deref()).await?;
        // Nothing but the id, which scripts put into a variable.
        output.print(|| created.id.clone(), || as_json(&created));
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a public key from a file, and says what the file has in it if it is none.
pub(in super::super) fn read(path: &Path) -> Result<(String, PublicKey), Failure> {
    let file = path.display();
    let encoded = std::fs::read_to_string(path)
        .map_err(|error| Failure::because(format!("the public key {file} cannot be read"), &error))?;
    match PublicKey::examine(&encoded) {
        Ok(key) => Ok((encoded, key)),
        Err(reason) => {
            let remedy = reason.remedy(&file.to_string());
            let remedy = remedy.map_or_else(String::new, |command| format!("; make one with: {command}"));
            Err(Failure::new(format!("{file} is not a public key that CloudFront takes: {reason}{remedy}")))
        }
    }
}

/// List the public keys of the account
#[derive(Args)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let keys = client.public_keys().await?;
        output.print(|| table(&keys), || Value::Array(keys.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

fn kind(key: &StoredPublicKey) -> String {
    PublicKey::parse(&key.encoded_key).map_or_else(|_other| "unknown".to_owned(), |key| key.kind.to_string())
}

fn table(keys: &[StoredPublicKey]) -> String {
    let width = keys.iter().map(|key| key.name.len()).max().unwrap_or_default();
    let lines = keys.iter().map(|key| {
        let StoredPublicKey { id, name, comment, created, .. } = key;
        let line = format!("{id:14}  {name:width$}  {:11}  {created:24}  {}", kind(key), one_line(comment));
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the control plane says of a key, by the service's names, and its kind.
fn as_json(key: &StoredPublicKey) -> Value {
    json!({
        "Id": key.id,
        "Name": key.name,
        "Type": kind(key),
        "Comment": key.comment,
        "CreatedTime": key.created,
        "EncodedKey": key.encoded_key,
    })
}

/// Delete a public key that no key group has
#[derive(Args)]
pub(super) struct Delete {
    /// The key's id, such as K2JCJMDEHXQW5F
    id: String,
}

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        client.delete_public_key(&self.id).await?;
        output.print(|| format!("deleted {}", self.id), || json!({ "Deleted": self.id }));
        Ok(ExitCode::SUCCESS)
    }
}
