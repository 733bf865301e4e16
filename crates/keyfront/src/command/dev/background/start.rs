//! `keyfront dev --detach`: starts this program again, and waits until it answers.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::lock::{self, Held};
use crate::data_folder::ignore_in_git;
use crate::failure::Failure;
use crate::terminal::{print, tell};

/// How much of its log a server that did not start is reported with, in bytes.
const LOG_SHOWN: usize = 4096;

/// Starts a server with the arguments of this process, and prints what it announces.
///
/// # Errors
/// One runs in the background on this folder already, or the server does not answer within `wait`.
pub(in crate::command::dev) fn start(folder: &Path, wait: Duration) -> Result<ExitCode, Failure> {
    if Held::find(folder)?.is_some() {
        return Err(lock::runs_already(folder));
    }
    let made_here = !folder.exists();
    fs::create_dir_all(folder).map_err(|error| {
        Failure::because(format!("the folder {} cannot be made", folder.display()), &error)
    })?;
    if made_here {
        ignore_in_git(folder);
    }
    let path = lock::log(folder);
    let unwritable = |error| Failure::because(format!("{} cannot be written", path.display()), &error);
    let log = File::create(&path).map_err(unwritable)?;
    let mut server = spawn(log)?;
    match wait_for(&mut server, wait) {
        Ok(lines) => {
            lines.iter().for_each(print);
            tell(format!(
                "keyfront: the server runs in the background as process {}, its log is {}; `{}` ends it",
                server.id(),
                path.display(),
                lock::stop_command(folder)
            ));
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            // It has nothing yet that it could lose.
            server.kill().ok();
            server.wait().ok();
            let log = fs::read(&path).unwrap_or_default();
            let end = log.get(log.len().saturating_sub(LOG_SHOWN)..).unwrap_or_default();
            Err(Failure::new(format!("{why}; its log:\n{}", String::from_utf8_lossy(end).trim_end())))
        }
    }
}

/// Leaves the terminal: what is typed there, and its end, are not for a server in the background.
pub(in crate::command::dev) fn leave_terminal() {
    // It fails for the leader of a process group. `start` makes none of the server.
    rustix::process::setsid().ok();
}

/// Tells the process that waits in [`start`] that nothing more is announced.
pub(in crate::command::dev) fn announced() {
    print("");
}

fn spawn(log: File) -> Result<Child, Failure> {
    let failed = |error| Failure::because("the server cannot be started", &error);
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).arg("--in-background");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().map_err(failed)
}

/// The lines that the server announces, or why there are none.
fn wait_for(server: &mut Child, wait: Duration) -> Result<Vec<String>, String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = server.stdout.take() {
        thread::spawn(move || sender.send(announcement(stdout)).ok());
    }
    match receiver.recv_timeout(wait) {
        Ok(Some(lines)) => Ok(lines),
        Ok(None) | Err(RecvTimeoutError::Disconnected) => Err("the server did not start".to_owned()),
        Err(RecvTimeoutError::Timeout) => {
            Err(format!("the server did not answer within {} s and was ended", wait.as_secs()))
        }
    }
}

/// The lines up to an empty one.
fn announcement(stdout: impl Read) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for line in BufReader::new(stdout).lines() {
        match line {
            Ok(line) if line.is_empty() => return Some(lines),
            Ok(line) => lines.push(line),
            Err(_ended) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_ends_with_an_empty_line_and_is_none_without_it() {
        for (said, expected) in [
            ("edge http://a\nready http://b\n\nmore\n", Some(vec!["edge http://a", "ready http://b"])),
            ("edge http://a\n", None),
            ("", None),
        ] {
            let lines = announcement(said.as_bytes());
            assert_eq!(lines, expected.map(|lines| lines.into_iter().map(String::from).collect()), "{said}");
        }
    }
}
