//! `keyfront manual`: the manual pages, made from the definition of the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::failure::Failure;
use crate::terminal::print;

/// Print the manual page, or write a page for each command into a folder
///
/// For example: keyfront manual | man -l -
#[derive(Args)]
pub(super) struct Manual {
    /// The folder for keyfront.1, keyfront-kvs.1 and so on
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

impl Manual {
    /// `program` is the definition of the whole command line.
    pub(super) fn run(self, program: clap::Command) -> Result<ExitCode, Failure> {
        if let Some(folder) = self.out {
            let failed = |error| Failure::because(format!("{} cannot be written", folder.display()), &error);
            std::fs::create_dir_all(&folder).map_err(failed)?;
            clap_mangen::generate_to(program, &folder).map_err(failed)?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(program).render(&mut page);
        rendered.map_err(|error| Failure::because("the page cannot be made", &error))?;
        print(String::from_utf8_lossy(&page).trim_end());
        Ok(ExitCode::SUCCESS)
    }
}
