//! Decides which invocation begins when, so that hostile code takes as little as possible from others.
//!
//! So many invocations run at a time as there are slots. Functions whose last invocation ended in time have slots of their
//! own, so that none waits for one that is new or slow; those are [on trial](Slot::Trial). Accounts take turns. An invocation
//! that takes longer than healthy code does gives its slot to others while it goes on, and no other of its function begins
//! until it has ended. A function that is new runs once before it runs several times at once. A function whose invocation
//! had to be ended is not run for a while, which doubles each time.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use keyfront_domain::AccountId;

/// Invocations of an account that may wait, for each slot; and of all accounts.
const QUEUED_PER_SLOT: usize = 256;
const QUEUED_PER_SLOT_OF_ALL: usize = 1024;

/// Functions that are remembered while none of their invocations runs.
const REMEMBERED: usize = 8192;

/// How long a function is not run after one of its invocations had to be ended, and the most that becomes by doubling.
const THROTTLED: Duration = Duration::from_secs(1);
const DOUBLINGS: u32 = 6;

/// What an invocation runs in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slot {
    /// For functions whose last invocation ended in time.
    Proven,
    /// For all others.
    Trial,
}

/// How many slots of one kind there are, and how many of them are taken.
struct Slots {
    all: usize,
    taken: usize,
}

/// Invocations of functions, by their fingerprints. `W` waits for its turn.
pub(super) struct Scheduler<W> {
    proven: Slots,
    trial: Slots,
    queued: usize,
    /// Those that wait, by account; the first account is next.
    accounts: VecDeque<(AccountId, VecDeque<(u64, W)>)>,
    functions: HashMap<u64, Standing>,
}

/// What is known of a function.
#[derive(Default)]
struct Standing {
    /// Invocations that have a slot.
    running: usize,
    /// Invocations that gave their slots up.
    slow: usize,
    /// Whether its last invocation ended in time.
    proven: bool,
    strikes: u32,
    throttled_until: Duration,
}

/// What becomes of an invocation that comes.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Admission<W> {
    /// It waits, maybe for no longer than until [`Scheduler::start_next`] is called.
    Waits,
    /// Its function is not run for now.
    Throttled(W),
    /// Too many wait.
    Overloaded(W),
}

/// How an invocation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// By itself, and in time.
    InTime,
    /// By itself, or with its process, or because its caller left.
    Late,
    /// It had to be ended, or it ended its process.
    Forced,
}

impl<W> Scheduler<W> {
    pub(super) fn new(slots: usize) -> Scheduler<W> {
        Scheduler {
            proven: Slots { all: slots, taken: 0 },
            trial: Slots { all: trial_slots(slots), taken: 0 },
            queued: 0,
            accounts: VecDeque::new(),
            functions: HashMap::new(),
        }
    }

    /// Puts an invocation into the queue of its account.
    pub(super) fn submit(
        &mut self,
        account: AccountId,
        function: u64,
        waiter: W,
        now: Duration,
    ) -> Admission<W> {
        if self.functions.get(&function).is_some_and(|standing| standing.throttled_until > now) {
            return Admission::Throttled(waiter);
        }
        let position = self.accounts.iter().position(|(other, _)| *other == account);
        let index = position.unwrap_or(self.accounts.len());
        if position.is_none() {
            self.accounts.push_back((account, VecDeque::new()));
        }
        let Some((_, queue)) = self.accounts.get_mut(index) else { return Admission::Overloaded(waiter) };
        let full = queue.len() >= QUEUED_PER_SLOT * self.proven.all;
        if full || self.queued >= QUEUED_PER_SLOT_OF_ALL * self.proven.all {
            return Admission::Overloaded(waiter);
        }
        queue.push_back((function, waiter));
        self.queued += 1;
        Admission::Waits
    }

    /// The next invocation that may begin, and the slot that it has from now on.
    pub(super) fn start_next(&mut self) -> Option<(u64, Slot, W)> {
        if !self.proven.is_free() && !self.trial.is_free() {
            return None;
        }
        for _ in 0..self.accounts.len() {
            let (account, mut queue) = self.accounts.pop_front()?;
            let position = queue.iter().position(|(function, _)| self.may_begin(*function));
            let next = position.and_then(|position| queue.remove(position));
            if !queue.is_empty() {
                self.accounts.push_back((account, queue));
            }
            if let Some((function, waiter)) = next {
                self.queued -= 1;
                let slot = self.slot_of(function);
                self.slots(slot).taken += 1;
                self.functions.entry(function).or_default().running += 1;
                return Some((function, slot, waiter));
            }
        }
        None
    }

