//! SIGHUP: for a production server it means "read again". For a development server it means that too, unless its terminal
//! has gone: then it ends as with SIGTERM, which is what programs of a terminal do.

use std::fs::{self, File};

use keyfront_http::CancellationToken;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::super::Mode;
use crate::failure::Failure;

/// The bit of SIGHUP in the masks of proc(5), which begin with signal 1.
const HANG_UP: u64 = 1;

/// SIGHUP, caught as long as this exists.
pub(in crate::bootstrap) struct HangUps {
    signals: Signal,
    /// It ends with its terminal.
    has_terminal: bool,
}

impl HangUps {
    /// Takes the signal over. `None` where a development server leaves it as it is: ignored below `nohup`, and where that
    /// cannot be known.
    pub(in crate::bootstrap) fn listen(mode: Mode<'_>) -> Result<Option<HangUps>, Failure> {
        let has_terminal = match mode {
            Mode::Production { .. } => false,
            Mode::Development if is_ignored() != Some(false) => return Ok(None),
            Mode::Development => has_terminal(),
        };
        let signals = signal(SignalKind::hangup())
            .map_err(|error| Failure::because("SIGHUP cannot be received", &error))?;
        Ok(Some(HangUps { signals, has_terminal }))
    }

    /// Waits for a signal that asks for a reload. One that says that the terminal has gone cancels `stop`; none follows.
    pub(super) async fn next(&mut self, stop: &CancellationToken) -> Option<()> {
        self.signals.recv().await?;
        if self.has_terminal && !has_terminal() {
            tracing::info!("SIGHUP: the terminal has gone");
            stop.cancel();
            return None;
        }
        Some(())
    }
}

/// Whether this process has a terminal that controls it. When a terminal goes the kernel takes it from its processes
/// before it sends them SIGHUP.
fn has_terminal() -> bool {
    File::open("/dev/tty").is_ok()
}

/// Whether SIGHUP is ignored, as programs below `nohup` find it; `None` where the system does not tell.
fn is_ignored() -> Option<bool> {
    ignores(&fs::read_to_string("/proc/self/status").ok()?)
}

fn ignores(status: &str) -> Option<bool> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    Some(u64::from_str_radix(mask.trim(), 16).ok()? & HANG_UP != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bit_of_the_mask_is_sighup() {
        for (status, expected) in [
            ("Name:\tkeyfront\nSigIgn:\t0000000000001000\n", Some(false)),
            ("SigBlk:\t0000000000000001\nSigIgn:\t0000000000001001\n", Some(true)),
            ("SigIgn:\tx\n", None),
            ("", None),
        ] {
            assert_eq!(ignores(status), expected, "{status:?}");
        }
    }
}
