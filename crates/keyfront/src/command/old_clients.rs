//! Finds AWS clients that are too old to read `AWS_ENDPOINT_URL_*`: they would go to AWS.
//!
//! What is looked at costs no run of the command: the folder that the AWS CLI is installed in, and the version of
//! botocore that a Python program has. The AWS SDK for JavaScript 2 is noticed when a program loads it, by the file
//! that Node loads first.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The first versions that read the variables.
pub(super) const AWS_CLI_2: Version = Version(2, 13);
pub(super) const AWS_CLI_1: Version = Version(1, 29);
pub(super) const BOTOCORE: Version = Version(1, 31);
pub(super) const SDK_FOR_JAVASCRIPT_3: Version = Version(3, 428);

/// Longest first line of a script that is looked at, in bytes.
const MAX_FIRST_LINE: u64 = 4096;

/// The first two numbers of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u32, pub(super) u32);

impl Version {
    /// The version that a text such as `2.13.0` is.
    pub(super) fn parse(text: &str) -> Option<Version> {
        let mut numbers = text.trim().split('.').map(|part| part.parse().ok());
        Some(Version(numbers.next()??, numbers.next()??))
    }
}

/// What to tell about the clients of a program.
pub(super) fn warnings(program: &OsStr) -> Vec<String> {
    let Some(path) = find(program) else { return Vec::new() };
    if let Some(version) = aws_cli_version(&path) {
        return Vec::from_iter((version < AWS_CLI_2).then(|| {
            too_old(&format!("the AWS CLI {}.{}", version.0, version.1), "2.13", "--endpoint-url")
        }));
    }
    let python = python_of(&path);
    if python.is_none() && path.file_name() == Some(OsStr::new("aws")) {
        return Vec::from_iter(said_version(&path).and_then(|said| too_old_aws_cli(&said)));
    }
    let version = python.and_then(|python| botocore_version(&python));
    let old = version.filter(|version| *version < BOTOCORE);
    Vec::from_iter(old.map(|version| {
        let client = format!("botocore {}.{}, which {} uses,", version.0, version.1, program.display());
        too_old(&client, "1.31 (boto3 1.28, AWS CLI 1.29)", "endpoint_url or --endpoint-url")
    }))
}

fn too_old(client: &str, first: &str, option: &str) -> String {
    format!(
        "{client} ignores AWS_ENDPOINT_URL_*, which came with {first}: it calls AWS and not this server, unless it is \
         given {option}; --strict-network makes sure that it cannot"
    )
}

/// The file of a program, as the system finds it. A link is not followed: that of a virtual environment to its Python
/// is what makes the environment.
pub(super) fn find(program: &OsStr) -> Option<PathBuf> {
    let named = Path::new(program);
    let candidates: Vec<PathBuf> = if named.components().count() > 1 {
        vec![named.to_owned()]
    } else {
        env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(named)).collect()
    };
    candidates.into_iter().find(|path| path.is_file())
}

/// What an AWS CLI says that it is. Only one that nothing else tells of is run for it, such as the script that a version
/// manager puts in its place.
fn said_version(path: &Path) -> Option<String> {
    let answer = Command::new(path).arg("--version").stdin(Stdio::null()).output().ok()?;
    // The first versions said it on standard error.
    Some(String::from_utf8_lossy(&[answer.stdout, answer.stderr].concat()).into_owned())
}

/// What to tell about an AWS CLI that says that it is `aws-cli/1.22.34 Python/3.10.6 …`.
fn too_old_aws_cli(said: &str) -> Option<String> {
    let version = Version::parse(said.trim_start().strip_prefix("aws-cli/")?.split_whitespace().next()?)?;
    let (first, text) = if version.0 == 1 { (AWS_CLI_1, "1.29") } else { (AWS_CLI_2, "2.13") };
    let client = format!("the AWS CLI {}.{}", version.0, version.1);
    (version < first).then(|| too_old(&client, text, "--endpoint-url"))
}

