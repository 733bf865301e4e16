//! What a process used, from Linux's `/proc`.

use std::fs;
use std::time::Duration;

use crate::failure::Failure;

/// Ticks of `/proc/PID/stat` in a second: fixed in the kernel's interface on every machine that we build for.
const TICKS_PER_SECOND: u64 = 100;

/// Processor time that a process has used, all its threads together, in and out of the kernel.
/// It counts in steps of 10 ms.
pub(crate) fn cpu_time(pid: u32) -> Result<Duration, Failure> {
    let stat = read(pid, "stat")?;
    // The name of the program stands in parentheses and may hold anything; `utime` and `stime` are the
    // fields 14 and 15, which makes them the 12th and 13th after it.
    let ticks = stat.rsplit_once(')').and_then(|(_, rest)| {
        let mut fields = rest.split_ascii_whitespace().skip(11).map(str::parse::<u64>);
        Some(fields.next()?.ok()? + fields.next()?.ok()?)
    });
    let ticks = ticks.ok_or_else(|| Failure(format!("/proc/{pid}/stat could not be understood")))?;
    Ok(Duration::from_secs(ticks) / u32::try_from(TICKS_PER_SECOND).unwrap_or(u32::MAX))
}

/// Memory of a process that is in RAM now, in bytes.
pub(crate) fn resident_bytes(pid: u32) -> Result<u64, Failure> {
    let status = read(pid, "status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.map(|kib| kib * 1024).ok_or_else(|| Failure(format!("/proc/{pid}/status has no VmRSS")))
}

fn read(pid: u32, file: &str) -> Result<String, Failure> {
    let path = format!("/proc/{pid}/{file}");
    fs::read_to_string(&path).map_err(|error| Failure::of_file("read", path.as_ref(), &error))
}
