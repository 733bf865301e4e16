//! The configuration: one TOML file, every field documented here and in `keyfront.example.toml`.
//!
//! A name that is not known is an error, as is a secret in a file that others can read. Each crate brings
//! its own settings; this module only puts them together.

mod acme;
mod address;
mod certificates;
mod changes;
mod edge;
mod folder;
mod follow;
mod functions;
mod import;
mod listen;
mod secret_file;
mod testing;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use keyfront_api::{faults, pipeline};
use keyfront_domain::{Quotas, Settling};
use serde::Deserialize;

use crate::engine::EngineName;
use crate::failure::Failure;
use crate::log;

pub(crate) use acme::AcmeSettings;
pub(crate) use address::parse as parse_address;
pub(crate) use certificates::CertificatesSettings;
pub(crate) use changes::Changes;
pub(crate) use edge::{EDGE_PORT, EdgeSettings};
pub(crate) use follow::{
    ACCESS_KEY_ID, EnvironmentCredential, FollowCredential, FollowSettings, RelaySettings, SECRET_ACCESS_KEY,
};
pub(crate) use functions::FunctionsSettings;
pub(crate) use import::{ImportSettings, S3Settings};
pub(crate) use listen::{ADMIN_PORT, AdminSettings, PORT, ServerSettings, TlsSettings};
pub(crate) use secret_file::read_secret;
pub(crate) use testing::{DEVELOPMENT_TOKEN, TestingSettings};

/// Everything that can be configured.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where requests are taken, and how many.
    pub(crate) server: ServerSettings,
    /// Health, metrics and the operator's own commands.
    pub(crate) admin: AdminSettings,
    /// Where data is kept.
    pub(crate) store: StoreSettings,
    /// The request pipeline.
    pub(crate) api: pipeline::Settings,
    /// The service's limits.
    pub(crate) quotas: Quotas,
    /// How long resources show that a change is under way.
    pub(crate) settling: Settling,
    /// The certificates that distributions name.
    pub(crate) certificates: CertificatesSettings,
    /// Where functions run, and how far.
    pub(crate) functions: FunctionsSettings,
    /// Where imports come from.
    pub(crate) import: ImportSettings,
    /// The edge, which serves distributions to viewers.
    pub(crate) edge: EdgeSettings,
    /// Whom `keyfront edge` follows.
    pub(crate) follow: FollowSettings,
    /// Who may follow an edge.
    pub(crate) relay: RelaySettings,
    /// What tests may do to this server.
    pub(crate) testing: TestingSettings,
    /// Faults from the start. Only `keyfront dev` has them, from its command line.
    #[serde(skip)]
    pub(crate) faults: Vec<faults::NewRule>,
    /// The folder with the stores to begin with. Only `keyfront dev` has it, from its command line.
    #[serde(skip)]
    pub(crate) seed: Option<PathBuf>,
    /// Whether the end of standard input stops the server. Only `keyfront dev` has it, from its command line.
    #[serde(skip)]
    pub(crate) exit_with_stdin: bool,
    /// Logs.
    pub(crate) log: log::Settings,
}

/// The configuration in force. Clones share it.
pub(crate) type ConfigInForce = Arc<ArcSwap<Config>>;

/// Where data is kept.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StoreSettings {
    /// The data folder. It is made at the first start.
    pub(crate) data: PathBuf,
    /// The file with the key that seals secrets at rest. Default: `secret.key` in the data folder. It is
    /// made at the first start; keep a copy apart from backups of the data.
    pub(crate) key_file: Option<PathBuf>,
    /// The engine that keeps the data: `redb`; `etcd`, a cluster that several servers share; or `memory`, which
    /// forgets everything when the server stops.
    pub(crate) engine: EngineName,
    /// The redb engine. Configurations of earlier versions call it `embedded`.
    #[serde(alias = "embedded")]
    pub(crate) redb: keyfront_engine_redb::Settings,
    /// The etcd engine.
    pub(crate) etcd: keyfront_engine_etcd::Settings,
}

impl Default for StoreSettings {
    fn default() -> Self {
        StoreSettings {
            data: PathBuf::from("keyfront-data"),
            key_file: None,
            engine: EngineName::default(),
            redb: keyfront_engine_redb::Settings::default(),
            etcd: keyfront_engine_etcd::Settings::default(),
        }
    }
}

