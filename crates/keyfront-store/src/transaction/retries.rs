//! Retries of a transaction: their number, and the pauses between them.

use std::time::Duration;

use crate::StoreError;

/// Runs that follow a conflict at once: one other writer is usually out of the way by then.
const AT_ONCE: u32 = 4;

/// Runs after which a transaction gives up.
const RUNS: u32 = 100;

/// Where pauses stop growing, in microseconds.
const LONGEST_US: u64 = 50_000;

/// The conflicts of one transaction so far.
#[derive(Default)]
pub(super) struct Retries {
    runs: u32,
}

impl Retries {
    /// Waits until the transaction should run again.
    ///
    /// # Errors
    /// It has run often enough.
    pub(super) async fn pause(&mut self) -> Result<(), StoreError> {
        self.runs += 1;
        if self.runs >= RUNS {
            let message = format!("others changed what it rests on {RUNS} times in a row; try again later");
            return Err(StoreError::NotWritten { message, source: None });
        }
        if let Some(doublings) = self.runs.checked_sub(AT_ONCE + 1) {
            let longest = LONGEST_US.min(500_u64 << doublings.min(16));
            // A random pause spreads writers that met; half of it is kept, so that none spins.
            tokio::time::sleep(Duration::from_micros(fastrand::u64(longest / 2..=longest))).await;
        }
        Ok(())
    }
}
