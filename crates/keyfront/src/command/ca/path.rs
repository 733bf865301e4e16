//! `keyfront ca path`.

use std::process::ExitCode;

use clap::Args;

use super::open;
use crate::authority::AuthorityFolder;
use crate::failure::Failure;
use crate::terminal::print;

/// Print the path of the authority's certificate
#[derive(Args)]
pub(super) struct CertificatePath {
    #[command(flatten)]
    folder: AuthorityFolder,
}

impl CertificatePath {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        open(&self.folder)?;
        print(self.folder.certificate()?.display());
        Ok(ExitCode::SUCCESS)
    }
}
