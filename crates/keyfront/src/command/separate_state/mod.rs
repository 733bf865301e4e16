//! Terraform's state of a Keyfront server, kept apart from the project's own.
//!
//! An apply writes into the state that the project has, in a file or in a backend such as S3. Afterwards that state
//! describes this server: the next plan against AWS would find nothing there and make everything again. So the project
//! gets, while a command runs or until a person removes it, an override file with a backend of its own, and a data folder
//! of its own, in which Terraform remembers that backend. Override files are Terraform's own means for this.

mod call;
mod override_file;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::failure::Failure;
use override_file::{OverrideFile, Purpose};

pub(super) use call::Terraform;

/// Where state and data of Terraform are kept, beside the project's files.
const FOLDER: &str = ".keyfront/terraform";

/// The override of a project while a command runs.
#[derive(Debug)]
pub(super) struct SeparateState {
    /// The override file, if it goes when the command has ended.
    removed: Option<OverrideFile>,
    data: PathBuf,
}

impl SeparateState {
    /// Puts the override into the project. One that a person made is taken as it is, and stays.
    ///
    /// # Errors
    /// The command is not Terraform's, or the project has another file of that name.
    pub(super) fn begin(terraform: Option<&Terraform>) -> Result<SeparateState, Failure> {
        let Some(folder) = terraform.and_then(Terraform::folder) else {
            return Err(Failure::usage(
                "--separate-state is for terraform and tofu: write keyfront exec --separate-state -- terraform apply",
            ));
        };
        let folder = canonical(folder)?;
        let file = OverrideFile::of(&folder);
        let lasts = file.is_lasting();
        let data = prepare(&folder, &file, if lasts { Purpose::Lasting } else { Purpose::OneCommand })?;
        Ok(SeparateState { removed: (!lasts).then_some(file), data })
    }

    /// The changes to the command's environment.
    pub(super) fn variables(&self) -> Vec<(&'static str, Option<String>)> {
        // Terraform keeps providers and modules there too; a cache of the person's own spares their download.
        let cache = env::var_os("HOME").map(|home| PathBuf::from(home).join(".terraform.d/plugin-cache"));
        let cache = cache.filter(|cache| cache.is_dir() && env::var_os("TF_PLUGIN_CACHE_DIR").is_none());
        let data = ("TF_DATA_DIR", Some(self.data.display().to_string()));
        std::iter::once(data)
            .chain(cache.map(|cache| ("TF_PLUGIN_CACHE_DIR", Some(cache.display().to_string()))))
            .collect()
    }
}

impl Drop for SeparateState {
    fn drop(&mut self) {
        if let Some(file) = &self.removed {
            // It can be left behind: Terraform refuses a backend that it was not initialized for.
            file.remove().ok();
        }
    }
}

/// Puts an override into a project that stays until it is removed. Answers its file.
///
/// # Errors
/// The folder has no configuration of Terraform, or another file of that name.
pub(super) fn add_override(folder: &Path) -> Result<String, Failure> {
    let folder = canonical(folder)?;
    if !has_configuration(&folder)? {
        return Err(Failure::new(format!(
            "{} has no configuration of Terraform or OpenTofu, which is in files that end with .tf, .tofu or .tf.json",
            folder.display()
        )));
    }
    let file = OverrideFile::of(&folder);
    prepare(&folder, &file, Purpose::Lasting)?;
    Ok(file.to_string())
}

/// Removes the override of a project, if it has one. The state of the server stays. Answers its file.
pub(super) fn remove_override(folder: &Path) -> Result<Option<String>, Failure> {
    let file = OverrideFile::of(&canonical(folder)?);
    Ok(file.remove()?.then(|| file.to_string()))
}

fn canonical(folder: &Path) -> Result<PathBuf, Failure> {
    folder
        .canonicalize()
        .map_err(|error| Failure::because(format!("{} cannot be opened", folder.display()), &error))
}

fn has_configuration(folder: &Path) -> Result<bool, Failure> {
    let failed = |error| Failure::because(format!("{} cannot be read", folder.display()), &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy();
        if [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|end| name.ends_with(end)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes the override, and makes the folder of Terraform's data.
fn prepare(folder: &Path, file: &OverrideFile, purpose: Purpose) -> Result<PathBuf, Failure> {
    file.refuse_foreign()?;
    let data = folder.join(FOLDER);
    let made =
        fs::create_dir_all(&data).and_then(|()| remember_backend(&data)).and_then(|()| file.write(purpose));
    made.map_err(|error| Failure::because(format!("{file} cannot be written"), &error))?;
    crate::data_folder::ignore_in_git(&folder.join(".keyfront"));
    Ok(data)
}

/// Lets Terraform find the backend as one that it was initialized for. For a new one, `init` would ask whether to copy
/// the project's own state into it.
fn remember_backend(data: &Path) -> std::io::Result<()> {
    let file = data.join("terraform.tfstate");
    if file.exists() {
        return Ok(());
    }
    let config = json!({ "path": state_path(), "workspace_dir": null });
    let backend = json!({ "type": "local", "config": config, "hash": 0 });
    fs::write(
        file,
        json!({ "version": 3, "serial": 1, "lineage": "keyfront", "backend": backend }).to_string(),
    )
}

/// The state, as the backend names it.
fn state_path() -> String {
    format!("{FOLDER}/keyfront.tfstate")
}

#[cfg(test)]
mod tests {
    use std::ffi::{OsStr, OsString};

    use super::*;

    fn terraform(folder: &Path) -> Option<Terraform> {
        let arguments = [OsString::from(format!("-chdir={}", folder.display())), "apply".into()];
        Terraform::of(OsStr::new("terraform"), &arguments)
    }

    #[test]
    fn the_override_is_there_while_the_command_runs_and_replaces_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keyfront_override.tf");
        let call = terraform(folder.path());
        let state = SeparateState::begin(call.as_ref()).unwrap();
        assert!(fs::read_to_string(&file).unwrap().contains("backend \"local\""));
        drop(state);
        assert!(!file.exists());
        fs::write(&file, "terraform {}").unwrap();
        SeparateState::begin(call.as_ref()).unwrap_err();
        assert_eq!(fs::read_to_string(&file).unwrap(), "terraform {}");
        SeparateState::begin(Terraform::of(OsStr::new("aws"), &[]).as_ref()).unwrap_err();
        SeparateState::begin(None).unwrap_err();
    }

    #[test]
    fn an_override_that_a_person_made_outlives_the_command() {
        let folder = tempfile::tempdir().unwrap();
        assert!(add_override(folder.path()).is_err(), "there is no configuration");
        fs::write(folder.path().join("main.tofu"), "").unwrap();
        let file = add_override(folder.path()).unwrap();
        let call = terraform(folder.path());
        assert!(call.as_ref().unwrap().has_lasting_override());
        drop(SeparateState::begin(call.as_ref()).unwrap());
        assert!(Path::new(&file).exists());
        assert_eq!(remove_override(folder.path()).unwrap(), Some(file));
        assert_eq!(remove_override(folder.path()).unwrap(), None);
    }
}
