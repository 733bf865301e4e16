//! What happens on one connection: its requests, the bodies and responses on their way, and since when nothing has moved.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::tunnel::Tunnel;
use crate::vacancy::Vacancy;

/// A client that sends a body more slowly than this, in bytes a second, is slow, and one that has taken nothing of a response
/// for [`PATIENT`]. It matters only while other clients find no room: most networks are a hundred times faster.
const SLOW: u32 = 64 * 1024;

/// Time for which a client is waited for before it is slow.
pub(crate) const PATIENT: Duration = Duration::from_millis(250);

/// Counts what one connection does. The connection, its requests and the listener's room share it.
pub(crate) struct Activity {
    state: Mutex<State>,
    /// Told whenever the connection becomes idle.
    idle: Arc<Vacancy>,
    /// Each write of the socket is noted. Else only those are after which it takes no more bytes, or does so again.
    notes_writes: AtomicBool,
    /// There from the moment on when a service answers with 101.
    tunnel: OnceLock<Tunnel>,
}

impl std::fmt::Debug for Activity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Activity").finish_non_exhaustive()
    }
}

struct State {
    /// Requests from their head to the last byte of the response that the transport took.
    requests: usize,
    /// When the last request ended, or the connection began.
    quiet_since: Instant,
    /// Responses on their way, each with the moment since which the client is to take what there is of it; `None`
    /// while the service has not made more of it.
    responses: Vec<(u64, Option<Instant>)>,
    /// Bodies of requests of which the service has waited for more.
    bodies: Vec<Arriving>,
    /// The number of the next response or body.
    next: u64,
    /// Since when the socket takes no more bytes.
    blocked_since: Option<Instant>,
    /// When the socket last took bytes, as far as that was noted.
    wrote_at: Instant,
    /// It ends, and writes put that off.
    is_draining: bool,
}

/// A body that comes more slowly than the service takes it.
struct Arriving {
    id: u64,
    bytes: u64,
    /// For how long the service has waited for the client, beside the wait that goes on.
    waited: Duration,
    /// Since when it waits, while it does.
    waiting_since: Option<Instant>,
}

impl Arriving {
    /// For how long the client has been waited for, if it is a slow one that is waited for now.
    fn slow(&self, now: Instant) -> Option<Duration> {
        let waited = self.waited + now.duration_since(self.waiting_since?);
        let bytes = u32::try_from(self.bytes).unwrap_or(u32::MAX);
        (waited > PATIENT + Duration::from_secs(1) * bytes / SLOW).then_some(waited)
    }
}

/// How little use a connection is, from the most useful one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Useless {
    /// Every request on it waits for its client.
    Slow,
    /// It has nothing to do.
    Idle,
}

/// Why a connection should end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overdue {
    /// It had no request for too long.
    Idle,
    /// The client does not read what is sent to it.
    Stalled,
}

/// How long a connection may do nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Without a request, counted from `from` at the earliest.
    pub(crate) idle: Duration,
    pub(crate) from: Instant,
    /// Bytes that the socket takes count as something to do: the end of a response may still be on its way.
    pub(crate) while_writing: bool,
    /// Without the client reading.
    pub(crate) write: Duration,
}

impl Activity {
    pub(crate) fn new(idle: Arc<Vacancy>) -> Activity {
        let now = Instant::now();
        let state = State {
            requests: 0,
            quiet_since: now,
            responses: Vec::new(),
            bodies: Vec::new(),
            next: 0,
            blocked_since: None,
            wrote_at: now,
            is_draining: false,
        };
        let notes_writes = AtomicBool::new(false);
        Activity { state: Mutex::new(state), idle, notes_writes, tunnel: OnceLock::new() }
    }

    /// Counts a request until the guard is dropped.
    pub(crate) fn begin_request(self: &Arc<Self>) -> RequestGuard {
        self.lock().requests += 1;
        RequestGuard { activity: Arc::clone(self), response: None }
    }

    /// Why and since when the connection is of little use; `None` for one whose requests the service works on, and for a
    /// tunnel.
    pub(crate) fn useless_since(&self) -> Option<(Useless, Instant)> {
        if self.tunnel.get().is_some() {
            return None;
        }
        let state = self.lock();
        if state.is_idle() {
            return Some((Useless::Idle, state.quiet_since));
        }
        state.slow_since(Instant::now()).map(|since| (Useless::Slow, since))
    }

    /// Begins to watch a body that its client sends more slowly than the service takes it.
    pub(crate) fn begin_body(self: &Arc<Self>) -> BodyGuard {
        let mut state = self.lock();
        let id = state.next;
        state.next += 1;
        state.bodies.push(Arriving { id, bytes: 0, waited: Duration::ZERO, waiting_since: None });
        BodyGuard { activity: Arc::clone(self), id }
    }

    /// Says that the connection leaves HTTP with the response that is about to be sent.
    pub(crate) fn begin_tunnel(&self) {
        self.tunnel.get_or_init(Tunnel::new);
    }

