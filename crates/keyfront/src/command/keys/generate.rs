//! `keyfront keys generate`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use keyfront_domain::public_key::KeyKind;
use keyfront_domain::signed_request::generate;
use serde_json::json;

use crate::atomic_file;
use crate::failure::Failure;
use crate::terminal::Output;

const PRIVATE_KEY: &str = "private_key.pem";
const PUBLIC_KEY: &str = "public_key.pem";

/// Generate a key pair: a private key that signs, and its public key to upload
///
/// Writes private_key.pem, which only you can read, and public_key.pem. Existing files are not overwritten.
#[derive(Args)]
pub(super) struct Generate {
    /// What kind of key
    #[arg(long = "type", value_enum, default_value_t = Kind::Rsa)]
    kind: Kind,
    /// The folder to write into; it is created if it does not exist
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// RSA with 2048 bits, which every signer knows
    Rsa,
    /// ECDSA on P-256, with shorter URLs
    Ecdsa,
}

impl Generate {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let kind = match self.kind {
            Kind::Rsa => KeyKind::RsaBits2048,
            Kind::Ecdsa => KeyKind::EcdsaP256,
        };
        let (private, public) = (self.out.join(PRIVATE_KEY), self.out.join(PUBLIC_KEY));
        if let Some(there) = [&private, &public].into_iter().find(|path| path.symlink_metadata().is_ok()) {
            return Err(Failure::new(format!(
                "{} exists and was not overwritten; name another folder",
                there.display()
            )));
        }
        let key = generate(kind).map_err(|error| Failure::because(format!("{kind}"), &error))?;
        fs::create_dir_all(&self.out).map_err(|error| {
            Failure::because(format!("the folder {} cannot be made", self.out.display()), &error)
        })?;
        write(&private, &key.private_pem, atomic_file::PRIVATE)?;
        if let Err(failure) = write(&public, &key.public_pem, 0o644) {
            // Both or none: a private key without its public key is of no use.
            fs::remove_file(&private).ok();
            return Err(failure);
        }
        let (private, public) = (private.display(), public.display());
        output.print(
            || {
                format!(
                    "{private}  the private key ({kind}): it signs; keep it secret\n\
                     {public}   the public key; upload it with: keyfront keys create NAME --public-key {public}"
                )
            },
            || {
                json!({
                    "Type": kind.to_string(),
                    "PrivateKey": private.to_string(),
                    "PublicKey": public.to_string(),
                })
            },
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn write(path: &Path, content: &str, mode: u32) -> Result<(), Failure> {
    let written = atomic_file::create(path, content.as_bytes(), mode);
    written.map_err(|error| Failure::because(format!("{} cannot be written", path.display()), &error))
}
