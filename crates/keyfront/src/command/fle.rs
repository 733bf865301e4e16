//! `keyfront fle`: field-level encryption by hand, to try a key or to read what was encrypted.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use keyfront_domain::field_level_encryption::form::{FormEncryption, Limits, SecretFields};
use keyfront_domain::field_level_encryption::message::{
    Expected, PrivateKey, Recipient, from_text, to_base64,
};
use keyfront_domain::public_key::PublicKey;

use crate::config::read_secret;
use crate::failure::Failure;

/// The most that is read at once, in bytes. A field has at most 16 KB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Encrypt and decrypt fields as CloudFront's field-level encryption does
#[derive(Args)]
pub(super) struct Fle {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Encrypt(Encrypt),
    Decrypt(Decrypt),
    Form(Form),
}

/// Encrypt a value into a message of the AWS Encryption SDK
#[derive(Args)]
struct Encrypt {
    #[command(flatten)]
    recipient: RecipientArguments,
    #[command(flatten)]
    files: Files,
    /// Write base64, which is what stands in a form
    #[arg(long)]
    base64: bool,
}

/// Decrypt a message of the AWS Encryption SDK
///
/// It takes the message as it is, in base64, or as it stands in the body of a form.
#[derive(Args)]
struct Decrypt {
    /// The RSA private key, in PEM
    #[arg(long, value_name = "FILE")]
    private_key: PathBuf,
    /// Refuse a message that is not for this name of the public key
    #[arg(long, value_name = "NAME")]
    key_name: Option<String>,
    /// Refuse a message that is not for this provider
    #[arg(long, value_name = "ID")]
    provider_id: Option<String>,
    #[command(flatten)]
    files: Files,
}

/// Encrypt fields of a form's body, application/x-www-form-urlencoded
#[derive(Args)]
struct Form {
    #[command(flatten)]
    recipient: RecipientArguments,
    /// A field to encrypt, or with * at its end all whose names begin so; may be given again
    #[arg(long = "field", value_name = "PATTERN", required = true)]
    fields: Vec<String>,
    #[command(flatten)]
    files: Files,
}

#[derive(Args)]
struct RecipientArguments {
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

#[derive(Args)]
struct Files {
    /// Read this file instead of standard input
    #[arg(long = "in", value_name = "FILE")]
    input: Option<PathBuf>,
    /// Write this file instead of standard output
    #[arg(long = "out", value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Fle {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Encrypt(encrypt) => encrypt.run(),
            Command::Decrypt(decrypt) => decrypt.run(),
            Command::Form(form) => form.run(),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Encrypt {
    fn run(self) -> Result<(), Failure> {
        let recipient = self.recipient.load()?;
        let plaintext = self.files.read()?;
        let message = recipient.encrypt(&plaintext).map_err(|error| Failure::new(error.to_string()))?;
        let content = if self.base64 { format!("{}\n", to_base64(&message)).into_bytes() } else { message };
        self.files.write(&content)
    }
}

impl Decrypt {
    fn run(self) -> Result<(), Failure> {
        let path = self.private_key.display();
        let key = PrivateKey::parse(&read_secret(&self.private_key)?)
            .map_err(|error| Failure::because(format!("{path} cannot be used"), &error))?;
        let content = self.files.read()?;
        let expected =
            Expected { provider_id: self.provider_id.as_deref(), key_name: self.key_name.as_deref() };
        let plaintext = from_text(&content)
            .and_then(|message| key.decrypt(&message, expected))
            .map_err(|error| Failure::because("it cannot be decrypted", &error))?;
        self.files.write(&plaintext)
    }
}

impl Form {
    fn run(self) -> Result<(), Failure> {
        let recipient = self.recipient.load()?;
        let fields = SecretFields::default()
            .with(recipient, &self.fields)
            .map_err(|error| Failure::because("--field", &error))?;
        let body = self.files.read()?;
        let mut form = FormEncryption::new(Arc::new(fields), Limits::default());
        let mut out = Vec::new();
        form.push(&body, &mut out).and_then(|()| form.finish(&mut out)).map_err(|error| {
            Failure::because(format!("CloudFront would answer 400, {}", error.status()), &error)
        })?;
        self.files.write(&out)
    }
}

impl RecipientArguments {
    fn load(&self) -> Result<Recipient, Failure> {
        let path = self.public_key.display();
        let mut pem = String::new();
        File::open(&self.public_key)
            .and_then(|file| file.take(MAX_BYTES).read_to_string(&mut pem))
            .map_err(|error| Failure::because(format!("{path} cannot be read"), &error))?;
        let key = PublicKey::parse(&pem).ok().ok_or_else(|| {
            Failure::new(format!(
                "{path} is not a public key of CloudFront's: RSA with 2048 bits, in PEM that begins with \
                 -----BEGIN PUBLIC KEY-----; make one of a private key with: openssl rsa -pubout -in PRIVATE"
            ))
        })?;
        Recipient::new(self.provider_id.clone(), self.key_name.clone(), &key)
            .map_err(|error| Failure::because(format!("{path} cannot be used"), &error))
    }
}

impl Files {
    fn read(&self) -> Result<Vec<u8>, Failure> {
        let name = self.input.as_deref().map_or("standard input".into(), Path::to_string_lossy);
        let source: io::Result<Box<dyn Read>> = match &self.input {
            Some(path) => File::open(path).map(|file| -> Box<dyn Read> { Box::new(file) }),
            None => Ok(Box::new(io::stdin().lock())),
        };
        let mut content = Vec::new();
        source
            .and_then(|source| source.take(MAX_BYTES + 1).read_to_end(&mut content))
            .map_err(|error| Failure::because(format!("{name} cannot be read"), &error))?;
        if u64::try_from(content.len()).is_ok_and(|length| length <= MAX_BYTES) {
            return Ok(content);
        }
        Err(Failure::new(format!("{name} is larger than 64 MB, which is more than a field can be")))
    }

    /// What is written is complete: a failure before leaves a file as it was. A new file is its owner's alone,
    /// because it may hold what was to be kept secret.
    fn write(&self, content: &[u8]) -> Result<(), Failure> {
        let name = self.output.as_deref().map_or("standard output".into(), Path::to_string_lossy);
        let written = match &self.output {
            Some(path) => File::options()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(path)
                .and_then(|mut file| file.write_all(content)),
            None => io::stdout().write_all(content).and_then(|()| io::stdout().flush()),
        };
        written.map_err(|error| Failure::because(format!("{name} cannot be written"), &error))
    }
}
