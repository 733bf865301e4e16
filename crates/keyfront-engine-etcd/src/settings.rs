//! The settings of the etcd engine.

use std::error::Error;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use keyfront_engine::Unusable;
use serde::Deserialize;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};

/// How the engine reaches etcd and how much it asks of it. Every field has a default.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The client URLs of the members: `http://127.0.0.1:2379` unless set. Name all of them, so that the
    /// engine goes on with another one when a member fails.
    pub endpoints: Vec<String>,
    /// What the name of every key in etcd begins with: `keyfront/` unless set. Several installations share a
    /// cluster when no prefix of one begins with that of another.
    pub prefix: String,
    /// The user of etcd's authentication. It needs to read and write the keys with the prefix.
    pub user: Option<String>,
    /// The file with the user's password; a newline at its end is not part of it.
    pub password_file: Option<PathBuf>,
    /// PEM file with the certificates that sign those of the members. Needed for `https` endpoints.
    pub ca_file: Option<PathBuf>,
    /// PEM file with the certificate that the engine shows to etcd, for `--client-cert-auth`.
    pub certificate_file: Option<PathBuf>,
    /// PEM file with the private key of that certificate.
    pub private_key_file: Option<PathBuf>,
    /// The name in the members' certificates, where it is not the host of the endpoint.
    pub server_name: Option<String>,
    /// `--max-txn-ops` of the members: 1,024 unless set, and at least 512. Etcd's own default is 128, which is too
    /// little for a distribution with its names; a start with less is refused.
    pub max_txn_ops: usize,
    /// `--max-request-bytes` of the members, in bytes: 10 MiB unless set, and at least 1 MiB. Etcd's own default is
    /// 1.5 MiB. A commit carries at least a third of it; larger changes of a store are made in several steps.
    pub max_request_bytes: usize,
    /// The most commits that are under way at once; further ones wait for a place. 64 unless set.
    pub commits_in_flight: usize,
    /// The most reads that are under way at once; further ones wait for a place. 256 unless set.
    pub reads_in_flight: usize,
    /// The time after which an attempt with one member is given up, in seconds: 3 unless set.
    pub attempt_seconds: u64,
    /// The time for a read or a commit with all its attempts, in seconds: 10 unless set. As much again is spent on
    /// finding out whether a commit was made that was not answered.
    pub operation_seconds: u64,
    /// The most commits that a watch may lag behind before it must read afresh. 4,096 unless set.
    pub watch_batches: usize,
    /// The most bytes of keys and values remembered for watches, in bytes: 16 MiB unless set.
    pub watch_bytes: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            endpoints: vec!["http://127.0.0.1:2379".to_owned()],
            prefix: "keyfront/".to_owned(),
            user: None,
            password_file: None,
            ca_file: None,
            certificate_file: None,
            private_key_file: None,
            server_name: None,
            max_txn_ops: 1024,
            max_request_bytes: 10 << 20,
            commits_in_flight: 64,
            reads_in_flight: 256,
            attempt_seconds: 3,
            operation_seconds: 10,
            watch_batches: 4096,
            watch_bytes: 16 << 20,
        }
    }
}

/// The longest prefix, in bytes: it is part of every key of every request.
const LONGEST_PREFIX: usize = 128;

impl Settings {
    /// Refuses values with which the engine could not work.
    pub fn check(&self) -> Result<(), Unusable> {
        let least = [
            ("max_txn_ops", self.max_txn_ops, 512),
            ("max_request_bytes", self.max_request_bytes, 1 << 20),
            ("commits_in_flight", self.commits_in_flight, 1),
            ("reads_in_flight", self.reads_in_flight, 1),
            ("watch_batches", self.watch_batches, 1),
            ("watch_bytes", self.watch_bytes, 1),
        ];
        for (name, value, least) in least {
            if value < least {
                return Err(unusable(format!("{name} is {value}; set it to at least {least}")));
            }
        }
        if self.attempt_seconds == 0 || self.operation_seconds < self.attempt_seconds {
            return Err(unusable(
                "attempt_seconds has to be at least 1, and operation_seconds not less than it".to_owned(),
            ));
        }
        if self.prefix.is_empty() || self.prefix.len() > LONGEST_PREFIX {
            return Err(unusable(format!("prefix has to have between 1 and {LONGEST_PREFIX} bytes")));
        }
        self.check_endpoints()?;
        self.check_identity()
    }

