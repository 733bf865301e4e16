//! One worker process: started, watched, ended.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, setpriority_process};

use super::images::Images;
use crate::channel::{self, ParentEnd};
use crate::clock::Stopwatch;
use crate::isolates::Stats;

/// Functions that a worker is remembered to have loaded.
const REMEMBERED: usize = 4096;

/// The lowest priority.
const NICE: i32 = 19;

/// How worker processes are started: a program that calls [`run_worker_process`](crate::run_worker_process).
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// A worker process. One that is dropped is killed.
pub(super) struct Worker {
    child: Option<Child>,
    pub(super) channel: ParentEnd,
    pub(super) images: Images,
    /// The functions that it has been given; it may have dropped some.
    loaded: HashSet<u64>,
    pub(super) unused_since: Stopwatch,
    kept: Stats,
    workers: Arc<Workers>,
}

/// What all worker processes of a pool have in common.
pub(super) struct Workers {
    kept: Mutex<Stats>,
    /// Where ended processes go, to be waited for.
    ended: mpsc::Sender<Child>,
}

impl Workers {
    /// Starts the thread that waits for processes that were killed. It ends with the last worker.
    pub(super) fn new() -> Arc<Workers> {
        let (ended, inbox) = mpsc::channel::<Child>();
        let reap = move || inbox.into_iter().for_each(|mut child| drop(child.wait()));
        let thread = std::thread::Builder::new().name("function-reaper".to_owned()).spawn(reap);
        // Without the thread they are reaped when the server ends.
        drop(thread);
        Arc::new(Workers { kept: Mutex::default(), ended })
    }

    /// What all of them keep.
    pub(super) fn stats(&self) -> Stats {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, before: Stats, after: Stats) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let others = Stats {
            isolates: kept.isolates.saturating_sub(before.isolates),
            isolate_bytes: kept.isolate_bytes.saturating_sub(before.isolate_bytes),
        };
        *kept = others + after;
    }
}

impl Worker {
    /// Starts a process. It has no environment, no files but the channel, and no output.
    pub(super) fn start(command: &WorkerCommand, workers: &Arc<Workers>) -> io::Result<Worker> {
        let (channel, descriptors) = channel::open()?;
        let child = Command::new(&command.program)
            .args(&command.arguments)
            .env_clear()
            // The allocator would reserve a gigabyte of addresses, which is more than the process may have.
            .env("MIMALLOC_ARENA_RESERVE", "16384")
            .current_dir("/")
            .stdin(descriptors.doorbell)
            .stdout(descriptors.memory)
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Worker {
            child: Some(child),
            channel,
            images: Images::default(),
            loaded: HashSet::new(),
            unused_since: Stopwatch::start(),
            kept: Stats::default(),
            workers: Arc::clone(workers),
        })
    }

    /// Whether it probably has a function loaded.
    pub(super) fn has_loaded(&self, function: u64) -> bool {
        self.loaded.contains(&function)
    }

    /// It has answered for a function.
    pub(super) fn answered(&mut self, function: u64, kept: Stats) {
        if self.loaded.len() >= REMEMBERED {
            self.loaded.clear();
        }
        self.loaded.insert(function);
        self.unused_since = Stopwatch::start();
        self.workers.replace(self.kept, kept);
        self.kept = kept;
    }

    /// What watches the process while its channel is in use.
    pub(super) fn watch(&self) -> ProcessWatch {
        let pid =
            self.child.as_ref().and_then(|child| i32::try_from(child.id()).ok()).and_then(Pid::from_raw);
        ProcessWatch { pid }
    }

    /// Waits for the end of a process whose channel is closed, and gives its exit code.
    pub(super) async fn exit_code(mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        // It may only have closed the channel.
        drop(child.kill());
        tokio::task::spawn_blocking(move || child.wait()).await.ok()?.ok()?.code()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.workers.replace(self.kept, Stats::default());
        if let Some(mut child) = self.child.take() {
            // One that has ended already only has to be waited for.
            drop(child.kill());
            drop(self.workers.ended.send(child));
        }
    }
}

/// A process as seen from outside.
pub(super) struct ProcessWatch {
    pid: Option<Pid>,
}

impl ProcessWatch {
    /// The processor time that it used since it was started, where the system tells.
    pub(super) fn cpu_time(&self) -> Option<Duration> {
        let file = format!("/proc/{}/schedstat", self.pid?.as_raw_nonzero());
        let nanoseconds = fs::read_to_string(file).ok()?;
        nanoseconds.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    }

    /// Lets all other processes go first, from now on.
    pub(super) fn give_way(&self) {
        self.lower_priority(NICE);
    }

    /// Lowers the priority, for good.
    pub(super) fn lower_priority(&self, nice: i32) {
        // Where it does not work, the process is ended at the same time as any other.
        self.pid.and_then(|pid| setpriority_process(Some(pid), nice).ok());
    }
}
