//! Folders that a server makes where there are none: whether it can.

use std::path::Path;

use crate::failure::Failure;

/// Refuses a folder that cannot be made, because something on its way is not a folder. Whether the server may write there
/// depends on the user that it runs as, which need not be the one that checks.
pub(super) fn check(setting: &str, folder: &Path) -> Result<(), Failure> {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_no_current_folder| folder.to_owned());
    match absolute.ancestors().find(|ancestor| ancestor.exists()) {
        Some(ancestor) if !ancestor.is_dir() => Err(Failure::new(format!(
            "{setting}: the folder {} cannot be made, because {} is not a folder",
            folder.display(),
            ancestor.display()
        ))),
        Some(_) | None => Ok(()),
    }
}
