//! The members of etcd, and which of them is asked.
//!
//! One member is asked until it fails, then the next one. A client of its own for each makes that choice ours: a
//! member that is paused keeps its connections and would go on being chosen.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use keyfront_engine::Unusable;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tonic::Status;

use crate::client::Client;
use crate::failure::{Failure, Kind};
use crate::member::Member;
use crate::settings::Settings;

/// The members.
pub(crate) struct Cluster {
    members: Vec<Member>,
    /// The number of the member that is asked; it grows without a bound.
    preferred: AtomicUsize,
    attempt: Duration,
}

impl Cluster {
    /// Reads the files that the settings name. Has to be called where tasks run.
    pub(crate) fn new(settings: &Settings) -> Result<Cluster, Unusable> {
        let user = settings.user()?;
        let endpoints = settings.connections()?;
        let members = endpoints.into_iter().map(|(url, endpoint)| Member::new(url, &endpoint, user.clone()));
        let members = members.collect();
        Ok(Cluster { members, preferred: AtomicUsize::new(0), attempt: settings.attempt() })
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    /// One attempt with the preferred member. One that does not do its part is not preferred any longer.
    pub(crate) async fn attempt<T, F>(&self, call: impl Fn(Client) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Status>>,
    {
        let number = self.preferred.load(Ordering::Relaxed);
        let Some(member) = self.members.get(number.checked_rem(self.members.len()).unwrap_or(0)) else {
            return Err(Failure::open("there are no endpoints"));
        };
        let outcome = self.ask(member, call).await;
        if outcome.as_ref().is_err_and(|failure| failure.kind == Kind::Open) {
            self.leave(number);
        }
        outcome
    }

    /// One attempt with this member.
    pub(crate) async fn ask<T, F>(&self, member: &Member, call: impl Fn(Client) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Status>>,
    {
        match timeout(self.attempt, member.ask(call)).await {
            Ok(outcome) => outcome.map_err(Failure::from),
            Err(_elapsed) => Err(Failure::open(NO_ANSWER)),
        }
    }

    /// Attempts until one does not end [`Kind::Open`], or the time is over. For what may be asked twice.
    pub(crate) async fn repeat<T, F>(&self, until: Instant, call: impl Fn(Client) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Status>>,
    {
        let mut pauses = pauses();
        loop {
            let outcome = timeout_at(until, self.attempt(&call)).await;
            let failure = match outcome.unwrap_or_else(|_elapsed| Err(Failure::open(NO_ANSWER))) {
                Err(failure) if failure.kind == Kind::Open => failure,
                decided => return decided,
            };
            let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
            if Instant::now() + pause >= until {
                return Err(failure);
            }
            sleep(pause).await;
        }
    }

    /// Turns to the next member, unless that has happened since `number` was chosen.
    fn leave(&self, number: usize) {
        let next = number.wrapping_add(1);
        // Where it fails, another call has turned already.
        self.preferred.compare_exchange(number, next, Ordering::Relaxed, Ordering::Relaxed).ok();
    }

    /// Turns to the next member.
    pub(crate) fn leave_preferred(&self) {
        self.leave(self.preferred.load(Ordering::Relaxed));
    }
}

const NO_ANSWER: &str = "no answer in time";

const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The pauses between attempts: they grow, and differ between servers.
pub(crate) fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
        .build()
}
