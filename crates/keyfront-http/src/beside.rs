//! A future that is there in case something else happens than what a task nearly always wakes up for.
//!
//! To poll timers and signals at every wake-up of a connection costs more than their being there: each takes locks, some of
//! them of all connections together. This future is polled only if one of the things that it waits for has woken it.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// The future, and whether it has to be polled.
pub(crate) struct Beside<'f, F> {
    future: Pin<&'f mut F>,
    bell: Arc<Bell>,
    /// What the bell wakes.
    task: Option<Waker>,
    waker: Waker,
}

/// Wakes the task, and notes for what.
struct Bell {
    rung: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).clone();
        task.iter().for_each(Waker::wake_by_ref);
    }
}

impl<'f, F: Future> Beside<'f, F> {
    pub(crate) fn new(future: Pin<&'f mut F>) -> Beside<'f, F> {
        let bell = Arc::new(Bell { rung: AtomicBool::new(true), task: Mutex::default() });
        let waker = Waker::from(Arc::clone(&bell));
        Beside { future, bell, task: None, waker }
    }

    /// Polls the future if something that it waits for has happened.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<F::Output> {
        if !self.task.as_ref().is_some_and(|task| task.will_wake(cx.waker())) {
            self.task = Some(cx.waker().clone());
            let mut task = self.bell.task.lock().unwrap_or_else(PoisonError::into_inner);
            task.clone_from(&self.task);
        }
        // What rings from here on is seen the next time, for which it wakes the task.
        if !self.bell.rung.load(Ordering::Acquire) || !self.bell.rung.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        self.future.as_mut().poll(&mut Context::from_waker(&self.waker))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    struct Counting(AtomicUsize);

    impl Wake for Counting {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_future_is_polled_again_only_after_it_was_woken() {
        let (mut polls, inner) = (0, Mutex::new(None::<Waker>));
        let future = pin!(poll_fn(|cx| {
            polls += 1;
            *inner.lock().unwrap() = Some(cx.waker().clone());
            if polls == 2 { Poll::Ready("done") } else { Poll::Pending }
        }));
        let mut beside = Beside::new(future);
        let (first, second) =
            (Arc::new(Counting(AtomicUsize::new(0))), Arc::new(Counting(AtomicUsize::new(0))));
        let wakers = [first, second].map(|count| (Arc::clone(&count), Waker::from(count)));
        for (_, waker) in &wakers {
            assert_eq!(beside.poll(&Context::from_waker(waker)), Poll::Pending);
            assert_eq!(beside.poll(&Context::from_waker(waker)), Poll::Pending);
        }
        let woken = || wakers.each_ref().map(|(count, _)| count.0.load(Ordering::Relaxed));
        assert_eq!(woken(), [0, 0]);
        inner.lock().unwrap().take().unwrap().wake();
        assert_eq!(woken(), [0, 1], "the task that polled last");
        assert_eq!(beside.poll(&Context::from_waker(&wakers[1].1)), Poll::Ready("done"));
    }
}
