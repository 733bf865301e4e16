//! `cargo xtask test`: the steps in order, each with its time, and a summary of what ran and what could not.

mod steps;
mod tools;

use std::time::{Duration, Instant};

use clap::ValueEnum;

use self::steps::Step;
use crate::command::Failure;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Leave out what takes longest: the release build, the black-box suites, fuzzing and the documentation
    #[arg(long)]
    quick: bool,
    /// Run the black-box tests that are marked as long, and the steps proto, sanitize and instructions, too
    #[arg(long, conflicts_with = "quick")]
    long: bool,
    /// Run these steps alone, in their usual order
    #[arg(long, value_name = "STEP", num_args = 1.., value_enum)]
    only: Vec<Step>,
    /// Go on after a step that failed
    #[arg(long)]
    keep_going: bool,
}

/// What a step has to say beyond having passed.
#[derive(Default)]
pub(crate) struct Report {
    /// The closing lines of the programs that it ran.
    pub(crate) closing: Vec<String>,
    /// What could not be checked on this machine, and why.
    pub(crate) missing: Vec<String>,
}

struct Finished {
    step: Step,
    took: Duration,
    report: Report,
    failure: Option<Failure>,
}

/// Runs the chosen steps.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<(), Failure> {
    let chosen: Vec<Step> =
        Step::value_variants().iter().copied().filter(|step| arguments.wants(*step)).collect();
    let began = Instant::now();
    let mut finished = Vec::new();
    for step in &chosen {
        println!("\n==> {}: {}", step.name(), step.meaning());
        let began = Instant::now();
        let mut report = Report::default();
        let failure = step.run(workspace, arguments.long, &mut report).err();
        let took = began.elapsed();
        match &failure {
            None => println!("<== {} passed in {}", step.name(), seconds(took)),
            Some(failure) => println!("<== {} FAILED in {}: {failure}", step.name(), seconds(took)),
        }
        let stop = failure.is_some() && !arguments.keep_going;
        finished.push(Finished { step: *step, took, report, failure });
        if stop {
            break;
        }
    }
    summarize(&chosen, &finished, began.elapsed())
}

impl Arguments {
    fn wants(&self, step: Step) -> bool {
        let named = self.only.is_empty() || self.only.contains(&step);
        let is_left_out =
            (self.quick && step.is_slow()) || (step.is_long() && !self.long && self.only.is_empty());
        named && !is_left_out
    }
}

fn summarize(chosen: &[Step], finished: &[Finished], took: Duration) -> Result<(), Failure> {
    println!("\n==> summary");
    for done in finished {
        let verdict = if done.failure.is_some() { "FAILED" } else { "passed" };
        println!("{verdict}  {:<8} {:>8}  {}", done.step.name(), seconds(done.took), done.step.meaning());
        for line in &done.report.closing {
            println!("            {line}");
        }
        if let Some(failure) = &done.failure {
            println!("            {}", failure.0.replace('\n', "\n            "));
        }
    }
    for step in Step::value_variants() {
        if !finished.iter().any(|done| done.step == *step) {
            let why = if chosen.contains(step) { "a step before it failed" } else { "not asked for" };
            println!("NOT RUN {:<8} {:>8}  {why}", step.name(), "");
        }
    }
    let missing: Vec<&String> = finished.iter().flat_map(|done| &done.report.missing).collect();
    if !missing.is_empty() {
        println!("\n!!! COULD NOT BE CHECKED ON THIS MACHINE:");
        for line in missing {
            println!("!!! {line}");
        }
    }
    let failed: Vec<&str> =
        finished.iter().filter(|done| done.failure.is_some()).map(|done| done.step.name()).collect();
    if failed.is_empty() {
        println!("\nall that ran passed, in {}", seconds(took));
        return Ok(());
    }
    Err(Failure(format!("\nFAILED after {}: {}", seconds(took), failed.join(", "))))
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
