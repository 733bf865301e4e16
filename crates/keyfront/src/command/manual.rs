//! `keyfront manual`: the manual pages, made from the definition of the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command};
use clap_mangen::Man;

use super::examples;
use crate::exit_code;
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

/// What commands read from the environment.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("KEYFRONT_ENDPOINT", "the server, as --endpoint names it; `keyfront exec` and `keyfront env` set it"),
    ("KEYFRONT_ACCESS_KEY_ID, KEYFRONT_SECRET_ACCESS_KEY", "the credential to sign with"),
    ("KEYFRONT_ADMIN, KEYFRONT_ADMIN_TOKEN", "the admin address of a server, and its token"),
    ("KEYFRONT_LOG", "what `keyfront dev` logs, such as debug"),
    (
        "KEYFRONT_INITIAL_ACCOUNT, …_ACCESS_KEY_ID, …_SECRET_ACCESS_KEY, …_USER, …_POLICY",
        "the first credential of `keyfront serve`, made where the store has none; with _FILE at the end, files with them",
    ),
    ("KEYFRONT_SHARED_SECRETS", "`accept` accepts files of secrets that others can read"),
    ("NOTIFY_SOCKET", "where a service manager is told about the state of the server"),
    ("AWS_CA_BUNDLE", "the certificates that TLS trusts, as --ca names them"),
    ("NO_COLOR", "switches colours off"),
];

/// What commands read and write.
const FILES: &[(&str, &str)] = &[
    (".keyfront", "the data folder of `keyfront dev`"),
    (".keyfront/control", "admin address and token of the server that runs on the folder"),
    (
        ".keyfront/background.json, .keyfront/background.log",
        "process id and log of a server in the background",
    ),
    (".keyfront/terraform", "Terraform's state of a server, with `keyfront exec --separate-state`"),
    ("keyfront.toml", "the configuration of `keyfront serve`"),
    ("~/.cache/keyfront", "the file that Node loads first under `keyfront exec`"),
];

impl Manual {
    /// `program` is the definition of the whole command line.
    pub(super) fn run(self, mut program: Command) -> Result<ExitCode, Failure> {
        program.build();
        if let Some(folder) = self.out {
            let failed = |error| Failure::because(format!("{} cannot be written", folder.display()), &error);
            std::fs::create_dir_all(&folder).map_err(failed)?;
            for (name, page) in pages(&program).map_err(failed)? {
                std::fs::write(folder.join(name), page).map_err(failed)?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        let page = page(&program).map_err(|error| Failure::because("the page cannot be made", &error))?;
        print(String::from_utf8_lossy(&page).trim_end());
        Ok(ExitCode::SUCCESS)
    }
}

/// The page of a command and those of its subcommands, with their file names.
fn pages(command: &Command) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut all = vec![(Man::new(command.clone()).get_filename(), page(command)?)];
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        all.extend(pages(subcommand)?);
    }
    Ok(all)
}

/// A page: what the definition says, and the sections that it does not know.
fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    // The exit codes have a section of their own.
    let mut page = Vec::new();
    Man::new(command.clone().after_help("")).render(&mut page)?;
    let mut more = String::new();
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    section(&mut more, "EXAMPLES", examples::of(name));
    more += ".SH \"EXIT STATUS\"\n.nf\n";
    for line in exit_code::HELP.lines().skip(1) {
        more += &format!("{}\n", escaped(line));
    }
    more += ".fi\n";
    section(&mut more, "ENVIRONMENT", ENVIRONMENT);
    section(&mut more, "FILES", FILES);
    page.extend(more.into_bytes());
    Ok(ascii(&String::from_utf8_lossy(&page)).into_bytes())
}

/// A section of terms with what they mean.
fn section(page: &mut String, title: &str, terms: &[(&str, &str)]) {
    if terms.is_empty() {
        return;
    }
    *page += &format!(".SH {title}\n");
    for (term, meaning) in terms {
        *page += &format!(".TP\n\\fB{}\\fR\n{}\n", escaped(term), escaped(meaning));
    }
}

/// A page in ASCII, which is all that roff reads without being told of an encoding (groff_char(7)).
fn ascii(page: &str) -> String {
    let spelled = |character: char| {
        if character.is_ascii() {
            character.to_string()
        } else {
            format!("\\[u{:04X}]", u32::from(character))
        }
    };
    page.chars().map(spelled).collect()
}

/// Text as roff takes it for itself.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_page_has_its_sections_and_every_example_is_of_a_command() {
        let mut program = super::super::Keyfront::command();
        program.build();
        let pages = pages(&program).unwrap();
        for (name, page) in &pages {
            assert!(page.is_ascii(), "{name}");
            let text = String::from_utf8_lossy(page);
            for title in ["EXAMPLES", "\"EXIT STATUS\"", "ENVIRONMENT", "FILES"] {
                assert_eq!(text.matches(&format!(".SH {title}\n")).count(), 1, "{name}: {title}");
            }
        }
        for (command, examples) in examples::ALL {
            assert!(pages.iter().any(|(name, _)| *name == format!("{command}.1")), "{command}");
            for (line, _) in *examples {
                assert!(!line.is_empty(), "{command}");
            }
        }
    }
}
