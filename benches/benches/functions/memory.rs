//! What a loaded function keeps in memory.

use std::fs;

use keyfront_domain::AccountId;
use keyfront_domain::function::Runtime;
use keyfront_functions::{Function, Invocation, Invoker, PoolSettings, ThreadPool};
use tokio::runtime::Builder;

use super::REWRITE;

/// Functions that are loaded at once.
const LOADED: u32 = 1_000;

/// Loads a thousand functions on one thread, invokes each twice, and prints by how much the process grew.
pub(super) fn report(invocation: &Invocation) {
    let settings = PoolSettings { isolate_bytes: usize::MAX, ..PoolSettings::default() };
    let pool = ThreadPool::new(&settings);
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let invoke = |number: u32| {
        let code = format!("{REWRITE}\n// {number}");
        let function = Function::prepare(code.as_bytes(), Runtime::Js2);
        let outcome = pool.invoke(AccountId::DEVELOPMENT, &function, invocation.clone());
        runtime.block_on(outcome).unwrap().result.unwrap();
    };
    // The thread and what is made once in a process are not a function's.
    invoke(LOADED);
    let before = resident_kib();
    (0..LOADED).for_each(invoke);
    (0..LOADED).for_each(invoke);
    let each = f64::from(resident_kib() - before) / f64::from(LOADED);
    let loaded = pool.stats().isolates;
    println!("{:60} {each:>9.0} KiB each", format!("{loaded} functions loaded and invoked"));
}

/// The resident memory of this process in KiB.
fn resident_kib() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
