//! What a process used, from Linux's `/proc`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use crate::failure::Failure;

/// Processor time by thread, of processes and of all that they started.
///
/// Keyfront runs functions in processes of their own and miniflare is two processes; what they use is the server's.
pub(crate) struct Used(BTreeMap<u32, Duration>);

impl Used {
    /// What these processes and their descendants have used until now, in and out of the kernel.
    ///
    /// It counts in nanoseconds, of a thread that runs at this moment up to the last tick of the kernel's clock.
    pub(crate) fn by(servers: &[u32]) -> Result<Used, Failure> {
        let mut threads = BTreeMap::new();
        let families: Vec<_> = servers.iter().map(|server| family(*server)).collect::<Result<_, _>>()?;
        for process in families.into_iter().flatten() {
            // A thread may end while it is looked at.
            let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
            for task in tasks.filter_map(Result::ok) {
                let thread = task.file_name().to_str().and_then(|name| name.parse().ok());
                let used = fs::read_to_string(task.path().join("schedstat")).ok();
                let used = used.and_then(|line| line.split(' ').next()?.parse().ok());
                if let (Some(thread), Some(used)) = (thread, used) {
                    threads.insert(thread, Duration::from_nanos(used));
                }
            }
        }
        if threads.is_empty() {
            return Err(Failure(format!("/proc/PID/task has no schedstat of any thread of {servers:?}")));
        }
        Ok(Used(threads))
    }

    /// What was used since then. A thread that has ended since is missing.
    pub(crate) fn since(&self, before: &Used) -> Duration {
        let one = |(thread, now): (&u32, &Duration)| {
            now.saturating_sub(before.0.get(thread).copied().unwrap_or_default())
        };
        self.0.iter().map(one).sum()
    }
}

/// Processor time that this program has used, also by threads that have ended.
pub(crate) fn own_cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// A process and its descendants.
fn family(pid: u32) -> Result<BTreeSet<u32>, Failure> {
    let entries =
        fs::read_dir("/proc").map_err(|error| Failure::of_file("read", "/proc".as_ref(), &error))?;
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u32)> = pids.filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut family = BTreeSet::from([pid]);
    loop {
        let children = parents.iter().filter(|(_, parent)| family.contains(parent)).map(|(pid, _)| *pid);
        let (known, children) = (family.len(), children.collect::<Vec<_>>());
        family.extend(children);
        if family.len() == known {
            return Ok(family);
        }
    }
}

/// The process that started this one.
fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program stands in parentheses and may hold anything; state and parent follow it.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// Memory of a process and of all that it started that is in RAM now, in bytes. What they share counts for each.
pub(crate) fn resident_bytes(pid: u32) -> Result<u64, Failure> {
    let mut sum = 0;
    for process in family(pid)? {
        // One may have ended meanwhile; the first is there, or nothing is measured.
        let path = format!("/proc/{process}/status");
        let status = match fs::read_to_string(&path) {
            Ok(status) => status,
            Err(error) if process == pid => return Err(Failure::of_file("read", path.as_ref(), &error)),
            Err(_) => continue,
        };
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        sum += kib.unwrap_or_default() * 1024;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_a_process_and_of_its_children_is_seen() {
        let before = Used::by(&[std::process::id()]).unwrap();
        let loops = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done";
        // A child that is not over yet: what an ended one has used is missing.
        let mut child = std::process::Command::new("sh")
            .args(["-c", &format!("{loops}; echo; read end")])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = [0];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut line).unwrap();
        let pid = child.id();
        assert!(family(std::process::id()).unwrap().contains(&pid));
        let (alone, together) = (Used::by(&[pid]).unwrap(), Used::by(&[std::process::id()]).unwrap());
        drop(child.stdin.take());
        child.wait().unwrap();
        let of_child = alone.since(&Used(BTreeMap::new()));
        assert!(of_child > Duration::from_micros(100), "{of_child:?}");
        assert!(together.since(&before) >= of_child);
    }

    #[test]
    fn this_process_takes_memory() {
        assert!(resident_bytes(std::process::id()).unwrap() > 100_000);
        assert!(resident_bytes(0).is_err());
    }
}
