//! The options that name a server or AWS, and the client that they lead to.

use std::path::{Path, PathBuf};

use clap::{Args, Parser};
use keyfront_client::{Client, Connection, Endpoint};

use super::authority::parse_authority;
use super::look::{Found, look_at};
use crate::failure::Failure;
use crate::terminal::tell;

/// The environment variable that names the server.
pub(crate) const ENDPOINT_VARIABLE: &str = "KEYFRONT_ENDPOINT";

/// The server that clients are pointed at.
#[derive(Args)]
pub(crate) struct ServerArguments {
    /// The server's URL
    #[arg(
        long,
        value_name = "URL",
        env = ENDPOINT_VARIABLE,
        default_value = "http://127.0.0.1:4700",
        global = true
    )]
    pub(crate) endpoint: String,
    /// The access key id
    #[arg(long, value_name = "ID", env = "KEYFRONT_ACCESS_KEY_ID", default_value = "test", global = true)]
    pub(super) access_key_id: String,
    /// The secret access key; `test` is the one of `keyfront dev`
    #[arg(
        long,
        value_name = "SECRET",
        env = "KEYFRONT_SECRET_ACCESS_KEY",
        default_value = "test",
        hide_env_values = true,
        global = true
    )]
    pub(super) secret_access_key: String,
    /// The file with the certificates, in PEM, that TLS trusts in place of the system's
    #[arg(long, value_name = "FILE", env = "AWS_CA_BUNDLE", global = true)]
    pub(super) ca: Option<PathBuf>,
    /// The region that clients are configured for [default: us-east-1]
    #[arg(long, value_name = "REGION", global = true)]
    pub(super) region: Option<String>,
}

/// A command line without any arguments.
#[derive(Parser)]
struct Nothing {
    #[command(flatten)]
    server: ServerArguments,
}

impl ServerArguments {
    /// The server that the environment names, or the usual one.
    pub(crate) fn of_the_environment() -> Result<ServerArguments, Failure> {
        let parsed = Nothing::try_parse_from(["keyfront"]);
        parsed.map(|nothing| nothing.server).map_err(|error| Failure::usage(error.to_string()))
    }

    /// The server as an endpoint of the client.
    fn endpoint(&self) -> Result<Endpoint, Failure> {
        self.authority()?;
        Ok(Endpoint::Keyfront {
            url: self.endpoint.clone(),
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
        })
    }

    /// Host and port of the endpoint, and whether it is plain HTTP.
    pub(crate) fn authority(&self) -> Result<(String, u16, bool), Failure> {
        parse_authority(&self.endpoint)
    }

    /// Fails at once when no server is there, instead of letting a client try for minutes.
    pub(crate) async fn require(&self) -> Result<(), Failure> {
        match look_at(&self.endpoint).await? {
            Found::Server { .. } => Ok(()),
            Found::AdminAddress(_) => Err(Failure::new(format!(
                "{} is the admin address of a server, not its endpoint, which is the URL after `ready` at its start",
                self.endpoint
            ))),
        }
    }
}

/// The certificates that TLS trusts.
pub(crate) fn read_certificates(path: &Path) -> Result<Vec<u8>, Failure> {
    let pem = std::fs::read(path)
        .map_err(|error| Failure::because(format!("{} cannot be read", path.display()), &error))?;
    if pem.windows(BEGIN_CERTIFICATE.len()).any(|text| text == BEGIN_CERTIFICATE) {
        return Ok(pem);
    }
    Err(Failure::new(format!(
        "{} has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----",
        path.display()
    )))
}

/// How a certificate begins in PEM.
const BEGIN_CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The service that a command works with: a Keyfront server or AWS.
#[derive(Args)]
#[command(next_help_heading = "Where")]
pub(crate) struct ServiceArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// Use AWS, with the usual chain of credentials, instead of a Keyfront server
    #[arg(long, global = true)]
    aws: bool,
    /// The AWS profile
    #[arg(long, value_name = "NAME", requires = "aws", global = true)]
    profile: Option<String>,
}

impl ServiceArguments {
    /// The region that clients are configured for, if one is named.
    pub(crate) fn region(&self) -> Option<&str> {
        self.server.region.as_deref()
    }

    /// A client of the service.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        let endpoint = if self.aws {
            Endpoint::Aws { profile: self.profile.clone(), region: self.server.region.clone() }
        } else {
            self.server.endpoint()?
        };
        let certificates = self.server.ca.as_deref().map(read_certificates).transpose()?;
        let connection = Connection { certificates, notice: |text| tell(format!("keyfront: {text}")) };
        Ok(Client::new(&endpoint, &connection).await?)
    }
}