    /// The kind of slot that the next invocation of a function gets.
    fn slot_of(&self, function: u64) -> Slot {
        let is_proven = self.functions.get(&function).is_some_and(|standing| standing.proven);
        if is_proven { Slot::Proven } else { Slot::Trial }
    }

    fn slots(&mut self, slot: Slot) -> &mut Slots {
        match slot {
            Slot::Proven => &mut self.proven,
            Slot::Trial => &mut self.trial,
        }
    }

    fn may_begin(&self, function: u64) -> bool {
        let is_free = match self.slot_of(function) {
            Slot::Proven => self.proven.is_free(),
            Slot::Trial => self.trial.is_free(),
        };
        let Some(standing) = self.functions.get(&function) else { return is_free };
        is_free && standing.slow == 0 && (standing.proven || standing.running == 0)
    }

    /// A running invocation takes long: it gives its slot up.
    pub(super) fn give_slot_up(&mut self, function: u64, slot: Slot) {
        self.slots(slot).give_back();
        let standing = self.functions.entry(function).or_default();
        standing.running = standing.running.saturating_sub(1);
        standing.slow += 1;
    }

    /// An invocation has ended, in its slot if it still had it. Gives those that wait for the same function and will not be
    /// run.
    pub(super) fn end(&mut self, function: u64, slot: Option<Slot>, ending: Ending, now: Duration) -> Vec<W> {
        if let Some(slot) = slot {
            self.slots(slot).give_back();
        }
        let standing = self.functions.entry(function).or_default();
        if slot.is_some() {
            standing.running = standing.running.saturating_sub(1);
        } else {
            standing.slow = standing.slow.saturating_sub(1);
        }
        standing.proven = ending == Ending::InTime;
        let mut throttled = Vec::new();
        match ending {
            Ending::InTime => standing.strikes = 0,
            Ending::Late => {}
            Ending::Forced => {
                standing.throttled_until = now + THROTTLED * 2_u32.pow(standing.strikes.min(DOUBLINGS));
                standing.strikes += 1;
                throttled = self.take_waiting_for(function);
            }
        }
        if self.functions.len() > REMEMBERED {
            self.functions
                .retain(|_, known| known.running > 0 || known.slow > 0 || known.throttled_until > now);
        }
        throttled
    }

    fn take_waiting_for(&mut self, function: u64) -> Vec<W> {
        let mut taken = Vec::new();
        for (_, queue) in &mut self.accounts {
            let (those, others) =
                std::mem::take(queue).into_iter().partition(|(other, _)| *other == function);
            *queue = others;
            let those: VecDeque<(u64, W)> = those;
            taken.extend(those.into_iter().map(|(_, waiter)| waiter));
        }
        self.queued = self.queued.saturating_sub(taken.len());
        self.accounts.retain(|(_, queue)| !queue.is_empty());
        taken
    }
}

impl Slots {
    fn is_free(&self) -> bool {
        self.taken < self.all
    }

    fn give_back(&mut self) {
        self.taken = self.taken.saturating_sub(1);
    }
}

