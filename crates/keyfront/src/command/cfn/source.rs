//! What is deployed: a template, or a stack in a folder that `cdk synth` wrote.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use keyfront_cfn::Mistake;
use keyfront_cfn::cloud_assembly::{self, AssemblyStack, MANIFEST};
use keyfront_cfn::template::Template;

use super::name;
use crate::failure::Failure;

/// The largest file that is read, in bytes. CloudFormation takes templates of 1 MB.
const MAX_BYTES: u64 = 16 << 20;

/// A template, and what belongs to it.
pub(super) struct Source {
    /// The name of the stack, unless the command line has another.
    pub(super) stack_name: String,
    /// The template.
    pub(super) template: Template,
    /// Files that `cdk` would upload to a bucket, by their keys there.
    pub(super) assets: BTreeMap<String, PathBuf>,
}

impl Source {
    /// Reads a file, standard input for `-`, or a folder of `cdk synth`.
    pub(super) fn read(path: &Path, stack_name: Option<&str>) -> Result<Source, Failure> {
        if path.is_dir() {
            return of_assembly(path, stack_name);
        }
        let stdin = path == Path::new("-");
        let shown = if stdin { "standard input".to_owned() } else { path.display().to_string() };
        let template = template(&shown, &text(path, &shown)?)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().replace(['.', '_'], "-"));
        let stack_name = stack_name.map(str::to_owned).or(stem.filter(|stem| !stdin && name::is_valid(stem)));
        let stack_name = stack_name.ok_or_else(|| {
            Failure::usage(format!("{shown} gives the stack no name; name it with --stack-name"))
        })?;
        Ok(Source { stack_name, template, assets: BTreeMap::new() })
    }
}

fn of_assembly(folder: &Path, stack_name: Option<&str>) -> Result<Source, Failure> {
    let manifest = folder.join(MANIFEST);
    let shown = manifest.display().to_string();
    if !manifest.exists() {
        return Err(Failure::new(format!(
            "{} has no {MANIFEST}: it is no folder that `cdk synth` wrote; name a template, or such a folder",
            folder.display()
        )));
    }
    let stacks =
        cloud_assembly::stacks(&text(&manifest, &shown)?).map_err(|mistake| refused(&shown, &[mistake]))?;
    let names = || stacks.iter().map(|stack| stack.name.as_str()).collect::<Vec<_>>().join(", ");
    let AssemblyStack { name, template: file, assets } = match (stacks.as_slice(), stack_name) {
        ([only], None) => only,
        ([], _) => return Err(Failure::new(format!("{shown} has no stack"))),
        (_, None) => {
            return Err(Failure::usage(format!(
                "{shown} has several stacks; name one of them with --stack-name: {}",
                names()
            )));
        }
        (stacks, Some(name)) => stacks
            .iter()
            .find(|stack| stack.name == name)
            .ok_or_else(|| Failure::usage(format!("{shown} has no stack {name}; it has {}", names())))?,
    };
    let path = folder.join(file);
    let shown = path.display().to_string();
    let template = template(&shown, &text(&path, &shown)?)?;
    let assets = match assets {
        None => BTreeMap::new(),
        Some(file) => {
            let path = folder.join(file);
            let shown = path.display().to_string();
            let assets = cloud_assembly::assets(&text(&path, &shown)?, file);
            assets.map_err(|mistake| refused(&shown, &[mistake]))?
        }
    };
    let assets = assets.into_iter().map(|(key, path)| (key, folder.join(path))).collect();
    Ok(Source { stack_name: name.clone(), template, assets })
}

fn template(shown: &str, text: &str) -> Result<Template, Failure> {
    Template::read(text).map_err(|mistakes| refused(shown, &mistakes))
}

/// Everything that is wrong, a line each.
pub(super) fn refused(what: &str, mistakes: &[Mistake]) -> Failure {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    let lines = lines.join("\n  ");
    Failure::new(format!("nothing was changed, because of what is wrong with {what}:\n  {lines}"))
}

fn text(path: &Path, shown: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(MAX_BYTES + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
    };
    let size = read.map_err(|error| Failure::because(format!("{shown} cannot be read"), &error))?;
    if u64::try_from(size).is_ok_and(|size| size > MAX_BYTES) {
        return Err(Failure::new(format!("{shown} has more than {MAX_BYTES} bytes")));
    }
    Ok(text)
}
