//! The AWS CLI on PATH.

use std::ffi::OsStr;

use super::finding::Finding;
use super::program;
use crate::command::old_clients::{AWS_CLI_1, AWS_CLI_2, Version, find, python_of};

const SUBJECT: &str = "AWS CLI";

pub(super) async fn findings() -> Vec<Finding> {
    let Some(path) = find(OsStr::new("aws")) else {
        return vec![Finding::fine(SUBJECT, "is not on PATH; there is nothing to check")];
    };
    let said = program::output(&path, &["--version"]).await;
    let Some(version) = said.as_deref().and_then(version_of) else {
        let text = format!("{} does not say its version", path.display());
        return vec![Finding::note(SUBJECT, text, "run aws --version to see why")];
    };
    // Version 2 has it built in; version 1 shares the packages of its Python.
    let awscrt = match python_of(&path) {
        Some(python) => program::output(python, &["-c", "import awscrt"]).await.is_some(),
        None => version.0 >= 2,
    };
    vec![judge(version, awscrt)]
}

/// The version in `aws-cli/2.15.3 Python/3.11.6 Linux/…`.
fn version_of(said: &str) -> Option<Version> {
    let version = said.split_whitespace().next()?.strip_prefix("aws-cli/")?;
    Version::parse(version)
}

fn judge(version: Version, awscrt: bool) -> Finding {
    let Version(major, minor) = version;
    let (first, shown) = if major < 2 { (AWS_CLI_1, "1.29.0") } else { (AWS_CLI_2, "2.13.0") };
    if version < first {
        return Finding::problem(
            SUBJECT,
            format!("{major}.{minor} ignores AWS_ENDPOINT_URL_*, so it calls AWS"),
            format!("update it to {shown} or later, or give it --endpoint-url"),
        );
    }
    if major < 2 && !awscrt {
        return Finding::note(
            SUBJECT,
            format!("{major}.{minor} has no awscrt beside it, with which the data plane is signed"),
            "pip install awscrt beside it, update to version 2, or sign plain SigV4 of us-east-1 (docs/clients.md)",
        );
    }
    Finding::fine(SUBJECT, format!("{major}.{minor} reads AWS_ENDPOINT_URL_*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::finding::Level;

    #[test]
    fn versions_of_before_the_variables_are_a_problem() {
        // AWS's notes of 2.13.0 and 1.29.0, "service-specific endpoints".
        for (said, awscrt, level) in [
            ("aws-cli/2.12.7 Python/3.11.4 Linux/5.10 exe/x86_64 prompt/off", true, Level::Problem),
            ("aws-cli/2.13.0 Python/3.11.4 Linux/5.10 exe/x86_64 prompt/off", true, Level::Fine),
            ("aws-cli/1.28.1 Python/3.9.2 Linux/5.10 botocore/1.30.1", true, Level::Problem),
            ("aws-cli/1.42.0 Python/3.12.1 Linux/5.10 botocore/1.40.0", false, Level::Note),
            ("aws-cli/1.42.0 Python/3.12.1 Linux/5.10 botocore/1.40.0", true, Level::Fine),
        ] {
            let version = version_of(said).unwrap();
            assert_eq!(judge(version, awscrt).level, level, "{said}");
        }
        assert_eq!(version_of("something else"), None);
    }
}
