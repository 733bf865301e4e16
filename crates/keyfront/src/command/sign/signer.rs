//! The options that name the signer: key pair id, private key and hash.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use keyfront_domain::signed_request::{HashAlgorithm, SigningKey, is_key_pair_id};

use crate::failure::Failure;
use crate::terminal::tell;

/// Longest file that is looked at, in bytes. A private key has less than 2,000.
const MAX_BYTES: u64 = 64 * 1024;

/// The private key that signs, and how the signature names it.
#[derive(Args)]
pub(super) struct SignerArguments {
    /// The id that CloudFront gave to the public key
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) key_pair_id: String,
    /// The file with the private key: PEM, RSA with 2048 bits or ECDSA on P-256
    // A key in place of its file begins with hyphens. It must not become part of an error about arguments.
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    private_key: PathBuf,
    /// The hash; CloudFront takes sha256 since 2026
    #[arg(long, value_enum, default_value_t = Hash::Sha1)]
    pub(super) hash: Hash,
}

/// The hash, by the names of the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

impl From<Hash> for HashAlgorithm {
    fn from(hash: Hash) -> HashAlgorithm {
        match hash {
            Hash::Sha1 => HashAlgorithm::Sha1,
            Hash::Sha256 => HashAlgorithm::Sha256,
        }
    }
}

impl SignerArguments {
    /// Reads the private key. That others can read it too is said but no failure: secrets that are mounted
    /// into a container often have such a mode, and the person there cannot change it.
    pub(super) fn key(&self) -> Result<SigningKey, Failure> {
        // A key in place of its id is a usual mistake. It is not repeated: it may be the private one.
        if !is_key_pair_id(&self.key_pair_id) {
            let what =
                "--key-pair-id takes the id of the public key, such as K2JCJMDEHXQW5F, and not the key";
            return Err(Failure::new(what));
        }
        let path = &self.private_key;
        // The name of the file is part of messages, so it must not be the key itself.
        if path.to_string_lossy().contains("-----BEGIN") {
            return Err(Failure::new("--private-key takes the name of a file, and not the key itself"));
        }
        let file = path.display();
        let failed = |error: std::io::Error| {
            Failure::because(format!("the private key {file} cannot be read"), &error)
        };
        let opened = File::open(path).map_err(failed)?;
        let metadata = opened.metadata().map_err(failed)?;
        let mode = metadata.permissions().mode() & 0o777;
        if metadata.is_file() && mode & 0o077 != 0 {
            tell(format!(
                "keyfront: others can read {file} (mode {mode:04o}); to change it: chmod 600 {file}"
            ));
        }
        let mut bytes = Vec::new();
        opened.take(MAX_BYTES).read_to_end(&mut bytes).map_err(failed)?;
        let unusable = |reason: &dyn std::fmt::Display| Failure::new(format!("{file} cannot sign: {reason}"));
        let pem = String::from_utf8(bytes).map_err(|_binary| unusable(&"it is not PEM"))?;
        SigningKey::from_pem(&pem).map_err(|error| unusable(&error))
    }
}
