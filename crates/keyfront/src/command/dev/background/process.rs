//! A process that is asked to end.

use rustix::process::{Pid, Signal};

use crate::failure::Failure;

/// A process, which stays the same one even when its id is given to another.
pub(super) struct Process {
    #[cfg(target_os = "linux")]
    handle: rustix::fd::OwnedFd,
    #[cfg(not(target_os = "linux"))]
    id: Pid,
}

impl Process {
    /// The process with this id, if there is one.
    pub(super) fn open(id: u32) -> Option<Process> {
        let id = Pid::from_raw(i32::try_from(id).ok()?)?;
        #[cfg(target_os = "linux")]
        let process = {
            let handle = rustix::process::pidfd_open(id, rustix::process::PidfdFlags::empty());
            Process { handle: handle.ok()? }
        };
        #[cfg(not(target_os = "linux"))]
        let process = Process { id };
        Some(process)
    }

    /// Asks it to end.
    pub(super) fn terminate(&self) -> Result<(), Failure> {
        #[cfg(target_os = "linux")]
        let sent = rustix::process::pidfd_send_signal(&self.handle, Signal::TERM);
        #[cfg(not(target_os = "linux"))]
        let sent = rustix::process::kill_process(self.id, Signal::TERM);
        sent.map_err(|error| Failure::because("the server cannot be asked to end", &error))
    }
}
