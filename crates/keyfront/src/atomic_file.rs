//! Writes files atomically: a reader sees the old file or the complete new one, also after a power loss.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// The mode of a file that only its owner can read.
pub(crate) const PRIVATE: u32 = 0o600;

/// The mode of an ordinary new file, before the umask.
pub(crate) const ORDINARY: u32 = 0o666;

/// Writes a file that only its owner can read, in place of the one that is there.
pub(crate) fn replace_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let file = unfinished(path, PRIVATE)?;
    finish(file, path, |file| file.write_all(content), Existing::Replace)
}

/// Writes a file: a new one with this mode, or in place of the one that is there, with its permissions. A link stays,
/// and its target is replaced. A pipe or a device is written to as it is.
pub(crate) fn replace(
    path: &Path,
    mode: u32,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_absent| path.to_owned());
    let existing = path.metadata().ok();
    if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
        return OpenOptions::new().write(true).open(&path).and_then(|mut file| write(&mut file));
    }
    let file = unfinished(&path, mode)?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    finish(file, &path, write, Existing::Replace)
}

/// Writes a new file. Fails when there is one of this name.
pub(crate) fn create(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let file = unfinished(path, mode)?;
    finish(file, path, |file| file.write_all(content), Existing::Keep)
}

#[derive(Clone, Copy)]
enum Existing {
    Replace,
    Keep,
}

/// A temporary file beside the one that it will become, because only a rename within a file system is atomic.
fn unfinished(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    Builder::new()
        .prefix(".unfinished-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder_of(path))
}

fn finish(
    mut file: NamedTempFile,
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
    existing: Existing,
) -> io::Result<()> {
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    match existing {
        Existing::Replace => file.persist(path)?,
        Existing::Keep => file.persist_noclobber(path)?,
    };
    // The new name is durable once its folder is.
    File::open(folder_of(path))?.sync_all()
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_private_file_is_its_owners_alone_whatever_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        replace_private(&path, b"new").unwrap();
        assert_eq!((std::fs::read(&path).unwrap(), mode(&path)), (b"new".to_vec(), 0o600));
    }

    #[test]
    fn a_replaced_file_keeps_its_permissions_and_the_link_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, ORDINARY, |file| file.write_all(b"new")).unwrap();
        assert_eq!((std::fs::read(&path).unwrap(), mode(&path)), (b"new".to_vec(), 0o640));
        assert!(link.is_symlink());
    }

    #[test]
    fn a_new_file_has_the_mode_that_was_asked_for_and_a_device_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, PRIVATE, |file| file.write_all(b"new")).unwrap();
        assert_eq!(mode(&path), 0o600);
        replace(Path::new("/dev/null"), PRIVATE, |file| file.write_all(b"new")).unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "old").unwrap();
        let failed = replace(&path, ORDINARY, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("full"))
        });
        assert!(failed.is_err());
        assert!(create(&path, b"new", 0o600).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
