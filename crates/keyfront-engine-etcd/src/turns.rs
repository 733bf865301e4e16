//! Turns: what is asked at the same time is sent to etcd together.
//!
//! A call of etcd costs most of its processor time by itself, on both sides, whatever it carries. So only a few calls of a
//! kind are under way at once. What is asked meanwhile waits for the next turn, and then as much of it is sent as
//! fits one call. Where little is asked at a time, nothing waits.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Work that is done by turns, at most so many at once.
pub(crate) struct Turns<T> {
    most: usize,
    state: Mutex<State<T>>,
}

struct State<T> {
    waiting: VecDeque<T>,
    turns: usize,
}

impl<T> Turns<T> {
    pub(crate) fn new(most: usize) -> Turns<T> {
        Turns { most, state: Mutex::new(State { waiting: VecDeque::new(), turns: 0 }) }
    }

    /// Adds work. True when the caller has to begin a turn: to do what [`next`](Turns::next) gives, until that is nothing.
    #[must_use]
    pub(crate) fn add(&self, work: T) -> bool {
        let mut state = self.state();
        state.waiting.push_back(work);
        let begins = state.turns < self.most;
        state.turns += usize::from(begins);
        begins
    }

    /// What comes next in a turn: `choose` takes it, at least one, from what waits. `None` ends the turn.
    pub(crate) fn next(&self, choose: impl FnOnce(&mut VecDeque<T>) -> Vec<T>) -> Option<Vec<T>> {
        let mut state = self.state();
        if state.waiting.is_empty() {
            state.turns = state.turns.saturating_sub(1);
            return None;
        }
        Some(choose(&mut state.waiting))
    }

    /// Every critical section leaves the state whole, so a poisoned lock is still good.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_while_all_turns_are_taken_waits_for_the_next_one() {
        let turns = Turns::new(2);
        let all = |waiting: &mut VecDeque<u8>| waiting.drain(..).collect::<Vec<_>>();
        assert!(turns.add(1));
        assert!(turns.add(2));
        assert_eq!(turns.next(all), Some(vec![1, 2]));
        // The second turn finds that the first one has its work.
        assert_eq!(turns.next(all), None);
        assert!(turns.add(3), "a turn has ended");
        assert!(!turns.add(4), "both turns are under way");
        assert_eq!(turns.next(|waiting| waiting.pop_front().into_iter().collect()), Some(vec![3]));
        assert_eq!(turns.next(all), Some(vec![4]));
        assert_eq!((turns.next(all), turns.next(all)), (None, None));
        assert!(turns.add(5));
    }
}
