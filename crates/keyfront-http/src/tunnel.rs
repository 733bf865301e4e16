//! A connection that left HTTP by an upgrade: when it has been quiet for too long, and how it is cut.
//!
//! The service owns the socket then and copies what it likes; a tunnel sees to it that this ends.

use std::io::{Error, ErrorKind, Result};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What happens on a connection after its upgrade.
pub(crate) struct Tunnel {
    state: Mutex<State>,
    /// Cancelled when the service has let go of the socket.
    closed: CancellationToken,
}

struct State {
    /// When bytes last went either way.
    moved_at: Instant,
    cut: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// Which half of a socket is used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Half {
    Read,
    Write,
}

impl Tunnel {
    pub(crate) fn new() -> Tunnel {
        let state = State { moved_at: Instant::now(), cut: false, reader: None, writer: None };
        Tunnel { state: Mutex::new(state), closed: CancellationToken::new() }
    }

    /// Asks before the socket is used, and remembers who is to be woken when the tunnel is cut.
    pub(crate) fn enter(&self, half: Half, cx: &Context<'_>) -> Result<()> {
        let mut state = self.lock();
        if state.cut {
            return Err(Error::new(ErrorKind::ConnectionAborted, "the tunnel was closed"));
        }
        let waker = match half {
            Half::Read => &mut state.reader,
            Half::Write => &mut state.writer,
        };
        match waker {
            Some(waker) => waker.clone_from(cx.waker()),
            None => *waker = Some(cx.waker().clone()),
        }
        Ok(())
    }

    /// Notes that bytes went through.
    pub(crate) fn moved(&self) {
        self.lock().moved_at = Instant::now();
    }

    /// Notes that the socket is gone.
    pub(crate) fn close(&self) {
        self.closed.cancel();
    }

    /// Makes every further use of the socket fail.
    pub(crate) fn cut(&self) {
        let wakers = {
            let mut state = self.lock();
            state.cut = true;
            [state.reader.take(), state.writer.take()]
        };
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// Waits until the socket is gone.
    pub(crate) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Waits until nothing has gone through for `limit`.
    pub(crate) async fn quiet(&self, limit: Duration) {
        loop {
            let deadline = self.lock().moved_at + limit;
            if deadline <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(deadline).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
