//! What the binary itself keeps in a data folder, beside the store: the sealing key and the control file.
//!
//! | file         | mode | what it is                                                             |
//! |--------------|------|------------------------------------------------------------------------|
//! | `secret.key` | 0600 | the key that seals secrets at rest                                     |
//! | `control`    | 0600 | the admin address of the server that runs on the folder, and its token |
//! | `snapshots`  | 0700 | the snapshots that were saved, a folder                                |
//! | `.gitignore` | 0644 | keeps a development folder out of version control                      |
//!
//! `keyfront dev --detach` has two files of its own there.

mod arguments;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use keyfront_api::credentials::SealingKey;
use keyfront_store::{Engine, credentials};

use crate::atomic_file;
use crate::config::{StoreSettings, read_secret};
use crate::failure::Failure;

pub(crate) use arguments::DataFolderArguments;

const KEY_FILE: &str = "secret.key";
const CONTROL_FILE: &str = "control";
const SNAPSHOTS_FOLDER: &str = "snapshots";

/// The sealing key. It is made when there is none, as long as nothing was sealed under another.
pub(crate) async fn sealing_key(
    settings: &StoreSettings,
    engine: &dyn Engine,
) -> Result<SealingKey, Failure> {
    let path = key_file(settings);
    if !path.exists() {
        let sealed = credentials::list(engine).await;
        let sealed = sealed.map_err(|error| Failure::because("credentials cannot be read", &error))?;
        if !sealed.is_empty() {
            return Err(Failure::new(format!(
                "{} is missing, and without it the credentials of the store cannot be used; put the copy of it \
                 back, or name where it is with key_file in [store]",
                path.display()
            )));
        }
        let key =
            SealingKey::generate().map_err(|error| Failure::because("no sealing key can be made", &error))?;
        write_private(&path, &key)?;
    }
    SealingKey::from_bytes(&read_secret(&path)?)
        .map_err(|error| Failure::because(format!("{} cannot be used", path.display()), &error))
}

/// Whether there is a sealing key.
pub(crate) fn has_sealing_key(settings: &StoreSettings) -> bool {
    key_file(settings).exists()
}

fn key_file(settings: &StoreSettings) -> PathBuf {
    settings.key_file.clone().unwrap_or_else(|| settings.data.join(KEY_FILE))
}

/// How to reach the server that runs on a data folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Control {
    /// Its admin address.
    pub(crate) address: SocketAddr,
    /// What proves that the asker can read the data folder.
    pub(crate) token: String,
}

/// Says how to reach this server while the returned guard lives.
pub(crate) fn publish_control(folder: &Path, control: &Control) -> Result<ControlFile, Failure> {
    let path = folder.join(CONTROL_FILE);
    write_private(&path, format!("{}\n{}\n", control.address, control.token).as_bytes())?;
    Ok(ControlFile(path))
}

/// Removes the control file when the server stops.
pub(crate) struct ControlFile(PathBuf);

impl Drop for ControlFile {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

/// How to reach the server on a data folder, if one says so.
pub(crate) fn find_control(folder: &Path) -> Option<Control> {
    let content = String::from_utf8(read_secret(&folder.join(CONTROL_FILE)).ok()?).ok()?;
    let mut lines = content.lines();
    Some(Control { address: lines.next()?.parse().ok()?, token: lines.next()?.to_owned() })
}

/// Where the snapshots of the store are.
pub(crate) fn snapshots_folder(settings: &StoreSettings) -> PathBuf {
    settings.data.join(SNAPSHOTS_FOLDER)
}

/// Keeps a development folder out of version control, as a virtual environment does.
pub(crate) fn ignore_in_git(folder: &Path) {
    let path = folder.join(".gitignore");
    if !path.exists() {
        // A convenience; a folder without it works as well.
        fs::write(path, "*\n").ok();
    }
}

fn write_private(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = atomic_file::replace_private(path, content);
    written.map_err(|error| Failure::because(format!("{} cannot be written", path.display()), &error))
}
