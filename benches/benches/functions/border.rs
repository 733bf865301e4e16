//! What the border of a process costs: the same invocations by way of both pools, awaited one after the other.

use std::time::Instant;

use keyfront_domain::AccountId;
use keyfront_domain::function::Runtime;
use keyfront_functions::{
    Function, Invocation, Invoker, PoolSettings, ProcessPool, ThreadPool, WorkerCommand,
};

use super::{HUNDRED_READS, NO_READ, REWRITE, TIMED, WARM, WORKER, median, row};

/// Prints the times of both pools.
pub(super) fn report(invocation: &Invocation) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let settings = PoolSettings { threads: 2, ..PoolSettings::default() };
    let command =
        WorkerCommand { program: std::env::current_exe().unwrap(), arguments: vec![WORKER.to_owned()] };
    // A task of the runtime, as in a server, and not the thread that waits for it.
    let sample = |pool: &'static dyn Invoker, code: &'static str| {
        let invocation = invocation.clone();
        runtime.block_on(async { tokio::spawn(sample(pool, code, invocation)).await.unwrap() })
    };
    let pools: [(&str, &'static dyn Invoker); 2] = runtime.block_on(async {
        let processes: &'static dyn Invoker = Box::leak(Box::new(ProcessPool::new(command, &settings)));
        let threads: &'static dyn Invoker = Box::leak(Box::new(ThreadPool::new(&settings)));
        [("a pool of processes", processes), ("a pool of threads", threads)]
    });
    for (name, pool) in pools {
        let [rewrite, no_read, hundred] = [REWRITE, NO_READ, HUNDRED_READS].map(|code| sample(pool, code));
        row(&format!("{name}: the whole invocation with one store read"), &rewrite);
        row(&format!("{name}: the same without the store read"), &no_read);
        let read = (median(&hundred) - median(&rewrite)) / 99.0;
        println!("{:60} p50 {read:>8.2}", format!("{name}: the store read itself"));
    }
}

/// The times of invocations by way of a pool, in microseconds, in ascending order.
async fn sample(pool: &'static dyn Invoker, code: &'static str, invocation: Invocation) -> Vec<f64> {
    let function = Function::prepare(code.as_bytes(), Runtime::Js2);
    let mut times = Vec::with_capacity(TIMED);
    for number in 0..WARM + TIMED {
        let given = invocation.clone();
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
