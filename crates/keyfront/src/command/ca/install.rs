//! `keyfront ca install`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;

use super::open;
use crate::authority::AuthorityFolder;
use crate::exit_code;
use crate::failure::Failure;
use crate::terminal::tell;

/// The name of the file in a system's folder of authorities.
const FILE: &str = "keyfront-local-authority.crt";

/// Make this system trust the authority
///
/// It is put into the system's folder of authorities, which needs root, and the system's own command takes it up. For
/// browsers with a store of their own it prints what to do. Where it cannot write, it changes nothing and prints the
/// commands instead.
#[derive(Args)]
pub(super) struct Install {
    #[command(flatten)]
    folder: AuthorityFolder,
}

/// How a family of systems keeps authorities.
struct SystemStore {
    folder: &'static str,
    /// What takes up a new file in the folder.
    command: &'static [&'static str],
}

/// Debian and its family, Fedora and its family, Arch.
const STORES: [SystemStore; 3] = [
    SystemStore { folder: "/usr/local/share/ca-certificates", command: &["update-ca-certificates"] },
    SystemStore { folder: "/etc/pki/ca-trust/source/anchors", command: &["update-ca-trust", "extract"] },
    SystemStore {
        folder: "/etc/ca-certificates/trust-source/anchors",
        command: &["trust", "extract-compat"],
    },
];

impl Install {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let authority = open(&self.folder)?;
        let certificate = self.folder.certificate()?;
        let store = STORES.iter().find(|store| Path::new(store.folder).is_dir());
        let installed = if let Some(store) = store {
            install(store, authority.certificate(), &certificate)?
        } else {
            tell(format!(
                "The folder of authorities of this system is not known.\n{}",
                on_macos(&certificate)
            ));
            false
        };
        tell(by_hand(&certificate));
        Ok(if installed { ExitCode::SUCCESS } else { ExitCode::from(exit_code::FAILED) })
    }
}

/// Puts the certificate into a store; `false` where that needs another user.
fn install(store: &SystemStore, pem: &str, certificate: &Path) -> Result<bool, Failure> {
    let target = Path::new(store.folder).join(FILE);
    let command = store.command.join(" ");
    if let Err(error) = std::fs::write(&target, pem) {
        let (source, target) = (certificate.display(), target.display());
        tell(format!(
            "{target} cannot be written: {error}. Run:\n\n  sudo cp {source} {target}\n  sudo {command}\n"
        ));
        return Ok(false);
    }
    let [program, arguments @ ..] = store.command else { return Ok(false) };
    let status = Command::new(program).args(arguments).status();
    let status = status.map_err(|error| Failure::because(format!("{command} cannot be started"), &error))?;
    if !status.success() {
        return Err(Failure::new(format!("{command} failed ({status}); {} is in place", target.display())));
    }
    tell(format!("This system trusts the authority: {}", target.display()));
    Ok(true)
}

fn on_macos(certificate: &Path) -> String {
    let certificate = certificate.display();
    format!(
        "On macOS run:\n\n  sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain \
         {certificate}\n"
    )
}

/// What is left to do for programs that do not use the system's store.
fn by_hand(certificate: &Path) -> String {
    let database = std::env::home_dir().unwrap_or_else(|| PathBuf::from("~")).join(".pki/nssdb");
    let (certificate, database) = (certificate.display(), database.display());
    format!(
        "Chromium on Linux has a store of its own:\n\n  \
         certutil -d sql:{database} -A -t C,, -n keyfront -i {certificate}\n\n\
         Firefox: Settings, Privacy & Security, Certificates, Authorities, Import.\n\
         Node.js: NODE_EXTRA_CA_CERTS={certificate}\n\
         Python (requests): REQUESTS_CA_BUNDLE={certificate}"
    )
}
