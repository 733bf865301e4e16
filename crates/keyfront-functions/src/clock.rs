//! Stopwatches for invocations, on the monotonic clock and on the processor time of the thread. The time that a function
//! sees comes with its invocation.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// A running measurement. The one that began first is the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place of the sandbox that reads the monotonic clock"
    )]
    pub(crate) fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// Time since the start.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The processor time that this thread has used since a moment: what it waits for a processor does not count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CpuStopwatch(Duration);

impl CpuStopwatch {
    /// Starts now.
    pub(crate) fn start() -> CpuStopwatch {
        CpuStopwatch(CpuStopwatch::used())
    }

    /// Processor time since the start.
    pub(crate) fn elapsed(self) -> Duration {
        CpuStopwatch::used().saturating_sub(self.0)
    }

    fn used() -> Duration {
        read(ClockId::ThreadCPUTime)
    }
}

/// The monotonic clock, which all processes of a machine read alike, in nanoseconds.
pub(crate) fn monotonic_ns() -> u64 {
    u64::try_from(read(ClockId::Monotonic).as_nanos()).unwrap_or(u64::MAX)
}

fn read(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanoseconds)
}
