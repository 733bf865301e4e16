//! `keyfront keys create`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_api::Ids;
use keyfront_domain::public_key::PublicKeyConfig;

use super::render::as_json;
use crate::clock::RandomIds;
use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::public_key_file;
use crate::terminal::Output;

/// Upload a public key, and print the id that signed requests name
#[derive(Args)]
pub(super) struct Create {
    /// The key's name: letters, digits, - and _, up to 128
    name: String,
    /// The file with the public key: PEM, RSA with 2048 bits or ECDSA on P-256
    #[arg(long, visible_alias = "file", value_name = "FILE")]
    public_key: PathBuf,
    /// What the key is for, up to 128 characters
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

impl Create {
    pub(super) async fn run(self, service: &ServiceArguments, output: Output) -> Result<ExitCode, Failure> {
        let (encoded_key, _key) = public_key_file::read(&self.public_key)?;
        let config = PublicKeyConfig {
            caller_reference: RandomIds.uuid().to_string(),
            name: self.name,
            encoded_key,
            comment: self.comment,
        };
        config
            .check()
            .map_err(|refusal| Failure::new(format!("nothing was uploaded: {}", refusal.message())))?;
        let PublicKeyConfig { caller_reference, name, encoded_key, comment } = &config;
        let client = service.client().await?;
        let created =
            client.create_public_key(caller_reference, name, encoded_key, comment.as_deref()).await?;
        // Nothing but the id, which scripts put into a variable.
        output.print(|| created.id.clone(), || as_json(&created));
        Ok(ExitCode::SUCCESS)
    }
}
