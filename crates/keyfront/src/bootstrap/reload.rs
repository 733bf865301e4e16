//! Reads certificates again when a production server gets SIGHUP.
//!
//! A development server keeps the default, which ends it: the signal means that its terminal was closed.

use std::path::PathBuf;

use keyfront_edge::Edge;
use keyfront_http::Tls;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;

use super::{Mode, edge};
use crate::config::{Config, TlsSettings};
use crate::failure::Failure;
use crate::server::{self, Expiry};
use crate::service_manager;

/// Certificates that can be read again.
pub(super) struct Reloadable {
    /// What the log calls them.
    name: String,
    tls: Tls,
    /// The files that they come from, by what the metrics call them.
    files: Vec<(String, PathBuf)>,
    read: Box<dyn Fn() -> Result<Tls, Failure> + Send + Sync>,
}

impl Reloadable {
    /// The certificate of the API.
    pub(super) fn of_api(served: (Tls, TlsSettings)) -> Reloadable {
        Reloadable::of_listener("server.tls", served)
    }

    /// The certificate for edges that follow this one.
    pub(super) fn of_relay(served: (Tls, TlsSettings)) -> Reloadable {
        Reloadable::of_listener("relay.tls", served)
    }

    fn of_listener(setting: &str, (tls, settings): (Tls, TlsSettings)) -> Reloadable {
        let name = settings.certificate.display().to_string();
        let files = vec![(setting.to_owned(), settings.certificate.clone())];
        Reloadable { name, tls, files, read: Box::new(move || server::load_tls(&settings)) }
    }

    /// The certificates of the edge.
    pub(super) fn of_edge(tls: Tls, config: Config, edge: Edge) -> Reloadable {
        let issued = edge::issued(&config);
        let files = config.edge.certificates.iter().chain(&issued);
        let files = files.map(|(id, files)| (id.clone(), files.certificate.clone())).collect();
        let read = move || edge::tls(&config, Some(edge.clone()));
        Reloadable { name: "[edge.certificates]".to_owned(), tls, files, read: Box::new(read) }
    }

    /// Notes when they expire.
    fn note(&self, expiry: &Expiry) {
        for (name, file) in &self.files {
            expiry.note(name, file);
        }
    }
}

/// Notes when the certificates expire, and starts to listen for SIGHUP. Connections that are there keep the certificate that they began with.
pub(super) fn on_hangup(
    mode: Mode<'_>,
    reloadable: Vec<Reloadable>,
    expiry: Expiry,
) -> Result<Option<JoinHandle<()>>, Failure> {
    for certificates in &reloadable {
        certificates.note(&expiry);
    }
    match mode {
        Mode::Development => Ok(None),
        Mode::Production { .. } => {
            let hangups = signal(SignalKind::hangup())
                .map_err(|error| Failure::because("SIGHUP cannot be received", &error))?;
            Ok(Some(tokio::spawn(reload(hangups, reloadable, expiry))))
        }
    }
}

async fn reload(mut hangups: Signal, reloadable: Vec<Reloadable>, expiry: Expiry) {
    while hangups.recv().await.is_some() {
        service_manager::reloading();
        if reloadable.is_empty() {
            tracing::info!("SIGHUP: there is no certificate to reload; other settings need a restart");
        }
        for certificates in &reloadable {
            let Reloadable { name, tls, read, .. } = certificates;
            match read() {
                Ok(new) => {
                    tls.replace_by(&new);
                    certificates.note(&expiry);
                    tracing::info!(
                        certificate = name,
                        "SIGHUP: reloaded the certificate; other settings need a restart"
                    );
                }
                Err(error) => {
                    tracing::error!(certificate = name, %error, "SIGHUP: the certificate stays as it was");
                }
            }
        }
        service_manager::ready();
    }
}
