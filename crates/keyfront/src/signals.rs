//! Termination signals: the first finishes what was accepted, a second one ends the process at once. The end of standard
//! input can stop a server too.

use std::io;
use std::thread;

use keyfront_http::CancellationToken;

use crate::failure::Failure;
use crate::service_manager;

/// SIGTERM and SIGINT, caught as long as this exists.
pub(crate) struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes the signals over; until then they end the process as they always do.
    pub(crate) fn listen() -> Result<Signals, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let failed = |error| Failure::because("signals cannot be received", &error);
        let terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        Ok(Signals { terminate, interrupt })
    }

    /// Waits for the first signal and tells the listeners. Ends as well when something else told them.
    pub(crate) async fn stop(mut self, stop: CancellationToken) {
        tokio::select! {
            () = self.next() => {}
            () = stop.cancelled() => {}
        }
        service_manager::stopping();
        tracing::info!("finishing what was accepted; a second signal stops at once");
        stop.cancel();
        tokio::spawn(async move {
            self.next().await;
            stop_at_once();
        });
    }

    /// Waits for a signal.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Tells the listeners when standard input ends. What stands in it is not looked at.
pub(crate) fn stop_with_stdin(stop: CancellationToken) {
    // A thread of its own and none of the runtime's, which waits for its threads at the end.
    thread::spawn(move || {
        // A failure to read is an end too.
        io::copy(&mut io::stdin().lock(), &mut io::sink()).ok();
        stop.cancel();
    });
}

/// What an interrupted program ends with.
const INTERRUPTED: i32 = 130;

#[expect(
    clippy::disallowed_methods,
    reason = "the second signal asks for exactly this: nothing is waited for"
)]
fn stop_at_once() {
    tracing::warn!("stopped at once");
    std::process::exit(INTERRUPTED);
}
