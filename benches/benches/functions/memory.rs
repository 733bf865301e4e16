//! What a loaded function keeps in memory.

use std::fs;

use keyfront_domain::function::Runtime;
use keyfront_functions::{Function, Invocation, Isolate, Limits};

use super::REWRITE;

/// Functions that are loaded at once.
const LOADED: u32 = 1_000;

/// Loads a thousand functions, invokes each, and prints by how much the process grew.
pub(super) fn report(invocation: &Invocation) {
    let before = resident_kib();
    let loaded: Vec<Isolate> = (0..LOADED)
        .map(|number| {
            let code = format!("{REWRITE}\n// {number}");
            let mut isolate =
                Isolate::load(&Function::prepare(code.as_bytes(), Runtime::Js2), Limits::default());
            isolate.invoke(invocation).result.unwrap();
            isolate
        })
        .collect();
    let each = f64::from(resident_kib() - before) / f64::from(LOADED);
    println!("{:60} {each:>9.0} KiB each", format!("{} functions loaded and invoked", loaded.len()));
}

/// The resident memory of this process in KiB.
fn resident_kib() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
