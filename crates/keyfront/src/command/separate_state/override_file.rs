//! The override file: what it says, and that no other file is taken for it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::state_path;
use crate::failure::Failure;

/// Its name. Terraform reads every file with such an end after all others.
const NAME: &str = "keyfront_override.tf";

/// How every one begins, so that no other is replaced or removed.
const MARK: &str = "# Made by `keyfront ";

/// How long a file is to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// While a command runs.
    OneCommand,
    /// Until it is removed.
    Lasting,
}

impl Purpose {
    fn first_line(self) -> &'static str {
        match self {
            Purpose::OneCommand => "# Made by `keyfront exec --separate-state` while a command runs.\n",
            Purpose::Lasting => "# Made by `keyfront terraform override`.\n",
        }
    }
}

/// The override file of a project, whether there is one or not.
#[derive(Debug)]
pub(super) struct OverrideFile(PathBuf);

/// What is in the place of an override file.
enum Found {
    Nothing,
    Own(Purpose),
}

impl OverrideFile {
    /// The one of the project in a folder.
    pub(super) fn of(folder: &Path) -> OverrideFile {
        OverrideFile(folder.join(NAME))
    }

    /// Whether a file of that name is there.
    pub(super) fn exists(&self) -> bool {
        self.0.exists()
    }

    /// Whether a person made it, so that it stays after a command.
    pub(super) fn is_lasting(&self) -> bool {
        matches!(self.find(), Ok(Found::Own(Purpose::Lasting)))
    }

    /// Refuses a file that Keyfront did not make.
    pub(super) fn refuse_foreign(&self) -> Result<(), Failure> {
        self.find().map(|_found| ())
    }

    /// Writes it, in place of an earlier one.
    pub(super) fn write(&self, purpose: Purpose) -> std::io::Result<()> {
        fs::write(&self.0, text(purpose))
    }

    /// Removes it. Answers whether there was one.
    pub(super) fn remove(&self) -> Result<bool, Failure> {
        match self.find()? {
            Found::Nothing => Ok(false),
            Found::Own(_) => fs::remove_file(&self.0)
                .map(|()| true)
                .map_err(|error| Failure::because(format!("{} cannot be removed", self.0.display()), &error)),
        }
    }

    fn find(&self) -> Result<Found, Failure> {
        let file = self.0.display();
        match fs::read_to_string(&self.0) {
            Ok(text) if text.starts_with(Purpose::Lasting.first_line()) => Ok(Found::Own(Purpose::Lasting)),
            Ok(text) if text.starts_with(MARK) => Ok(Found::Own(Purpose::OneCommand)),
            Ok(_foreign) => Err(Failure::new(format!(
                "{file} is there and was not made by this command; rename it, as Keyfront needs that name"
            ))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(Failure::because(format!("{file} cannot be read"), &error)),
        }
    }
}

impl std::fmt::Display for OverrideFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.display().fmt(f)
    }
}

fn text(purpose: Purpose) -> String {
    format!(
        "{}# Without it Terraform and OpenTofu use the project's own state again. It can be deleted at any time, and\n\
         # does not belong into version control.\n\
         terraform {{\n  backend \"local\" {{\n    path = \"{}\"\n  }}\n}}\n",
        purpose.first_line(),
        state_path()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_file_is_replaced_or_removed() {
        let folder = tempfile::tempdir().unwrap();
        let file = OverrideFile::of(folder.path());
        assert!(!file.remove().unwrap());
        for purpose in [Purpose::OneCommand, Purpose::Lasting] {
            file.write(purpose).unwrap();
            assert_eq!(file.is_lasting(), purpose == Purpose::Lasting);
            file.refuse_foreign().unwrap();
        }
        assert!(file.remove().unwrap() && !file.exists());
        fs::write(folder.path().join(NAME), "terraform {}").unwrap();
        assert!(file.refuse_foreign().is_err() && file.remove().is_err() && !file.is_lasting());
        assert_eq!(fs::read_to_string(folder.path().join(NAME)).unwrap(), "terraform {}");
    }
}
