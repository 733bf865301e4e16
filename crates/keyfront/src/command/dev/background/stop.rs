//! `keyfront dev --stop`: ends the server that runs in the background with a run folder.

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::lock::Held;
use super::process::Process;
use crate::failure::Failure;
use crate::terminal::tell;

/// Ends the server and waits until it has ended. Without a server there is nothing to do.
///
/// # Errors
/// There is no such folder, or the server has not ended within `wait`.
pub(in crate::command::dev) fn stop(folder: &Path, wait: Duration) -> Result<ExitCode, Failure> {
    let shown = folder.display();
    if !folder.is_dir() {
        return Err(Failure::new(format!(
            "there is no folder {shown}; name the one that `keyfront dev --detach` was given, with --run-folder or --data"
        )));
    }
    let nothing = || {
        tell(format!("keyfront: no server runs in the background with the run folder {shown}"));
        Ok(ExitCode::SUCCESS)
    };
    let Some(mut held) = Held::find(folder)? else { return nothing() };
    let id = held.process_id();
    let Some(process) = Process::open(id) else { return nothing() };
    // As long as the server lives, the process that was opened by its id is the server.
    if !held.is_held()? {
        return nothing();
    }
    process.terminate()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(held.wait()).ok());
    match receiver.recv_timeout(wait) {
        Ok(Ok(())) => {
            tell(format!("keyfront: stopped the server with the run folder {shown}, process {id}"));
            Ok(ExitCode::SUCCESS)
        }
        Ok(Err(error)) => Err(Failure::because("the end of the server cannot be waited for", &error)),
        Err(_elapsed) => Err(Failure::new(format!(
            "process {id} finishes what it accepted and has not ended within {} s; a second `keyfront dev --stop` ends \
             it at once",
            wait.as_secs(),
        ))),
    }
}
