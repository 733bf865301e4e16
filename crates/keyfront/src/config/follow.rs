//! Settings of an edge in a process of its own: whom it follows, and who may follow it.

use std::collections::HashSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use http::Uri;
use keyfront_domain::AccountId;
use keyfront_wire::signature::Secret;
use serde::Deserialize;

use super::{TlsSettings, address, read_secret};
use crate::failure::Failure;

/// The environment variables that the credential is taken from where the file does not have it.
pub(crate) const ACCESS_KEY_ID: &str = "KEYFRONT_ACCESS_KEY_ID";
pub(crate) const SECRET_ACCESS_KEY: &str = "KEYFRONT_SECRET_ACCESS_KEY";

/// Whom `keyfront edge` follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FollowSettings {
    /// The URLs of API servers, or of relays, in the order in which they are tried.
    pub(crate) servers: Vec<String>,
    /// PEM files of authorities whose certificates they may have, beside those of the system.
    pub(crate) certificate_authorities: Vec<PathBuf>,
    /// The accounts whose distributions are served, each with a credential that may follow it.
    pub(crate) accounts: Vec<CredentialSettings>,
    /// The credential of the environment, for an account without its own. Only the command line has it.
    #[serde(skip)]
    pub(crate) environment: Option<EnvironmentCredential>,
}

/// An access key id and its secret, from the environment.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EnvironmentCredential {
    /// The access key id.
    pub(crate) access_key_id: String,
    /// The secret.
    pub(crate) secret_access_key: String,
}

/// The secret is not printed.
impl fmt::Debug for EnvironmentCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnvironmentCredential({})", self.access_key_id)
    }
}

/// A credential of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CredentialSettings {
    /// The account.
    pub(crate) account: String,
    /// The access key id.
    pub(crate) access_key_id: Option<String>,
    /// The file with its secret, which only its owner can read.
    pub(crate) secret_access_key_file: Option<PathBuf>,
}

/// Who may follow an edge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RelaySettings {
    /// The address for further edges; without it there is no relay.
    #[serde(deserialize_with = "address::deserialize_optional")]
    pub(crate) listen: Option<SocketAddr>,
    /// The certificate; without one the relay speaks plain HTTP.
    pub(crate) tls: Option<TlsSettings>,
    /// The credentials that further edges sign with.
    pub(crate) followers: Vec<CredentialSettings>,
}

/// A credential with its secret.
#[derive(Clone)]
pub(crate) struct FollowCredential {
    /// The account that it follows.
    pub(crate) account: AccountId,
    /// The access key id.
    pub(crate) access_key_id: String,
    /// The secret.
    pub(crate) secret_access_key: String,
}

impl FollowCredential {
    /// The secret, as signatures are verified with it.
    pub(crate) fn secret(&self) -> Secret {
        Secret::from(self.secret_access_key.as_str())
    }
}

impl FollowSettings {
    /// The accounts with their credentials, from the files and the environment.
    pub(crate) fn credentials(&self) -> Result<Vec<FollowCredential>, Failure> {
        credentials("[[follow.accounts]]", &self.accounts, self.environment.as_ref())
    }

    pub(super) fn check(&self) -> Result<(), Failure> {
        for server in &self.servers {
            let uri: Option<Uri> = server.parse().ok();
            let is_server = uri.is_some_and(|uri| {
                matches!(uri.scheme_str(), Some("http" | "https"))
                    && uri.host().is_some()
                    && matches!(uri.path(), "" | "/")
            });
            if !is_server {
                return Err(Failure::new(format!(
                    "[follow] servers: {server:?} is not the URL of a server, such as https://keyfront.example.com:4700"
                )));
            }
        }
        check_files("[follow] certificate_authorities", self.certificate_authorities.iter())?;
        check_credentials("[[follow.accounts]]", &self.accounts)
    }

    /// Refuses settings with which no edge can follow.
    pub(crate) fn require(&self) -> Result<(), Failure> {
        if self.servers.is_empty() {
            return Err(Failure::new(
                "`keyfront edge` follows a server: name it with servers in [follow], such as \
                 servers = [\"http://127.0.0.1:4700\"]",
            ));
        }
        if self.accounts.is_empty() {
            return Err(Failure::new(
                "`keyfront edge` serves the distributions of accounts: name each in a [[follow.accounts]], with account = \
                 \"123456789012\"",
            ));
        }
        Ok(())
    }
}

impl RelaySettings {
    /// The credentials that further edges may have.
    pub(crate) fn credentials(&self) -> Result<Vec<FollowCredential>, Failure> {
        credentials("[[relay.followers]]", &self.followers, None)
    }

    pub(super) fn check(&self, follow: &FollowSettings) -> Result<(), Failure> {
        if self.listen.is_some() && self.followers.is_empty() {
            return Err(Failure::new(
                "[relay] listens, and no edge may follow it: name a credential in a [[relay.followers]]",
            ));
        }
        let files = self.tls.iter().flat_map(|tls| [&tls.certificate, &tls.private_key]);
        check_files("[relay.tls]", files)?;
        check_credentials("[[relay.followers]]", &self.followers)?;
        let followed = |account: &str| follow.accounts.iter().any(|other| other.account == account);
        match self.followers.iter().find(|follower| !followed(&follower.account)) {
            None => Ok(()),
            Some(follower) => Err(Failure::new(format!(
                "[[relay.followers]] account {}: the edge does not follow it itself; name it in a [[follow.accounts]] too",
                follower.account
            ))),
        }
    }
}

fn check_files<'p>(setting: &str, files: impl Iterator<Item = &'p PathBuf>) -> Result<(), Failure> {
    let mut files = files;
    match files.find(|file| !file.is_file()) {
        None => Ok(()),
        Some(file) => Err(Failure::new(format!("{setting}: {} is not a file", file.display()))),
    }
}

