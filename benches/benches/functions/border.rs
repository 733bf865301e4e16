//! What the border of a process costs: the same invocations by way of both pools, awaited one after the other, and by many
//! callers at a time.

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use keyfront_domain::AccountId;
use keyfront_domain::function::Runtime;
use keyfront_domain::pairs::StorePairs;
use keyfront_functions::{
    Function, Invocation, Invoker, PoolSettings, ProcessPool, ThreadPool, WorkerCommand,
};

use super::{HUNDRED_READS, NO_READ, REWRITE, TIMED, WARM, WORKER, median, row};

/// Callers at a time, and invocations of each.
const CALLERS: u32 = 32;
const OF_EACH: u32 = 2_000;

/// Pairs that the callers read by turns, beside the one that all of them read.
const READ: u32 = 10_000;

/// Prints the times of both pools.
pub(super) fn report(invocation: &Invocation) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let settings = PoolSettings { threads: 2, ..PoolSettings::default() };
    let command =
        WorkerCommand { program: std::env::current_exe().unwrap(), arguments: vec![WORKER.to_owned()] };
    // A task of the runtime, as in a server, and not the thread that waits for it.
    let sample = |pool: &'static dyn Invoker, code: &'static str, changes: bool| {
        let invocation = invocation.clone();
        runtime.block_on(async { tokio::spawn(sample(pool, code, invocation, changes)).await.unwrap() })
    };
    let pools: [(&str, &'static dyn Invoker); 2] = runtime.block_on(async {
        let processes: &'static dyn Invoker = Box::leak(Box::new(ProcessPool::new(command, &settings)));
        let threads: &'static dyn Invoker = Box::leak(Box::new(ThreadPool::new(&settings)));
        [("a pool of processes", processes), ("a pool of threads", threads)]
    });
    for (name, pool) in pools {
        let [rewrite, no_read, hundred] =
            [REWRITE, NO_READ, HUNDRED_READS].map(|code| sample(pool, code, false));
        row(&format!("{name}: the whole invocation with one store read"), &rewrite);
        row(&format!("{name}: the same from a store that was not read before"), &sample(pool, REWRITE, true));
        row(&format!("{name}: the same without the store read"), &no_read);
        let read = (median(&hundred) - median(&rewrite)) / 99.0;
        println!("{:60} p50 {read:>8.2}", format!("{name}: the store read itself"));
    }
    for (what, any) in [("the same pair", false), ("any of 10,000 pairs", true)] {
        for (name, pool) in pools {
            let cpu = runtime.block_on(at_a_time(pool, invocation, any));
            println!("{:60} CPU {cpu:>8.2}", format!("{name}: {CALLERS} callers at a time, {what}"));
        }
    }
}

/// The processor time of an invocation in microseconds, of this process and its workers, with many callers at a time.
async fn at_a_time(pool: &'static dyn Invoker, invocation: &Invocation, any: bool) -> f64 {
    let code = if any { REWRITE.replace("'/path/4321'", "request.uri") } else { REWRITE.to_owned() };
    let function = Function::prepare(code.as_bytes(), Runtime::Js2);
    let call = move |number: u32, function: Function, mut given: Invocation| async move {
        if any {
            given.event.request.uri = format!("/path/{}", number % READ);
        }
        pool.invoke(AccountId::DEVELOPMENT, &function, given).await.unwrap().result.unwrap();
    };
    for number in 0..CALLERS * 10 {
        call(number, function.clone(), invocation.clone()).await;
    }
    let before = cpu_seconds();
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (function, given) = (function.clone(), invocation.clone());
            tokio::spawn(async move {
                for number in 0..OF_EACH {
                    call(caller * OF_EACH + number * 7, function.clone(), given.clone()).await;
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    (cpu_seconds() - before) * 1e6 / f64::from(CALLERS * OF_EACH)
}

/// The processor time that this process and its children have used, in seconds.
fn cpu_seconds() -> f64 {
    let own = std::process::id().to_string();
    let ticks = |stat: &str| {
        // What is in parentheses may have spaces.
        let mut fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
        let is_ours = fields.nth(1) == Some(own.as_str()) || stat.starts_with(&format!("{own} "));
        let used = fields.skip(9).take(2).map(|ticks| ticks.parse::<u32>().unwrap());
        if is_ours { used.sum() } else { 0 }
    };
    let stats = fs::read_dir("/proc").unwrap().flatten();
    let stats = stats.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    f64::from(stats.map(|stat| ticks(&stat)).sum::<u32>()) / 100.0
}

/// The times of invocations by way of a pool, in microseconds, in ascending order. Where the store changes, a process has to
/// ask for the pair each time.
async fn sample(
    pool: &'static dyn Invoker,
    code: &'static str,
    invocation: Invocation,
    changes: bool,
) -> Vec<f64> {
    let function = Function::prepare(code.as_bytes(), Runtime::Js2);
    let mut times = Vec::with_capacity(TIMED);
    for number in 0..WARM + TIMED {
        let mut given = invocation.clone();
        if let (true, Some((_, pairs))) = (changes, &mut given.store) {
            *pairs = Arc::new(StorePairs::clone(pairs));
        }
        let began = Instant::now();
        let outcome = pool.invoke(AccountId::DEVELOPMENT, &function, given).await.unwrap();
        let time = began.elapsed();
        outcome.result.unwrap();
        if number >= WARM {
            times.push(time.as_secs_f64() * 1e6);
        }
    }
    times.sort_by(f64::total_cmp);
    times
}
