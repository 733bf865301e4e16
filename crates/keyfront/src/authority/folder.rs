//! Where the local authority is kept.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::CERTIFICATE_FILE;
use crate::failure::Failure;

/// The folder of the local authority.
#[derive(Args, Clone, Debug)]
pub(crate) struct AuthorityFolder {
    /// The folder of the local authority, which signs certificates for https [default: keyfront in the user's data folder]
    #[arg(long, value_name = "FOLDER", env = "KEYFRONT_CA_FOLDER")]
    ca_folder: Option<PathBuf>,
}

impl AuthorityFolder {
    /// The folder; it need not be there.
    pub(crate) fn path(&self) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.ca_folder {
            return Ok(folder.clone());
        }
        users(std::env::var_os("XDG_DATA_HOME"), std::env::home_dir()).ok_or_else(|| {
            Failure::new("there is no home folder for the local authority; name a folder with --ca-folder")
        })
    }

    /// The file with the authority's certificate.
    pub(crate) fn certificate(&self) -> Result<PathBuf, Failure> {
        Ok(self.path()?.join(CERTIFICATE_FILE))
    }
}

/// The folder in the user's data (XDG Base Directory Specification, which ignores a relative path).
fn users(data: Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let data = data.map(PathBuf::from).filter(|data| data.is_absolute());
    Some(data.or_else(|| Some(home?.join(".local/share")))?.join("keyfront"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_in_the_users_data() {
        for (data, home, expected) in [
            (Some("/data"), Some("/users/u"), Some("/data/keyfront")),
            (Some("relative"), Some("/users/u"), Some("/users/u/.local/share/keyfront")),
            (None, Some("/users/u"), Some("/users/u/.local/share/keyfront")),
            (None, None, None),
        ] {
            let folder = users(data.map(OsString::from), home.map(PathBuf::from));
            assert_eq!(folder, expected.map(PathBuf::from), "{data:?} {home:?}");
        }
    }
}