impl StoreSettings {
    /// The folder must be one, or be one that can be made; the members of a cluster must have URLs.
    fn check(&self) -> Result<(), Failure> {
        if self.engine.is_shared() {
            self.check_members()?;
        }
        if !self.engine.is_durable() {
            return Ok(());
        }
        folder::check("[store] data", &self.data)
    }

    fn check_members(&self) -> Result<(), Failure> {
        let endpoints = &self.etcd.endpoints;
        match endpoints.iter().find(|endpoint| !import::is_url(endpoint)) {
            None if endpoints.is_empty() => Err(Failure::new(
                "[store.etcd] endpoints: name the members, as in [\"http://127.0.0.1:2379\"]",
            )),
            None => Ok(()),
            Some(endpoint) => Err(Failure::new(format!(
                "[store.etcd] endpoints: {endpoint:?} is not a URL; write it as http://HOST:PORT or https://HOST:PORT"
            ))),
        }
    }
}

impl Config {
    /// Reads and checks a configuration file.
    pub(crate) fn load(path: &Path) -> Result<Config, Failure> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::because(format!("{} cannot be read", path.display()), &error))?;
        let config = Config::parse(&text).map_err(|error| {
            Failure::new(format!("{} is not a valid configuration:\n{error}", path.display()))
        })?;
        config.check()?;
        Ok(config)
    }

    fn parse(text: &str) -> Result<Config, toml::de::Error> {
        toml::from_str(text)
    }

    /// What the file's form cannot say: files that must be there, values that exclude each other.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.log.check()?;
        self.store.redb.check().map_err(|error| Failure::because("[store.redb]", &error))?;
        self.store.check()?;
        self.server.check()?;
        self.check_addresses()?;
        self.quotas.check().map_err(|problem| Failure::new(format!("[quotas] {problem}")))?;
        self.functions.check()?;
        self.api.check().map_err(|problem| Failure::new(format!("[api] {problem}")))?;
        self.import.check()?;
        self.edge.check(&self.import)?;
        self.check_acme()?;
        self.follow.check()?;
        self.relay.check(&self.follow)
    }

    /// Refuses, for a server, what is for `keyfront edge` alone.
    pub(crate) fn require_no_following(&self) -> Result<(), Failure> {
        if self.follow == FollowSettings::default() && self.relay == RelaySettings::default() {
            return Ok(());
        }
        Err(Failure::new(
            "[follow] and [relay] are for `keyfront edge`, a process of its own, and this is a server: give it a \
             configuration without them",
        ))
    }

    /// Certificates that the edge gets itself are kept in the data folder, and proved by the server that asked for them.
    fn check_acme(&self) -> Result<(), Failure> {
        let engine = self.store.engine;
        if !self.edge.acme.is_on() || (engine.is_durable() && !engine.is_shared()) {
            return Ok(());
        }
        Err(Failure::new(
            "[edge.acme] is for one server with a data folder, engine = \"redb\" in [store]: others may be asked for the \
             proof of a name that this one asked for; give them certificates in [edge.certificates]",
        ))
    }

    /// Each listener needs an address of its own.
    fn check_addresses(&self) -> Result<(), Failure> {
        let mut addresses =
            vec![("[server] listen", self.server.listen), ("[admin] listen", self.admin.listen)];
        if self.edge.enabled {
            addresses.push(("[edge] listen", self.edge.listen));
            addresses.extend(self.edge.tls_listen.map(|address| ("[edge] tls_listen", address)));
            let ports = self.edge.distributions_by_port()?.into_keys();
            let ip = self.edge.listen.ip();
            addresses.extend(ports.map(|port| ("[edge.ports]", SocketAddr::new(ip, port))));
        }
        addresses.extend(self.relay.listen.map(|address| ("[relay] listen", address)));
        for (position, (setting, address)) in addresses.iter().enumerate() {
            let same = |(_, other): &&(&str, SocketAddr)| other == address && address.port() != 0;
            if let Some((other, _)) = addresses.iter().take(position).find(same) {
                return Err(Failure::new(format!(
                    "{other} and {setting} are both {address}; each needs an address of its own"
                )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