/// How many slots for functions on trial belong to so many for proven ones.
pub(super) fn trial_slots(proven: usize) -> usize {
    proven.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    fn account(number: u8) -> AccountId {
        format!("{number:012}").parse().unwrap()
    }

    fn started(scheduler: &mut Scheduler<u32>) -> Vec<u32> {
        std::iter::from_fn(|| scheduler.start_next()).map(|(_, _, waiter)| waiter).collect()
    }

    /// Lets a function run once, in time.
    fn prove(scheduler: &mut Scheduler<u32>, function: u64) {
        scheduler.submit(account(9), function, 0, NOW);
        assert_eq!(scheduler.start_next(), Some((function, Slot::Trial, 0)));
        scheduler.end(function, Some(Slot::Trial), Ending::InTime, NOW);
    }

    #[test]
    fn accounts_take_turns_however_many_invocations_one_of_them_sends() {
        let mut scheduler = Scheduler::new(4);
        for waiter in 0..10 {
            assert_eq!(scheduler.submit(account(1), u64::from(waiter), waiter, NOW), Admission::Waits);
        }
        assert_eq!(started(&mut scheduler), [0, 1]);
        scheduler.submit(account(2), 100, 100, NOW);
        scheduler.end(0, Some(Slot::Trial), Ending::InTime, NOW);
        scheduler.end(1, Some(Slot::Trial), Ending::InTime, NOW);
        assert_eq!(started(&mut scheduler), [2, 100]);
    }

    #[test]
    fn a_function_runs_several_times_at_once_after_it_ended_in_time() {
        let mut scheduler = Scheduler::new(4);
        for waiter in 0..3 {
            scheduler.submit(account(1), 7, waiter, NOW);
        }
        assert_eq!(started(&mut scheduler), [0]);
        scheduler.end(7, Some(Slot::Trial), Ending::InTime, NOW);
        assert_eq!(started(&mut scheduler), [1, 2]);
    }

    #[test]
    fn a_proven_function_waits_for_no_other() {
        let mut scheduler = Scheduler::new(1);
        prove(&mut scheduler, 7);
        for new in 100..110 {
            scheduler.submit(account(1), new, 100, NOW);
        }
        for waiter in [1, 2] {
            scheduler.submit(account(1), 7, waiter, NOW);
        }
        assert_eq!(started(&mut scheduler), [100, 1], "one slot of each kind");
        scheduler.end(7, Some(Slot::Proven), Ending::InTime, NOW);
        assert_eq!(started(&mut scheduler), [2]);
        // An invocation that ended late makes its function one of the others.
        scheduler.end(7, Some(Slot::Proven), Ending::Late, NOW);
        scheduler.submit(account(2), 7, 3, NOW);
        assert_eq!(started(&mut scheduler), [0; 0]);
        scheduler.end(100, Some(Slot::Trial), Ending::Forced, NOW);
        assert_eq!(started(&mut scheduler).len(), 1, "the slot for trials, and no other");
    }

    #[test]
    fn a_slow_invocation_gives_its_slot_to_others_but_not_to_its_own_function() {
        let mut scheduler = Scheduler::new(1);
        for (function, waiter) in [(7, 0), (7, 1), (8, 2)] {
            scheduler.submit(account(1), function, waiter, NOW);
        }
        assert_eq!(started(&mut scheduler), [0]);
        scheduler.give_slot_up(7, Slot::Trial);
        assert_eq!(started(&mut scheduler), [2]);
        scheduler.end(8, Some(Slot::Trial), Ending::InTime, NOW);
        assert!(started(&mut scheduler).is_empty());
        assert!(scheduler.end(7, None, Ending::Late, NOW).is_empty());
        assert_eq!(started(&mut scheduler), [1]);
    }

    #[test]
    fn a_function_that_had_to_be_ended_is_throttled_for_longer_each_time() {
        let mut scheduler = Scheduler::new(1);
        let mut now = NOW;
        for seconds in [1, 2, 4] {
            scheduler.submit(account(1), 7, 0, now);
            scheduler.submit(account(2), 7, 1, now);
            assert_eq!(started(&mut scheduler).len(), 1);
            scheduler.give_slot_up(7, Slot::Trial);
            assert_eq!(scheduler.end(7, None, Ending::Forced, now).len(), 1, "the other does not run");
            let before = now + Duration::from_millis(seconds * 1_000 - 1);
            now += Duration::from_secs(seconds);
            assert_eq!(scheduler.submit(account(1), 7, 2, before), Admission::Throttled(2));
        }
        scheduler.submit(account(1), 7, 3, now);
        assert_eq!(started(&mut scheduler), [3]);
    }

    #[test]
    fn the_queue_of_an_account_has_an_end() {
        let mut scheduler = Scheduler::new(1);
        let waits = |scheduler: &mut Scheduler<u32>, number| {
            (0..2_000).filter(|n| scheduler.submit(account(number), 7, *n, NOW) == Admission::Waits).count()
        };
        assert_eq!([1, 2, 3, 4, 5].map(|number| waits(&mut scheduler, number)), [256, 256, 256, 256, 0]);
    }
}
