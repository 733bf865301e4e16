//! The files that remember stacks: one for each, written anew after each step of a deploy.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use keyfront_cfn::stack::{Stack, VERSION};
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::failure::Failure;

/// The folder of the files.
pub(super) struct StackFiles {
    folder: PathBuf,
}

/// A stack that this process alone deploys, until it is dropped.
pub(super) struct LockedStack {
    path: PathBuf,
    folder: PathBuf,
    /// What the file has; nothing before the first step.
    pub(super) stack: Option<Stack>,
    _lock: File,
}

impl StackFiles {
    pub(super) fn new(folder: PathBuf) -> StackFiles {
        StackFiles { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }

    /// The file of a stack, for messages.
    pub(super) fn shown(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The stack with this name, if there is one.
    pub(super) fn read(&self, name: &str) -> Result<Option<Stack>, Failure> {
        read(&self.path(name))
    }

    /// The stack with this name.
    pub(super) fn require(&self, name: &str) -> Result<Stack, Failure> {
        self.read(name)?.ok_or_else(|| {
            Failure::new(format!(
                "there is no stack {name} in {}; `keyfront cfn list` lists them",
                self.folder.display()
            ))
        })
    }

    /// All stacks, by name.
    pub(super) fn all(&self) -> Result<Vec<Stack>, Failure> {
        let failed = |error| Failure::because(format!("{} cannot be read", self.folder.display()), &error);
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries.collect::<Result<Vec<_>, _>>().map_err(failed)?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        let stacks = paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
        Ok(stacks.into_iter().flatten().collect())
    }

    /// What other stacks at the same endpoint export, by name.
    pub(super) fn exports(&self, but: &str, endpoint: &str) -> Result<BTreeMap<String, Value>, Failure> {
        let others = self.all()?;
        let others = others.into_iter().filter(|stack| stack.stack_name != but && stack.endpoint == endpoint);
        let outputs = others.flat_map(|stack| stack.outputs.into_values());
        Ok(outputs.filter_map(|output| Some((output.export_name?, output.value))).collect())
    }

    /// Takes a stack for this process alone.
    pub(super) fn lock(&self, name: &str) -> Result<LockedStack, Failure> {
        let failed = |error: &dyn std::error::Error| {
            Failure::because(format!("{} cannot be written", self.folder.display()), error)
        };
        std::fs::create_dir_all(&self.folder).map_err(|error| failed(&error))?;
        let lock = File::create(self.folder.join(format!("{name}.lock"))).map_err(|error| failed(&error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::new(format!(
                    "another process deploys the stack {name}; wait until it is done"
                )));
            }
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
        let path = self.path(name);
        let stack = read(&path)?;
        Ok(LockedStack { path, folder: self.folder.clone(), stack, _lock: lock })
    }
}

impl LockedStack {
    /// Writes the stack, whole or not at all.
    pub(super) fn save(&self, stack: &Stack) -> Result<(), Failure> {
        let failed = |error: &dyn std::error::Error| {
            Failure::because(format!("{} cannot be written", self.path.display()), error)
        };
        let text = serde_json::to_string_pretty(stack).map_err(|error| failed(&error))?;
        let mut file = NamedTempFile::new_in(&self.folder).map_err(|error| failed(&error))?;
        writeln!(file, "{text}").map_err(|error| failed(&error))?;
        file.as_file().sync_all().map_err(|error| failed(&error))?;
        file.persist(&self.path).map_err(|error| failed(&error.error))?;
        Ok(())
    }

    /// Leaves nothing behind of a stack that was never written.
    pub(super) fn forget_unused(&self) {
        if self.stack.is_none() {
            std::fs::remove_file(self.path.with_extension("lock")).ok();
        }
    }

    /// Forgets the stack.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::because(format!("{} cannot be removed", self.path.display()), &error))
            }
            Ok(()) | Err(_) => {
                // What is left of a stack that is gone is its lock, which another process may hold by now.
                std::fs::remove_file(self.path.with_extension("lock")).ok();
                Ok(())
            }
        }
    }
}

fn read(path: &Path) -> Result<Option<Stack>, Failure> {
    let shown = path.display();
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::because(format!("{shown} cannot be read"), &error)),
    };
    let version =
        serde_json::from_slice::<Value>(&text).ok().and_then(|value| value.get("Version")?.as_u64());
    if version.is_some_and(|version| version > u64::from(VERSION)) {
        return Err(Failure::new(format!(
            "{shown} was written by a later version of keyfront; use that version for this stack"
        )));
    }
    let stack = serde_json::from_slice(&text);
    stack.map(Some).map_err(|error| {
        let what =
            format!("{shown} is not the file of a stack; put it back from version control, or remove it");
        Failure::because(what, &error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> (tempfile::TempDir, StackFiles) {
        let folder = tempfile::tempdir().unwrap();
        let files = StackFiles::new(folder.path().join("cfn"));
        (folder, files)
    }

    #[test]
    fn a_stack_is_read_as_it_was_written_until_it_is_removed() {
        let (_folder, files) = files();
        assert!(files.all().unwrap().is_empty());
        let locked = files.lock("a").unwrap();
        assert!(locked.stack.is_none());
        let stack = Stack::new("a", "id".to_owned(), "http://x");
        locked.save(&stack).unwrap();
        assert_eq!(files.require("a").unwrap(), stack);
        assert_eq!(files.all().unwrap(), [stack]);
        locked.remove().unwrap();
        assert!(files.read("a").unwrap().is_none() && files.require("a").is_err());
    }

    #[test]
    fn two_processes_do_not_deploy_one_stack() {
        let (_folder, files) = files();
        let first = files.lock("a").unwrap();
        assert!(files.lock("a").is_err() && files.lock("b").is_ok());
        drop(first);
        assert!(files.lock("a").is_ok());
    }

    #[test]
    fn a_file_of_a_later_version_is_not_misread() {
        let (_folder, files) = files();
        files.lock("a").unwrap();
        for (text, expected) in [("{\"Version\": 2}", "a later version"), ("{", "is not the file of a stack")]
        {
            std::fs::write(files.path("a"), text).unwrap();
            let failure = files.read("a").err().unwrap().to_string();
            assert!(failure.contains(expected), "{failure}");
        }
    }
}
