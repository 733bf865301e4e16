//! Calls of a running server's admin address, for the commands that test or administer it.
//!
//! These commands change or empty a server, so they act on exactly the one that was named: by its admin address, by
//! its data folder, or by its endpoint, which tells the admin address. Nothing named means the folder `.keyfront`
//! here. They never guess an address: another project's server may be there.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::{self, DEVELOPMENT_TOKEN};
use crate::data_folder::{Control, find_control};
use crate::endpoint::{ENDPOINT_VARIABLE, Found, look_at, own_variable};
use crate::failure::Failure;
use crate::server::ask;

/// Time in which a server must have answered.
const LIMIT: Duration = Duration::from_mins(1);

/// The folder that is meant where nothing is named: the one in which `keyfront dev` keeps its data.
const USUAL_FOLDER: &str = ".keyfront";

const ADDRESS_VARIABLE: &str = "KEYFRONT_ADMIN";

/// The options that name a running server by its data folder, its endpoint or its admin address.
#[derive(Args)]
#[command(next_help_heading = "Which server")]
pub(crate) struct AdminArguments {
    /// The server that runs on this data folder [default: .keyfront]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The server at this URL [env: KEYFRONT_ENDPOINT, which `keyfront exec` sets]
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    endpoint: Option<String>,
    /// The server at this admin address [env: KEYFRONT_ADMIN]
    #[arg(long, value_name = "ADDRESS", conflicts_with = "endpoint", value_parser = parse_admin)]
    admin: Option<SocketAddr>,
    /// The token of the admin address, unless the data folder has it; a development server accepts `test`
    #[arg(long, value_name = "TOKEN", env = "KEYFRONT_ADMIN_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

/// The one server that a command acts on.
pub(crate) struct AdminServer {
    control: Control,
    /// How it was named, for messages.
    named: String,
    /// Its data folder, where that named it.
    data: Option<PathBuf>,
}

/// Reads an admin address, also as `keyfront dev` prints it: with `http://` in front.
fn parse_admin(text: &str) -> Result<SocketAddr, String> {
    config::parse_address(text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/'))
}

impl AdminArguments {
    /// Sends one command and reads its answer.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.server().await?.ask(method, path, body).await
    }

    /// The server that is named.
    ///
    /// # Errors
    /// Nothing names one, two names mean different servers, or the folder that is named is not there.
    pub(crate) async fn server(&self) -> Result<AdminServer, Failure> {
        if let Some(address) = self.admin {
            return self.at_address(address, format!("--admin {address}"));
        }
        if let Some(folder) = &self.data {
            return self.on_folder(folder, &format!("--data {}", folder.display()));
        }
        if let Some(endpoint) = &self.endpoint {
            return self.behind_endpoint(endpoint, format!("--endpoint {endpoint}")).await;
        }
        let address = own_variable(ADDRESS_VARIABLE).map(|text| parse_variable(&text)).transpose()?;
        let endpoint = own_variable(ENDPOINT_VARIABLE);
        match (address, endpoint) {
            (Some(address), None) => self.at_address(address, format!("{ADDRESS_VARIABLE}={address}")),
            (None, Some(endpoint)) => {
                self.behind_endpoint(&endpoint, format!("{ENDPOINT_VARIABLE}={endpoint}")).await
            }
            (Some(address), Some(endpoint)) => {
                let named = format!("{ENDPOINT_VARIABLE}={endpoint}");
                let server = self.behind_endpoint(&endpoint, named).await?;
                if server.control.address == address {
                    return Ok(server);
                }
                Err(Failure::new(format!(
                    "{ADDRESS_VARIABLE} is {address}, and the admin address of {endpoint}, which {ENDPOINT_VARIABLE} \
                     names, is {}: name one server with --admin, --endpoint or --data",
                    server.control.address
                )))
            }
            (None, None) => self.on_folder(Path::new(USUAL_FOLDER), "the folder .keyfront here"),
        }
    }

    fn at_address(&self, address: SocketAddr, named: String) -> Result<AdminServer, Failure> {
        let published = match &self.data {
            Some(folder) => Some(published(folder, &format!("--data {}", folder.display()))?),
            None => find_control(Path::new(USUAL_FOLDER)).filter(|control| control.address == address),
        };
        if let Some(control) = published.as_ref().filter(|control| control.address != address) {
            return Err(Failure::new(format!(
                "{named} and --data name two servers: the admin address of the folder's server is {}",
                control.address
            )));
        }
        let token = published.map(|control| control.token);
        Ok(AdminServer { control: self.control(address, token), named, data: self.data.clone() })
    }

    fn on_folder(&self, folder: &Path, named: &str) -> Result<AdminServer, Failure> {
        let Control { address, token } = published(folder, named)?;
        let data = folder.canonicalize().unwrap_or_else(|_unreadable| folder.to_owned());
        let control = self.control(address, Some(token));
        Ok(AdminServer { control, named: named.to_owned(), data: Some(data) })
    }

    async fn behind_endpoint(&self, endpoint: &str, named: String) -> Result<AdminServer, Failure> {
        match look_at(endpoint).await? {
            Found::Server { admin: Some(address) } => {
                let own = find_control(Path::new(USUAL_FOLDER)).filter(|control| control.address == address);
                let control = self.control(address, own.map(|control| control.token));
                Ok(AdminServer { control, named, data: None })
            }
            Found::Server { admin: None } => Err(Failure::new(format!(
                "the server at {endpoint} does not tell its admin address, as one with [testing] in its \
                 configuration does; name it with --admin, or with --data"
            ))),
            Found::AdminAddress(address) => Err(Failure::new(format!(
                "{endpoint} is the admin address of a server, not its endpoint; write --admin {address}"
            ))),
        }
    }

    /// A given token comes first, then the folder's, then the public one of development servers.
    fn control(&self, address: SocketAddr, published: Option<String>) -> Control {
        let token = self.token.clone().or(published);
        Control { address, token: token.unwrap_or_else(|| DEVELOPMENT_TOKEN.to_owned()) }
    }
}

impl AdminServer {
    /// Sends one command and reads its answer.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let Control { address, .. } = self.control;
        let named = &self.named;
        match ask(&self.control, method, path, body, LIMIT).await? {
            Some(answer) => Ok(answer),
            None if self.data.is_some() => Err(Failure::new(format!(
                "no Keyfront server runs on {named} any more: at {address}, where its last one was, no server or \
                 another one is now"
            ))),
            None => Err(Failure::new(format!(
                "no Keyfront server answered at {address} ({named}) with this token; start one with `keyfront dev`, \
                 or name another with --data, or with --admin and --token"
            ))),
        }
    }
}

impl std::fmt::Display for AdminServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "server {}", self.control.address)?;
        match &self.data {
            Some(data) => write!(f, " on {}", data.display()),
            None => Ok(()),
        }
    }
}

/// What the server on a data folder published there.
fn published(folder: &Path, named: &str) -> Result<Control, Failure> {
    let advice = "name the server with --data FOLDER, --endpoint URL or --admin ADDRESS";
    if !folder.is_dir() {
        return Err(Failure::new(format!("{named}: there is no such folder; {advice}")));
    }
    find_control(folder).ok_or_else(|| {
        Failure::new(format!("{named}: no Keyfront server runs on this folder; start one, or {advice}"))
    })
}

fn parse_variable(text: &str) -> Result<SocketAddr, Failure> {
    parse_admin(text).map_err(|_no_address| {
        Failure::new(format!("{ADDRESS_VARIABLE} is {text:?}, and not an address such as 127.0.0.1:4701"))
    })
}
