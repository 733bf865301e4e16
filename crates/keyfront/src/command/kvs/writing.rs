//! Writes a difference to a store, with a progress bar, until it is done or interrupted.

use std::sync::atomic::{AtomicBool, Ordering};

use keyfront_client::sync::{Applied, SyncRequest, carry_out};
use keyfront_client::{Client, StoredPairs};

use super::render::applied;
use crate::failure::Failure;
use crate::signals::Signals;
use crate::terminal::Progress;

/// Writes with a progress bar. The first interrupt ends it after the request that is under way, a second one at
/// once. `advice` is what to do when it does not end well.
pub(super) async fn write(
    client: &Client,
    request: &SyncRequest<'_>,
    stored: StoredPairs,
    advice: &str,
) -> Result<Applied, Failure> {
    let mut signals = Signals::listen()?;
    let stop = AtomicBool::new(false);
    let stopped = || stop.load(Ordering::Relaxed);
    let progress = Progress::begin("writing");
    let show_progress = |done, of| progress.set(done, of);
    let mut writing = Box::pin(carry_out(client, request, stored, &stopped, &show_progress));
    loop {
        tokio::select! {
            written = &mut writing => {
                progress.end();
                return written.map_err(|unfinished| applied::unfinished(&unfinished, advice));
            }
            () = signals.next() => {
                if stop.swap(true, Ordering::Relaxed) {
                    progress.end();
                    return Err(Failure::new(format!(
                        "interrupted before the service had answered, so what was written last is not known; {advice}"
                    )));
                }
                progress.tell("stopping after the request that is under way; interrupt again to stop at once");
            }
        }
    }
}
