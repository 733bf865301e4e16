//! `keyfront init`: a project to begin with, whose README is run as written by a test.

mod files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_domain::public_key::KeyKind;
use keyfront_domain::signed_request::generate;
use serde_json::json;

use crate::atomic_file;
use crate::failure::Failure;
use crate::terminal::{Output, tell};
use files::{PRIVATE_KEY, PUBLIC_KEY, SAMPLE, SampleFile};

/// Write a project to begin with: redirects from a store, a function with its tests, signed URLs, Terraform
///
/// Existing files are not overwritten. README.md has the commands to go on with.
#[derive(Args)]
pub(super) struct Init {
    /// The folder for it, which is made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

impl Init {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let folder = self.folder;
        let key = generate(KeyKind::RsaBits2048).map_err(|error| Failure::because("the key pair", &error))?;
        let mut files: Vec<SampleFile<'_>> = SAMPLE.to_vec();
        files.push(SampleFile { path: PRIVATE_KEY, content: &key.private_pem, mode: atomic_file::PRIVATE });
        files.push(SampleFile { path: PUBLIC_KEY, content: &key.public_pem, mode: atomic_file::ORDINARY });
        refuse_present(&folder, &files)?;
        let mut written = Vec::new();
        for file in &files {
            let path = folder.join(file.path);
            if let Err(failure) = write(&path, file) {
                // All of it or none: with a half of it the next try would be refused.
                for path in &written {
                    fs::remove_file(path).ok();
                }
                return Err(failure);
            }
            written.push(path);
        }
        let names: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        output.print(
            || names.iter().map(|name| format!("wrote {name}")).collect::<Vec<_>>().join("\n"),
            || json!({ "Files": names }),
        );
        tell(format!("now read {}, and try: {}", folder.join("README.md").display(), first_command(&folder)));
        Ok(ExitCode::SUCCESS)
    }
}

fn first_command(folder: &Path) -> String {
    let test = "keyfront fn test functions";
    if folder == Path::new(".") { test.to_owned() } else { format!("cd {} && {test}", folder.display()) }
}

fn refuse_present(folder: &Path, files: &[SampleFile<'_>]) -> Result<(), Failure> {
    let paths = files.iter().map(|file| folder.join(file.path));
    let present: Vec<String> =
        paths.filter(|path| path.symlink_metadata().is_ok()).map(|path| path.display().to_string()).collect();
    if present.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "nothing was written, because these files are there already: {}; name another folder",
        present.join(", ")
    )))
}

fn write(path: &Path, file: &SampleFile<'_>) -> Result<(), Failure> {
    let written = fs::create_dir_all(atomic_file::folder_of(path))
        .and_then(|()| atomic_file::create(path, file.content.as_bytes(), file.mode));
    written.map_err(|error| Failure::because(format!("{} cannot be written", path.display()), &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn init(folder: &Path) -> Result<ExitCode, Failure> {
        Init { folder: folder.to_owned() }.run(Output::Json)
    }

    #[test]
    fn a_file_that_is_there_stays_and_nothing_is_written_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("a/project");
        init(&project).unwrap();
        assert!(project.join("main.tf").is_file() && project.join(PRIVATE_KEY).is_file());
        for file in [project.join("main.tf"), project.join(PUBLIC_KEY)] {
            let before = fs::read_to_string(&file).unwrap();
            let error = init(&project).err().unwrap().to_string();
            assert!(error.contains(&file.display().to_string()), "{error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), before);
        }
        let other = folder.path().join("other");
        fs::create_dir_all(&other).unwrap();
        fs::write(other.join("main.tf"), "mine").unwrap();
        init(&other).unwrap_err();
        assert_eq!(fs::read_dir(&other).unwrap().count(), 1);
    }
}
