//! Operations on a whole store are made one after the other: two at once would take the memory and the
//! threads of everyone else.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Operations that wait while one is made. Each may hold a body, and all of them wait for the last.
const WAITING: usize = 4;

/// The turns of such operations.
pub(super) struct Turns {
    /// For the one that is made and those that wait.
    places: Semaphore,
    turn: Semaphore,
}

/// The turn of one operation, until it is dropped.
pub(super) struct Turn<'t> {
    _place: SemaphorePermit<'t>,
    _turn: SemaphorePermit<'t>,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns { places: Semaphore::new(WAITING + 1), turn: Semaphore::new(1) }
    }
}

impl Turns {
    /// Waits for a turn; `None` when too many wait already.
    pub(super) async fn take(&self) -> Option<Turn<'_>> {
        let place = self.places.try_acquire().ok()?;
        // Nobody closes the semaphore.
        let turn = self.turn.acquire().await.ok()?;
        Some(Turn { _place: place, _turn: turn })
    }
}
