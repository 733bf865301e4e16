//! `keyfront completions` and `keyfront manual`: what a shell and `man` read, made from the command line itself.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Keyfront, print};
use crate::failure::Failure;

const NAME: &str = "keyfront";

/// Print the completions for a shell
///
/// For example: keyfront completions bash > ~/.local/share/bash-completion/completions/keyfront
#[derive(Args)]
pub(super) struct Completions {
    /// The shell that will read them
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> ExitCode {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Keyfront::command(), NAME, &mut script);
        print(String::from_utf8_lossy(&script).trim_end());
        ExitCode::SUCCESS
    }
}

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
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let command = Keyfront::command();
        if let Some(folder) = self.out {
            let failed = |error| Failure::because(format!("{} cannot be written", folder.display()), &error);
            std::fs::create_dir_all(&folder).map_err(failed)?;
            clap_mangen::generate_to(command, &folder).map_err(failed)?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(command).render(&mut page);
        rendered.map_err(|error| Failure::because("the page cannot be made", &error))?;
        print(String::from_utf8_lossy(&page).trim_end());
        Ok(ExitCode::SUCCESS)
    }
}