    /// What the connection is after it left HTTP.
    pub(crate) fn tunnel(&self) -> Option<&Tunnel> {
        self.tunnel.get()
    }

    /// Says whether the socket took bytes, or takes none at present.
    pub(crate) fn set_blocked(&self, blocked: bool) {
        if !blocked && !self.notes_writes.load(Ordering::Relaxed) {
            return;
        }
        let (mut state, now) = (self.lock(), Instant::now());
        self.notes_writes.store(blocked || state.is_draining, Ordering::Relaxed);
        if blocked {
            state.blocked_since.get_or_insert(now);
        } else {
            state.blocked_since = None;
            state.wrote_at = now;
        }
    }

    /// Waits until the connection has done nothing for too long.
    pub(crate) async fn overdue(&self, patience: Patience) -> Overdue {
        if patience.while_writing {
            self.lock().is_draining = true;
            self.notes_writes.store(true, Ordering::Relaxed);
        }
        loop {
            let (deadline, why) = self.lock().deadline(patience);
            let now = Instant::now();
            match why {
                Some(why) if deadline <= now => return why,
                Some(_) | None => tokio::time::sleep_until(deadline).await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.requests == 0 && self.blocked_since.is_none()
    }

    /// Since when all requests have waited for their client, if they do and it is slow.
    fn slow_since(&self, now: Instant) -> Option<Instant> {
        let bodies = self.bodies.iter().filter_map(|body| body.slow(now));
        let responses = self.responses.iter().filter_map(|(_, since)| *since);
        let unread = responses.chain(self.blocked_since).map(|since| now.duration_since(since));
        let slow: Vec<Duration> = bodies.chain(unread.filter(|unread| *unread > PATIENT)).collect();
        let longest = slow.iter().max().filter(|_| slow.len() >= self.requests)?;
        now.checked_sub(*longest)
    }

    /// The next moment at which the connection may be overdue, and for which reason if nothing moves until then.
    fn deadline(&self, patience: Patience) -> (Instant, Option<Overdue>) {
        let stalled = self.responses.iter().filter_map(|(_, since)| *since).chain(self.blocked_since).min();
        let stalled = stalled.map(|since| (since + patience.write, Some(Overdue::Stalled)));
        let quiet =
            if patience.while_writing { self.quiet_since.max(self.wrote_at) } else { self.quiet_since };
        let idle = self.is_idle().then(|| quiet.max(patience.from) + patience.idle);
        let idle = idle.map(|deadline| (deadline, Some(Overdue::Idle)));
        // What begins after now cannot be overdue before this.
        let look_again = (Instant::now() + patience.idle.min(patience.write), None);
        [stalled, idle]
            .into_iter()
            .flatten()
            .chain([look_again])
            .min_by_key(|(deadline, _)| *deadline)
            .unwrap_or(look_again)
    }
}

/// A body on its way, until it is dropped.
#[derive(Debug)]
pub(crate) struct BodyGuard {
    activity: Arc<Activity>,
    id: u64,
}

impl BodyGuard {
    /// Says that the service waits for more of it.
    pub(crate) fn waits(&self) {
        self.change(|body, now| {
            body.waiting_since.get_or_insert(now);
        });
    }

    /// Says that the service took so many bytes of it.
    pub(crate) fn took(&self, bytes: usize) {
        self.change(|body, now| {
            body.bytes = body.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
            let waited = body.waiting_since.take().map(|since| now.duration_since(since));
            body.waited += waited.unwrap_or_default();
        });
    }

    fn change(&self, change: impl FnOnce(&mut Arriving, Instant)) {
        let (mut state, now) = (self.activity.lock(), Instant::now());
        if let Some(body) = state.bodies.iter_mut().find(|body| body.id == self.id) {
            change(body, now);
        }
    }
}

impl Drop for BodyGuard {
    fn drop(&mut self) {
        self.activity.lock().bodies.retain(|body| body.id != self.id);
    }
}

/// A request in progress.
pub(crate) struct RequestGuard {
    activity: Arc<Activity>,
    /// Its response, once there is one.
    response: Option<u64>,
}

impl RequestGuard {
    /// Says that it is the client's turn to take more of the response.
    pub(crate) fn client_is_to_read(&mut self) {
        self.set_response(Some(Instant::now()));
    }

    /// Says that the service has not made more of the response yet.
    pub(crate) fn service_is_to_write(&mut self) {
        self.set_response(None);
    }

    fn set_response(&mut self, since: Option<Instant>) {
        let mut state = self.activity.lock();
        match self.response {
            None => {
                let id = state.next;
                state.next += 1;
                state.responses.push((id, since));
                self.response = Some(id);
            }
            Some(id) => {
                if let Some((_, known)) = state.responses.iter_mut().find(|(known, _)| *known == id) {
                    *known = since;
                }
            }
        }
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        let mut state = self.activity.lock();
        state.responses.retain(|(id, _)| Some(*id) != self.response);
        state.requests -= 1;
        if state.requests == 0 {
            state.quiet_since = Instant::now();
            drop(state);
            self.activity.idle.tell();
        }
    }
}
