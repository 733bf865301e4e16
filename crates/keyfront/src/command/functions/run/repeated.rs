//! Runs an invocation again and again, for its time and for results that differ.

use keyfront_functions::{Function, Invocation, Outcome};

use super::super::sandbox::Sandbox;
use crate::failure::Failure;

/// The times of several runs, in nanoseconds.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// How many runs there were.
    pub(super) runs: u32,
    pub(super) least: u64,
    pub(super) median: u64,
    pub(super) most: u64,
}

/// Runs until there were `runs`, of which `first` is one. It gives the last outcome, and the times where there were several
/// runs. A run that fails ends it; its outcome is what is given.
pub(super) async fn run(
    sandbox: &Sandbox,
    function: &Function,
    invocation: &Invocation,
    first: Outcome,
    runs: u32,
) -> Result<(Outcome, Option<Times>), Failure> {
    let mut times = vec![first.used.time_ns];
    let expected = seen(&first);
    let mut last = first;
    for run in 1..runs {
        if last.result.is_err() {
            break;
        }
        let seed = invocation.seed.wrapping_add(run.into());
        last = sandbox.invoke(function, Invocation { seed, ..invocation.clone() }).await?;
        times.push(last.used.time_ns);
        if last.result.is_ok() && seen(&last) != expected {
            return Err(Failure::new(format!(
                "run {} gave another result than the first: {}",
                run + 1,
                seen(&last).0.unwrap_or_default()
            )));
        }
    }
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    let several = times.len() > 1;
    let measured = Times {
        runs: u32::try_from(times.len()).unwrap_or(u32::MAX),
        least: at(0),
        median: at(times.len() / 2),
        most: at(times.len() - 1),
    };
    Ok((last, several.then_some(measured)))
}

/// What may not differ from run to run: the result and the origin.
fn seen(outcome: &Outcome) -> (Option<String>, Option<String>) {
    match &outcome.result {
        Ok(returned) => {
            (Some(returned.to_json()), returned.origin.as_ref().map(|origin| origin.to_json().to_string()))
        }
        Err(_) => (None, None),
    }
}
