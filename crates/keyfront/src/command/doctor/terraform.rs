//! Terraform and OpenTofu on PATH, and the AWS provider that a project has chosen.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::finding::Finding;
use super::program;
use crate::command::old_clients::{Version, find};

const SUBJECT: &str = "Terraform";

/// The provider that Keyfront is tested with.
const TESTED: &str = "5.100.0";
const TESTED_MAJOR: u32 = 5;

pub(super) async fn findings(project: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ["terraform", "tofu"] {
        if let Some(path) = find(OsStr::new(name)) {
            let said = program::output(&path, &["version", "-json"]).await;
            let version = said.as_deref().and_then(version_of);
            let version = version.unwrap_or_else(|| "that does not say its version".to_owned());
            findings.push(Finding::fine(SUBJECT, format!("{name} {version}")));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::fine(SUBJECT, "is not on PATH; there is nothing to check"));
    }
    let lock = fs::read_to_string(project.join(".terraform.lock.hcl")).ok();
    findings.extend(lock.as_deref().and_then(provider).map(judge));
    findings
}

fn version_of(said: &str) -> Option<String> {
    let said: Value = serde_json::from_str(said).ok()?;
    said.get("terraform_version")?.as_str().map(str::to_owned)
}

/// The version of the AWS provider in a lock file, which Terraform and OpenTofu write in one form.
fn provider(lock: &str) -> Option<&str> {
    let mut lines = lock.lines().skip_while(|line| !line.ends_with("/hashicorp/aws\" {"));
    let line = lines.find(|line| line.trim_start().starts_with("version "))?;
    Some(line.split_once('=')?.1.trim().trim_matches('"'))
}

fn judge(version: &str) -> Finding {
    let text = format!("the project has version {version} of the AWS provider");
    let fix =
        format!("pin version = \"{TESTED}\", which Keyfront is tested with, and run terraform init -upgrade");
    match Version::parse(version) {
        Some(Version(TESTED_MAJOR, _)) => Finding::fine(SUBJECT, text),
        Some(Version(major, _)) if major < TESTED_MAJOR => {
            Finding::problem(SUBJECT, format!("{text}, which has no resource for the pairs of a store"), fix)
        }
        Some(_) | None => Finding::note(SUBJECT, text, fix),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::finding::Level;

    #[test]
    fn the_provider_is_the_one_of_the_lock_file() {
        let lock = |version: &str| {
            format!(
                "provider \"registry.terraform.io/hashicorp/archive\" {{\n  version = \"2.1.0\"\n}}\n\n\
                 provider \"registry.terraform.io/hashicorp/aws\" {{\n  version     = \"{version}\"\n  \
                 constraints = \"5.100.0\"\n}}\n"
            )
        };
        for (version, level) in [("5.100.0", Level::Fine), ("4.67.0", Level::Problem), ("6.1.0", Level::Note)]
        {
            let lock = lock(version);
            assert_eq!(provider(&lock), Some(version));
            assert_eq!(judge(version).level, level, "{version}");
        }
        assert_eq!(
            provider("provider \"registry.terraform.io/hashicorp/archive\" {\n  version = \"2.1.0\"\n}\n"),
            None
        );
        assert_eq!(version_of(r#"{"terraform_version":"1.11.4"}"#).as_deref(), Some("1.11.4"));
    }
}
