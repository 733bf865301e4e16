//! Calls of a running server's admin address, for the commands that test or administer it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::{ADMIN_PORT, DEVELOPMENT_TOKEN};
use crate::data_folder::{Control, find_control};
use crate::failure::Failure;
use crate::server::ask;

/// Time in which a server must have answered.
const LIMIT: Duration = Duration::from_mins(1);

/// The options that name a running server by its data folder or its admin address.
#[derive(Args)]
pub(crate) struct AdminArguments {
    /// The server that runs on this data folder
    #[arg(long, value_name = "FOLDER", default_value = ".keyfront")]
    data: PathBuf,
    /// The server at this admin address [default: the one of the data folder, or 127.0.0.1:4701]
    #[arg(long, value_name = "ADDRESS", env = "KEYFRONT_ADMIN")]
    admin: Option<SocketAddr>,
    /// The token of the admin address; a development server accepts `test`
    #[arg(long, value_name = "TOKEN", env = "KEYFRONT_ADMIN_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

impl AdminArguments {
    /// Sends one command and reads its answer.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let control = self.control();
        if let Some(answer) = ask(&control, method.clone(), path, body, LIMIT).await? {
            return Ok(answer);
        }
        // The file may be a dead server's, and a development server may have its address now.
        let development = Control { token: DEVELOPMENT_TOKEN.to_owned(), ..control };
        if self.token.is_none()
            && let Some(answer) = ask(&development, method, path, body, LIMIT).await?
        {
            return Ok(answer);
        }
        Err(Failure::new(format!(
            "no Keyfront server answered at {}; start one with `keyfront dev`, or name it with --data or with --admin \
             and --token",
            development.address
        )))
    }

    fn control(&self) -> Control {
        let published = find_control(&self.data);
        let known = published.filter(|control| self.admin.is_none_or(|named| named == control.address));
        let (address, token) = known.map(|control| (control.address, control.token)).unzip();
        let usual = SocketAddr::from(([127, 0, 0, 1], ADMIN_PORT));
        Control {
            address: self.admin.or(address).unwrap_or(usual),
            token: self.token.clone().or(token).unwrap_or_else(|| DEVELOPMENT_TOKEN.to_owned()),
        }
    }
}
