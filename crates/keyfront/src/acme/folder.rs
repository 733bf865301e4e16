//! The folder of ACME within the data folder: the account, and one file for each certificate with its key.
//!
//! Each authority has a folder of its own, so that what was got from one for testing is not taken for what another gives.
//! A certificate and its key are one file: a crash never leaves a pair that does not fit.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::atomic_file;
use crate::config::TlsSettings;
use crate::failure::Failure;

/// The folder of ACME in a data folder.
const NAME: &str = "acme";

/// The account's file. No certificate has its name: a certificate's ends with `.pem`.
const ACCOUNT: &str = "account.json";

/// What an authority gave.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder of the authority with this directory.
    pub(crate) fn of(data: &Path, directory: &str) -> Folder {
        let authority = directory.trim_start_matches("https://").trim_end_matches('/');
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let plain = |letter| if is_plain(letter) { letter } else { '_' };
        Folder(data.join(NAME).join(authority.chars().map(plain).collect::<String>()))
    }

    /// Makes it, for its owner alone.
    pub(super) fn make(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)
    }

    /// The account's file.
    pub(super) fn account(&self) -> PathBuf {
        self.0.join(ACCOUNT)
    }

    /// The file of a name's certificate, as certificate and as key.
    pub(crate) fn certificate(&self, name: &str) -> TlsSettings {
        let file = self.0.join(format!("{name}.pem"));
        TlsSettings { certificate: file.clone(), private_key: file }
    }

    /// Keeps a file for its owner alone.
    pub(super) fn keep(path: &Path, content: &str) -> Result<(), Failure> {
        atomic_file::replace_private(path, content.as_bytes())
            .map_err(|error| Failure::because(format!("{} cannot be written", path.display()), &error))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn each_authority_has_a_folder_of_its_own_within_the_data_folder() {
        for (directory, expected) in [
            (
                "https://acme-v02.api.letsencrypt.org/directory",
                "/data/acme/acme-v02_api_letsencrypt_org_directory",
            ),
            ("https://localhost:14000/dir", "/data/acme/localhost_14000_dir"),
            ("https://ca.example.com/../../etc/", "/data/acme/ca_example_com_______etc"),
        ] {
            assert_eq!(Folder::of(Path::new("/data"), directory).0, Path::new(expected), "{directory}");
        }
    }

    #[test]
    fn what_is_kept_is_its_owners_alone() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::of(data.path(), "https://ca.example.com/");
        folder.make().unwrap();
        folder.make().unwrap();
        let file = folder.certificate("www.example.com").private_key;
        Folder::keep(&file, "key").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.0), mode(&file)), (0o700, 0o600));
        assert!(Folder::keep(&folder.0.join("none/x"), "key").is_err());
    }
}