/// The version of an AWS CLI 2, which is a part of the path that it is installed at: `…/v2/2.15.3/dist/aws`.
fn aws_cli_version(path: &Path) -> Option<Version> {
    // The installer links the program from a folder of PATH.
    let path = path.canonicalize().unwrap_or_else(|_absent| path.to_owned());
    let mut parts = path.components().rev().map(std::path::Component::as_os_str);
    let (name, folder) = (parts.next()?, parts.next()?);
    if name != "aws" || !(folder == "dist" || folder == "bin") {
        return None;
    }
    Version::parse(parts.next()?.to_str()?)
}

/// The Python that runs a program: the program itself, or the interpreter that its first line names.
pub(super) fn python_of(path: &Path) -> Option<OsString> {
    let is_python = |name: &str| name.starts_with("python");
    if path.file_name().and_then(OsStr::to_str).is_some_and(is_python) {
        return Some(path.as_os_str().to_owned());
    }
    let mut line = String::new();
    let file = File::open(path).ok()?;
    BufReader::new(file.take(MAX_FIRST_LINE)).read_line(&mut line).ok()?;
    let words: Vec<&str> = line.strip_prefix("#!")?.split_whitespace().collect();
    let interpreter = match words.as_slice() {
        [env, name, ..] if env.ends_with("/env") => *name,
        [interpreter, ..] => *interpreter,
        [] => return None,
    };
    let name = Path::new(interpreter).file_name().and_then(OsStr::to_str)?;
    is_python(name).then(|| interpreter.into())
}

/// The version of botocore that a Python would import.
fn botocore_version(python: &OsStr) -> Option<Version> {
    let script = "import importlib.metadata as m; print(m.version('botocore'))";
    let mut command = Command::new(python);
    command.args(["-c", script]).stdin(Stdio::null()).stderr(Stdio::null());
    let answer = command.output().ok().filter(|answer| answer.status.success())?;
    Version::parse(std::str::from_utf8(&answer.stdout).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aws_cli_has_its_version_in_its_path() {
        for (path, expected) in [
            ("/usr/local/aws-cli/v2/2.12.7/dist/aws", Some(Version(2, 12))),
            ("/usr/local/aws-cli/v2/2.13.0/bin/aws", Some(Version(2, 13))),
            ("/usr/bin/aws", None),
            ("/usr/local/aws-cli/v2/current/dist/aws", None),
            ("/usr/local/aws-cli/v2/2.12.7/dist/aws_completer", None),
        ] {
            assert_eq!(aws_cli_version(Path::new(path)), expected, "{path}");
        }
        assert!(Version(2, 12) < AWS_CLI_2 && AWS_CLI_2 < Version(2, 130) && Version(1, 4) < BOTOCORE);
    }

    #[test]
    fn an_aws_cli_says_its_version() {
        for (said, is_too_old) in [
            ("aws-cli/1.22.34 Python/3.10.6 Linux/5.15.0 botocore/1.27.84\n", true),
            ("aws-cli/1.29.0 Python/3.11.7 Linux/6.1 botocore/1.31.0\n", false),
            ("aws-cli/2.9.0 Python/3.9.11 Linux/5 exe/x86_64\n", true),
            ("aws-cli/2.13.0 Python/3.11.4 Linux/5 exe/x86_64\n", false),
            ("pyenv: aws: command not found\n", false),
            ("", false),
        ] {
            assert_eq!(too_old_aws_cli(said).is_some(), is_too_old, "{said:?}");
        }
    }

    #[test]
    fn a_script_is_run_by_the_python_of_its_first_line() {
        let folder = tempfile::tempdir().unwrap();
        for (first, expected) in [
            ("#!/usr/bin/env python3", Some("python3")),
            ("#!/opt/venv/bin/python", Some("/opt/venv/bin/python")),
            ("#! /usr/bin/python3.11 -E", Some("/usr/bin/python3.11")),
            ("#!/bin/sh", None),
            ("\u{7f}ELF", None),
            ("", None),
        ] {
            let script = folder.path().join("script");
            std::fs::write(&script, format!("{first}\nrest\n")).unwrap();
            assert_eq!(python_of(&script).as_deref(), expected.map(OsStr::new), "{first}");
        }
        assert_eq!(python_of(Path::new("/x/python3.12")).as_deref(), Some(OsStr::new("/x/python3.12")));
    }
}
