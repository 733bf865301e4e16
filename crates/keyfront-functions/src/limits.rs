//! Limits of one invocation: memory, steps, logs.

use std::time::Duration;

/// What one invocation of a function may use. The defaults are CloudFront's own, where they are known.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Memory that the code may fill, in bytes: 2 MiB (AWS: "Quotas on CloudFront Functions").
    pub memory_bytes: usize,
    /// Steps of the engine, which are calls, branches and jumps. CloudFront does not tell its number.
    pub steps: u64,
    /// Processor time after which the engine's next question ends the invocation: 400 ms. It is some ten times what a whole
    /// budget of steps takes, so it ends nothing but work that the engine does not count.
    pub time: Duration,
    /// Characters of the logs that are kept, in bytes: 10 KB (AWS: "Edge function logs").
    pub log_bytes: usize,
}

/// Steps of a whole budget: about 66,000 iterations of a plain loop. CloudFront's own
/// budget is less than a millisecond of its engine; this one is wide enough that no function that passes there fails
/// here.
const STEPS: u64 = 200_000;

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory_bytes: 2 * 1024 * 1024,
            steps: STEPS,
            time: Duration::from_millis(400),
            log_bytes: 10 * 1024,
        }
    }
}