fn check_credentials(setting: &str, settings: &[CredentialSettings]) -> Result<(), Failure> {
    let (mut ids, mut followed) = (HashSet::new(), HashSet::new());
    for CredentialSettings { account, access_key_id, secret_access_key_file } in settings {
        if account.parse::<AccountId>().is_err() {
            return Err(Failure::new(format!(
                "{setting} account: {account:?} is not an account, which has twelve digits"
            )));
        }
        if access_key_id.is_some() != secret_access_key_file.is_some() {
            return Err(Failure::new(format!(
                "{setting} account {account}: access_key_id and secret_access_key_file go together"
            )));
        }
        if access_key_id.is_none() && settings.len() > 1 {
            return Err(Failure::new(format!(
                "{setting} account {account}: with several, each needs an access_key_id and a secret_access_key_file"
            )));
        }
        check_files(setting, secret_access_key_file.iter())?;
        let follows_twice = setting == "[[follow.accounts]]" && !followed.insert(account);
        if follows_twice || access_key_id.as_ref().is_some_and(|id| !ids.insert(id)) {
            return Err(Failure::new(format!("{setting} account {account}: it is named twice")));
        }
    }
    Ok(())
}

fn credentials(
    setting: &str,
    settings: &[CredentialSettings],
    environment: Option<&EnvironmentCredential>,
) -> Result<Vec<FollowCredential>, Failure> {
    let credential = |settings: &CredentialSettings| {
        let CredentialSettings { account, access_key_id, secret_access_key_file } = settings;
        let why = || format!("{setting} account {account}");
        let missing = || {
            Failure::new(format!(
                "{}: there is no credential; set access_key_id and secret_access_key_file, or for a single account the \
                 environment variables {ACCESS_KEY_ID} and {SECRET_ACCESS_KEY}",
                why()
            ))
        };
        let (access_key_id, secret_access_key) = match (access_key_id, secret_access_key_file) {
            (Some(id), Some(file)) => (id.clone(), secret_in(file)?),
            _ => {
                let EnvironmentCredential { access_key_id, secret_access_key } =
                    environment.cloned().ok_or_else(missing)?;
                (access_key_id, secret_access_key)
            }
        };
        let account = account.parse().map_err(|error| Failure::because(why(), &error))?;
        Ok(FollowCredential { account, access_key_id, secret_access_key })
    };
    settings.iter().map(credential).collect()
}

fn secret_in(file: &Path) -> Result<String, Failure> {
    let secret = String::from_utf8(read_secret(file)?)
        .map_err(|error| Failure::because(format!("{} is not text", file.display()), &error))?;
    Ok(secret.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn checked(text: &str) -> Result<(), String> {
        let config: Config = toml::from_str(text).map_err(|error| error.to_string())?;
        config.check().map_err(|failure| failure.to_string())
    }

    #[test]
    fn settings_that_no_edge_could_follow_with_are_refused_with_what_to_write() {
        let one = "[[follow.accounts]]\naccount = \"123456789012\"\n";
        for (text, expected) in [
            ("[follow]\nservers = [\"http://127.0.0.1:4700\"]\n".to_owned() + one, None),
            ("[follow]\nservers = [\"127.0.0.1:4700\"]\n".to_owned(), Some("is not the URL of a server")),
            ("[follow]\nservers = [\"http://a/path\"]\n".to_owned(), Some("is not the URL of a server")),
            ("[[follow.accounts]]\naccount = \"1\"\n".to_owned(), Some("is not an account")),
            (one.to_owned() + "access_key_id = \"a\"\n", Some("go together")),
            (one.to_owned() + one, Some("with several, each needs")),
            ("[relay]\nlisten = \"127.0.0.1:4703\"\n".to_owned(), Some("no edge may follow it")),
            (
                "[relay]\nlisten = \"127.0.0.1:4703\"\n[[relay.followers]]\naccount = \"123456789012\"\n"
                    .to_owned(),
                Some("does not follow it itself"),
            ),
            ("[follow]\ncertificate_authorities = [\"/nowhere\"]\n".to_owned(), Some("is not a file")),
        ] {
            let found = checked(&text);
            match expected {
                None => assert_eq!(found, Ok(()), "{text}"),
                Some(expected) => {
                    assert!(found.as_ref().unwrap_err().contains(expected), "{text}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn a_credential_is_taken_from_its_file_or_else_from_the_environment() {
        let settings = CredentialSettings {
            account: "123456789012".to_owned(),
            access_key_id: None,
            secret_access_key_file: None,
        };
        let environment = EnvironmentCredential {
            access_key_id: "of the environment".to_owned(),
            secret_access_key: "its secret".to_owned(),
        };
        assert!(!format!("{environment:?}").contains("its secret"));
        let found = credentials("x", std::slice::from_ref(&settings), Some(&environment)).unwrap();
        assert_eq!(found[0].access_key_id, environment.access_key_id);
        assert_eq!(found[0].secret_access_key, environment.secret_access_key);
        let missing = credentials("x", std::slice::from_ref(&settings), None).err().unwrap();
        assert!(missing.to_string().contains("there is no credential"), "{missing}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        crate::atomic_file::replace_private(&file, b"from a file\n").unwrap();
        let settings = CredentialSettings {
            access_key_id: Some("AKIA".to_owned()),
            secret_access_key_file: Some(file),
            ..settings
        };
        let found = credentials("x", &[settings], Some(&environment)).unwrap();
        assert_eq!((&*found[0].access_key_id, &*found[0].secret_access_key), ("AKIA", "from a file"));
    }
}
