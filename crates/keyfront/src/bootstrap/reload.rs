//! Reads the certificate again when a production server gets SIGHUP.
//!
//! A development server keeps the default, which ends it: the signal means that its terminal was closed.

use keyfront_http::Tls;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;

use super::Mode;
use crate::config::TlsSettings;
use crate::failure::Failure;
use crate::server;

/// Starts to listen for SIGHUP. Connections that are there keep the certificate that they began with.
pub(super) fn on_hangup(
    mode: Mode<'_>,
    tls: Option<(Tls, TlsSettings)>,
) -> Result<Option<JoinHandle<()>>, Failure> {
    match mode {
        Mode::Development => Ok(None),
        Mode::Production { .. } => {
            let hangups = signal(SignalKind::hangup())
                .map_err(|error| Failure::because("SIGHUP cannot be received", &error))?;
            Ok(Some(tokio::spawn(reload(hangups, tls))))
        }
    }
}

async fn reload(mut hangups: Signal, tls: Option<(Tls, TlsSettings)>) {
    while hangups.recv().await.is_some() {
        let Some((tls, settings)) = &tls else {
            tracing::info!("SIGHUP: there is no certificate to reload; other settings need a restart");
            continue;
        };
        let certificate = settings.certificate.display();
        match server::load_tls(settings) {
            Ok(new) => {
                tls.replace_by(&new);
                tracing::info!(%certificate, "SIGHUP: reloaded the certificate; other settings need a restart");
            }
            Err(error) => {
                tracing::error!(%certificate, %error, "SIGHUP: the certificate stays as it was");
            }
        }
    }
}
