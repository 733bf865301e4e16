//! When to stop: the first signal finishes what was accepted, a second one ends the process at once.

use tokio::sync::watch;

use crate::failure::Failure;

/// The signals that ask a server to stop, from the moment on that this exists.
pub(super) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes the signals over; until then they end the process as they always do.
    pub(super) fn listen() -> Result<Signals, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let failed = |error| Failure::because("signals cannot be received", &error);
        let terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        Ok(Signals { terminate, interrupt })
    }

    /// Waits for the first signal and tells the listeners.
    pub(super) async fn stop(mut self, stop: watch::Sender<bool>) {
        self.next().await;
        tracing::info!("finishing what was accepted; a second signal stops at once");
        stop.send_replace(true);
        tokio::spawn(async move {
            self.next().await;
            tracing::warn!("stopped at once");
            std::process::abort();
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> Result<Signals, Failure> {
        Ok(Signals {})
    }

    pub(super) async fn stop(self, stop: watch::Sender<bool>) {
        tokio::signal::ctrl_c().await.ok();
        stop.send_replace(true);
    }
}
