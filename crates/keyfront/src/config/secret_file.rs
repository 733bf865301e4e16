//! Reads secrets from files that only their owner can read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::failure::Failure;

/// Largest file that can be a secret.
const MAX_BYTES: u64 = 64 * 1024;

/// The content of a secret file, refused when its group or others may read it.
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
    const OTHERS: u32 = 0o077;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::new(format!(
        "{path} holds a secret and others can read it (mode {mode:04o}); run: chmod 600 {path}"
    )))
}
