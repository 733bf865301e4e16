//! The options that name a server or AWS, and the client that they lead to.

use clap::Args;
use http::Uri;
use keyfront_client::{Client, Endpoint};

use crate::failure::Failure;

/// The server that clients are pointed at.
#[derive(Args)]
pub(crate) struct ServerArguments {
    /// The server's URL
    #[arg(
        long,
        value_name = "URL",
        env = "KEYFRONT_ENDPOINT",
        default_value = "http://127.0.0.1:4700",
        global = true
    )]
    pub(super) endpoint: String,
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
    /// The region that clients are configured for [default: us-east-1]
    #[arg(long, value_name = "REGION", global = true)]
    pub(super) region: Option<String>,
}

impl ServerArguments {
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
        let endpoint = &self.endpoint;
        let wrong = || Failure::new(format!("{endpoint} is not a URL such as http://127.0.0.1:4700"));
        let uri: Uri = endpoint.parse().map_err(|_not_a_uri| wrong())?;
        let plain = match uri.scheme_str() {
            Some("http") => true,
            Some("https") => false,
            Some(_) | None => return Err(wrong()),
        };
        let host = uri.host().ok_or_else(wrong)?.to_owned();
        if !matches!(uri.path(), "" | "/") {
            return Err(wrong());
        }
        Ok((host, uri.port_u16().unwrap_or(if plain { 80 } else { 443 }), plain))
    }
}

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
    /// A client of the service.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        let endpoint = if self.aws {
            Endpoint::Aws { profile: self.profile.clone(), region: self.server.region.clone() }
        } else {
            self.server.endpoint()?
        };
        Ok(Client::new(&endpoint).await)
    }
}
