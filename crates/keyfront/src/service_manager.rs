//! Tells the service manager what a server does, so that it starts what depends on it no earlier and ends it no later.
//!
//! The protocol is systemd's, over the socket that `NOTIFY_SOCKET` names; without one nothing is told. See
//! <https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>.

use sd_notify::NotifyState;

/// Requests are answered, with the settings that were read last.
pub(crate) fn ready() {
    log_failure(sd_notify::notify(&[NotifyState::Ready]));
}

/// Settings are read again. [`ready`] says that this has ended.
pub(crate) fn reloading() {
    // The time tells systemd which of several reloads this is.
    let now = NotifyState::monotonic_usec_now();
    log_failure(now.and_then(|now| sd_notify::notify(&[NotifyState::Reloading, now])));
}

/// What was accepted is finished, and nothing more is.
pub(crate) fn stopping() {
    log_failure(sd_notify::notify(&[NotifyState::Stopping]));
}

fn log_failure(told: std::io::Result<()>) {
    if let Err(error) = told {
        tracing::warn!(%error, "the service manager cannot be told about this server");
    }
}
