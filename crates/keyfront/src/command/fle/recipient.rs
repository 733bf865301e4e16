//! The options that say for whom a field is encrypted.

use std::path::PathBuf;

use clap::Args;
use keyfront_domain::field_level_encryption::message::Recipient;

use crate::failure::Failure;
use crate::public_key_file;

/// The public key of the recipient and the names that a message gives to it.
#[derive(Args)]
pub(super) struct RecipientArguments {
    /// The RSA public key, in PEM
    #[arg(long, value_name = "FILE")]
    public_key: PathBuf,
    /// The name that the public key has in CloudFront
    #[arg(long, value_name = "NAME")]
    key_name: String,
    /// The provider of the profile's encryption entity
    #[arg(long, value_name = "ID")]
    provider_id: String,
}

impl RecipientArguments {
    /// Reads the key.
    pub(super) fn load(&self) -> Result<Recipient, Failure> {
        let (_text, key) = public_key_file::read(&self.public_key)?;
        Recipient::new(self.provider_id.clone(), self.key_name.clone(), &key).map_err(|error| {
            Failure::because(format!("{} cannot be used", self.public_key.display()), &error)
        })
    }
}
