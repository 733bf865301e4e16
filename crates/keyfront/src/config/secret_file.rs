//! Reads secrets from files that only their owner can read.
//!
//! Secrets that Docker or Kubernetes mount into a container have modes such as 0440 or 0444, which the person there often
//! cannot change. A group that can read is therefore told about and accepted; that others can read, a variable of the
//! environment must accept, which also silences the warning.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::failure::Failure;
use crate::terminal::tell;

/// The variable with which a person accepts that files of secrets can be read by others.
const ACCEPTING: &str = "KEYFRONT_SHARED_SECRETS";

/// Its value.
const ACCEPTED: &str = "accept";

/// Largest file that can be a secret.
const MAX_BYTES: u64 = 64 * 1024;

/// The content of a secret file.
///
/// # Errors
/// It cannot be read, its group or others may write it, or others may read it and that was not accepted.
pub(crate) fn read_secret(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::because(format!("{} cannot be read", path.display()), &error);
    let file = File::open(path).map_err(unreadable)?;
    // The open file is asked, not the path: another could stand there in the meantime.
    check_mode(path, &file.metadata().map_err(unreadable)?)?;
    let mut content = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut content).map_err(unreadable)?;
    Ok(content)
}

fn check_mode(path: &Path, metadata: &std::fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    let accepted = std::env::var_os(ACCEPTING).is_some_and(|value| value == OsStr::new(ACCEPTED));
    let path = path.display();
    match judge(mode, accepted) {
        Verdict::Fine => Ok(()),
        Verdict::Told => {
            warn(&format!(
                "{path} holds a secret and its group can read it (mode {mode:04o}); run chmod 600 {path}, or accept it \
                 with {ACCEPTING}={ACCEPTED}"
            ));
            Ok(())
        }
        Verdict::Refused => Err(Failure::new(format!(
            "{path} holds a secret and others can read it (mode {mode:04o}); run: chmod 600 {path}\nWhere the mode cannot \
             be changed, as that of a secret in a container, {ACCEPTING}={ACCEPTED} in the environment accepts it."
        ))),
        Verdict::Writable => Err(Failure::new(format!(
            "{path} holds a secret and others can change it (mode {mode:04o}); run: chmod 600 {path}"
        ))),
    }
}

/// What becomes of a file with some mode.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    Told,
    Refused,
    Writable,
}

fn judge(mode: u32, accepted: bool) -> Verdict {
    const GROUP_OR_OTHERS: u32 = 0o077;
    const WRITE: u32 = 0o022;
    const OTHERS: u32 = 0o007;
    if mode & GROUP_OR_OTHERS == 0 {
        Verdict::Fine
    } else if mode & WRITE != 0 {
        Verdict::Writable
    } else if accepted {
        Verdict::Fine
    } else if mode & OTHERS == 0 {
        Verdict::Told
    } else {
        Verdict::Refused
    }
}

/// A warning in the log of a server, or on standard error where no log has begun.
fn warn(text: &str) {
    if tracing::dispatcher::has_been_set() {
        tracing::warn!("{text}");
    } else {
        tell(format!("keyfront: {text}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_may_read_a_secret_only_where_that_was_accepted_and_never_change_it() {
        for (mode, verdict, when_accepted) in [
            (0o600, Verdict::Fine, Verdict::Fine),
            (0o400, Verdict::Fine, Verdict::Fine),
            // Kubernetes with defaultMode: 0440.
            (0o440, Verdict::Told, Verdict::Fine),
            (0o640, Verdict::Told, Verdict::Fine),
            // Docker, and Kubernetes unless told otherwise.
            (0o444, Verdict::Refused, Verdict::Fine),
            (0o604, Verdict::Refused, Verdict::Fine),
            (0o660, Verdict::Writable, Verdict::Writable),
            (0o602, Verdict::Writable, Verdict::Writable),
        ] {
            assert_eq!((judge(mode, false), judge(mode, true)), (verdict, when_accepted), "{mode:o}");
        }
    }
}
