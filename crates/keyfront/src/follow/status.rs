//! What is known of an account that is followed, for health and metrics.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_follow::replica::Freshness;

/// An account that is followed.
pub(crate) struct Followed {
    account: AccountId,
    freshness: Arc<Freshness>,
    connections: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The server that is followed now.
    server: Option<String>,
    /// Why those that were tried since the last one cannot be followed, by server.
    problems: BTreeMap<String, String>,
}

/// An account at one moment.
#[derive(Clone, Debug)]
pub(crate) struct FollowedNow {
    /// The account.
    pub(crate) account: AccountId,
    /// The server that is followed; `None` while none can be.
    pub(crate) server: Option<String>,
    /// Why none can be followed.
    pub(crate) problem: Option<String>,
    /// The version of the store that is served; 0 before the first image.
    pub(crate) version: u64,
    /// How old that is; `None` before the first image.
    pub(crate) age: Option<Duration>,
    /// Connections that were made since the start.
    pub(crate) connections: u64,
}

impl Followed {
    pub(super) fn new(account: AccountId, freshness: Arc<Freshness>) -> Followed {
        Followed { account, freshness, connections: AtomicU64::new(0), state: Mutex::default() }
    }

    /// What is known now.
    pub(crate) fn now(&self) -> FollowedNow {
        let state = self.state();
        FollowedNow {
            account: self.account,
            server: state.server.clone(),
            problem: problem(&state.problems),
            version: self.freshness.version().0,
            age: self.freshness.age(),
            connections: self.connections.load(Ordering::Relaxed),
        }
    }

    /// A server answered with its stream.
    pub(super) fn connected(&self, server: &str) {
        self.connections.fetch_add(1, Ordering::Relaxed);
        *self.state() = State { server: Some(server.to_owned()), problems: BTreeMap::new() };
    }

    /// A server cannot be followed. True if that is new.
    pub(super) fn lost(&self, server: &str, problem: String) -> bool {
        let mut state = self.state();
        let was_followed = state.server.take().is_some();
        let before = state.problems.insert(server.to_owned(), problem.clone());
        was_followed || before != Some(problem)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn problem(problems: &BTreeMap<String, String>) -> Option<String> {
    let lines: Vec<String> =
        problems.iter().map(|(server, problem)| format!("{server}: {problem}")).collect();
    if lines.is_empty() { None } else { Some(lines.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_new_once_for_each_server_and_after_each_connection() {
        let clock: keyfront_follow::replica::Clock = Arc::new(|| 0);
        let followed = Followed::new(AccountId::DEVELOPMENT, Arc::new(Freshness::new(clock)));
        assert!(followed.lost("a", "away".to_owned()));
        assert!(followed.lost("b", "away".to_owned()));
        assert!(!followed.lost("a", "away".to_owned()));
        assert!(followed.lost("a", "it refused".to_owned()));
        assert_eq!(followed.now().problem.as_deref(), Some("a: it refused; b: away"));
        followed.connected("b");
        let now = followed.now();
        assert_eq!((now.server.as_deref(), now.problem, now.connections), (Some("b"), None, 1));
        assert!(followed.lost("b", "away".to_owned()));
        assert_eq!(followed.now().server, None);
    }
}
