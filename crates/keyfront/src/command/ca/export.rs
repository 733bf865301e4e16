//! `keyfront ca export`.

use std::process::ExitCode;

use clap::Args;

use super::open;
use crate::authority::AuthorityFolder;
use crate::failure::Failure;
use crate::terminal::print;

/// Print the authority's certificate in PEM; the key stays where it is
#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    folder: AuthorityFolder,
}

impl Export {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        print(open(&self.folder)?.certificate().trim_end());
        Ok(ExitCode::SUCCESS)
    }
}