    fn check_endpoints(&self) -> Result<(), Unusable> {
        if self.endpoints.is_empty() {
            return Err(unusable("endpoints is empty; name the client URLs of etcd's members".to_owned()));
        }
        for endpoint in &self.endpoints {
            let is_url = endpoint.starts_with("http://") || endpoint.starts_with("https://");
            if !is_url {
                let problem = "has to begin with http:// or https://";
                return Err(unusable(format!("the endpoint {endpoint:?} {problem}")));
            }
        }
        let secure = self.endpoints.iter().filter(|endpoint| endpoint.starts_with("https://")).count();
        if secure != 0 && secure != self.endpoints.len() {
            return Err(unusable("either all endpoints are https or none is".to_owned()));
        }
        match (secure > 0, &self.ca_file) {
            (true, None) => Err(unusable(
                "https endpoints need ca_file, the certificates that sign those of the members".to_owned(),
            )),
            (false, Some(_)) => Err(unusable("ca_file is set, but the endpoints are not https".to_owned())),
            (true, Some(_)) | (false, None) => Ok(()),
        }
    }

    fn check_identity(&self) -> Result<(), Unusable> {
        if self.user.is_some() != self.password_file.is_some() {
            return Err(unusable("user and password_file go together".to_owned()));
        }
        if self.certificate_file.is_some() != self.private_key_file.is_some() {
            return Err(unusable("certificate_file and private_key_file go together".to_owned()));
        }
        let of_tls = self.certificate_file.is_some() || self.server_name.is_some();
        if of_tls && self.ca_file.is_none() {
            return Err(unusable("certificate_file and server_name are for https endpoints".to_owned()));
        }
        Ok(())
    }

    /// The time for one attempt with one member.
    pub(crate) fn attempt(&self) -> Duration {
        Duration::from_secs(self.attempt_seconds)
    }

    /// The time for an operation.
    pub(crate) fn operation(&self) -> Duration {
        Duration::from_secs(self.operation_seconds)
    }

    /// Who asks, if etcd is to know. Reads the file with the password.
    pub(crate) fn user(&self) -> Result<Option<User>, Unusable> {
        let (Some(name), Some(file)) = (&self.user, &self.password_file) else { return Ok(None) };
        let password = read(file)?;
        let password = password.strip_suffix('\n').unwrap_or(&password).to_owned();
        Ok(Some(User { name: name.clone(), password }))
    }

    /// How connections to the members are made, each with its URL. Reads the files that the settings name.
    pub(crate) fn connections(&self) -> Result<Vec<(String, Endpoint)>, Unusable> {
        let tls = self.tls()?;
        let connection = |url: &String| {
            let unusable = |error: tonic::transport::Error| {
                let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
                unusable(format!("the endpoint {url:?} cannot be used: {reason}"))
            };
            // A member answers pings that come more often than every five seconds by closing the connection.
            let endpoint = Endpoint::from_shared(url.clone())
                .map_err(unusable)?
                .connect_timeout(Duration::from_secs(2))
                .http2_keep_alive_interval(Duration::from_secs(10))
                .keep_alive_timeout(Duration::from_secs(4))
                .keep_alive_while_idle(true);
            let endpoint = match &tls {
                Some(tls) => endpoint.tls_config(tls.clone()).map_err(unusable)?,
                None => endpoint,
            };
            Ok((url.clone(), endpoint))
        };
        self.endpoints.iter().map(connection).collect()
    }

    fn tls(&self) -> Result<Option<ClientTlsConfig>, Unusable> {
        let Some(file) = &self.ca_file else { return Ok(None) };
        let mut tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(file)?));
        if let (Some(certificate), Some(key)) = (&self.certificate_file, &self.private_key_file) {
            tls = tls.identity(Identity::from_pem(read(certificate)?, read(key)?));
        }
        if let Some(name) = &self.server_name {
            tls = tls.domain_name(name);
        }
        Ok(Some(tls))
    }
}

/// A user of etcd's authentication.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: String,
}

fn read(file: &Path) -> Result<String, Unusable> {
    let problem = |error: std::io::Error| {
        Unusable::because(format!("[store.etcd] the file {} cannot be read: {error}", file.display()), error)
    };
    fs::read_to_string(file).map_err(problem)
}

fn unusable(problem: impl Display) -> Unusable {
    Unusable::new(format!("[store.etcd] {problem}"))
}
