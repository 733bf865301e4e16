//! The Node packages of a project: `package.json`, and what is installed of it in `node_modules`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::finding::Finding;
use super::program;
use crate::command::old_clients::{SDK_FOR_JAVASCRIPT_3, Version};

const SUBJECT: &str = "Node";

/// The oldest Node that the file is tested with which Node loads first.
const NODE: u32 = 20;

const VERSION_2: &str = "aws-sdk";
const CLIENTS: [&str; 2] = ["@aws-sdk/client-cloudfront", DATA_CLIENT];
const DATA_CLIENT: &str = "@aws-sdk/client-cloudfront-keyvaluestore";
const SIGNERS: [&str; 2] = ["@aws-sdk/signature-v4a", "@aws-sdk/signature-v4-crt"];

/// What is looked at of a `package.json`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    version: Option<String>,
    dependencies: BTreeMap<String, serde_json::Value>,
    #[serde(rename = "devDependencies")]
    dev_dependencies: BTreeMap<String, serde_json::Value>,
}

pub(super) async fn findings(project: &Path) -> Vec<Finding> {
    let Some(package) = read(&project.join("package.json")) else {
        return vec![Finding::fine(SUBJECT, "there is no package.json here; there is nothing to check")];
    };
    let mut findings = judge_packages(&package, |name| {
        read(&project.join("node_modules").join(name).join("package.json"))
            .and_then(|package| package.version)
    });
    findings.extend(program::output("node", &["--version"]).await.and_then(|said| judge_node(&said)));
    if findings.is_empty() {
        findings.push(Finding::fine(
            SUBJECT,
            "the packages of package.json reach the server under keyfront exec",
        ));
    }
    findings
}

fn read(file: &Path) -> Option<Package> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// What is to be said of the packages of a project, of which `installed` tells the versions.
fn judge_packages(package: &Package, installed: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let wanted =
        |name: &str| package.dependencies.contains_key(name) || package.dev_dependencies.contains_key(name);
    let mut findings = Vec::new();
    if wanted(VERSION_2) {
        findings.push(Finding::problem(
            SUBJECT,
            "version 2 of the SDK for JavaScript (aws-sdk) ignores AWS_ENDPOINT_URL_*, so it calls AWS",
            "use version 3 (@aws-sdk/client-cloudfront), or give each client `endpoint`",
        ));
    }
    for name in CLIENTS.into_iter().filter(|name| wanted(name)) {
        let Some(version) = installed(name) else {
            findings.push(Finding::note(SUBJECT, format!("{name} is not installed"), "npm install"));
            continue;
        };
        if Version::parse(&version).is_some_and(|version| version < SDK_FOR_JAVASCRIPT_3) {
            findings.push(Finding::problem(
                SUBJECT,
                format!("{name} {version} ignores AWS_ENDPOINT_URL_*, so it calls AWS"),
                format!("npm install {name}@3, which is 3.428 or later, or give each client `endpoint`"),
            ));
        }
    }
    if wanted(DATA_CLIENT) && !SIGNERS.iter().any(|name| wanted(name) || installed(name).is_some()) {
        findings.push(Finding::problem(
            SUBJECT,
            "the data plane is signed with SigV4A, for which the SDK wants a package of its own, on AWS too",
            "npm install @aws-sdk/signature-v4a, and import it once",
        ));
    }
    findings
}

/// What is to be said of the Node that says `v22.1.0`.
fn judge_node(said: &str) -> Option<Finding> {
    let Version(major, _minor) = Version::parse(said.strip_prefix('v')?)?;
    (major < NODE).then(|| {
        Finding::problem(
            SUBJECT,
            format!("Node {major} does not find the data plane under keyfront exec"),
            format!("use Node {NODE} or later, or write the line of `keyfront hosts` into /etc/hosts"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::finding::Level;

    #[test]
    fn old_packages_and_missing_ones_are_found() {
        const BOTH: &str = r#"{"dependencies":{"@aws-sdk/client-cloudfront-keyvaluestore":"3","@aws-sdk/signature-v4a":"3"}}"#;
        const NO_SIGNER: &str = r#"{"dependencies":{"@aws-sdk/client-cloudfront-keyvaluestore":"3"}}"#;
        for (package, version, expected) in [
            (r#"{"dependencies":{"aws-sdk":"^2.1"}}"#, None, vec![Level::Problem]),
            (BOTH, Some("3.427.0"), vec![Level::Problem]),
            (BOTH, Some("3.428.0"), vec![]),
            (BOTH, None, vec![Level::Note]),
            (NO_SIGNER, Some("3.900.0"), vec![Level::Problem]),
            (
                r#"{"devDependencies":{"@aws-sdk/client-cloudfront":"3"}}"#,
                Some("3.400.1"),
                vec![Level::Problem],
            ),
            ("{}", None, vec![]),
        ] {
            let read: Package = serde_json::from_str(package).unwrap();
            let installed = |name: &str| version.filter(|_| CLIENTS.contains(&name)).map(str::to_owned);
            let levels: Vec<Level> =
                judge_packages(&read, installed).iter().map(|finding| finding.level).collect();
            assert_eq!(levels, expected, "{package} {version:?}");
        }
        assert!(
            judge_node("v18.20.1").is_some() && judge_node("v20.0.0").is_none() && judge_node("?").is_none()
        );
    }
}
