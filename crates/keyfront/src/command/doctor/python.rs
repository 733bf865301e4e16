//! The Python on PATH, and its AWS packages.

use std::ffi::OsStr;

use serde::Deserialize;

use super::finding::Finding;
use super::program;
use crate::command::old_clients::{BOTOCORE, Version, find};

const SUBJECT: &str = "Python";

/// Prints the versions of the packages as JSON; null stands for one that is not installed.
const SCRIPT: &str = "
import importlib.metadata as m, json
def version(name):
    try: return m.version(name)
    except m.PackageNotFoundError: return None
print(json.dumps({name: version(name) for name in ('boto3', 'botocore', 'awscrt')}))";

/// The versions of a Python's packages.
#[derive(Deserialize)]
struct Packages {
    boto3: Option<String>,
    botocore: Option<String>,
    awscrt: Option<String>,
}

pub(super) async fn findings() -> Vec<Finding> {
    let Some(python) = ["python3", "python"].into_iter().find_map(|name| find(OsStr::new(name))) else {
        return vec![Finding::fine(SUBJECT, "is not on PATH; there is nothing to check")];
    };
    let shown = python.display().to_string();
    let said = program::output(&python, &["-c", SCRIPT]).await;
    let packages = said.and_then(|said| serde_json::from_str::<Packages>(&said).ok());
    vec![packages.map_or_else(
        || {
            Finding::note(
                SUBJECT,
                format!("{shown} does not tell its packages"),
                "it is 3.8 or later that does",
            )
        },
        |packages| judge(&shown, &packages),
    )]
}

fn judge(python: &str, packages: &Packages) -> Finding {
    let Some(botocore) = &packages.botocore else {
        return Finding::fine(SUBJECT, format!("{python} has no boto3; there is nothing to check"));
    };
    let boto3 = packages.boto3.as_ref().map(|boto3| format!("boto3 {boto3}, ")).unwrap_or_default();
    let has = format!("{python} has {boto3}botocore {botocore}");
    if Version::parse(botocore).is_some_and(|version| version < BOTOCORE) {
        return Finding::problem(
            SUBJECT,
            format!("{has}, which ignores AWS_ENDPOINT_URL_*, so it calls AWS"),
            "pip install --upgrade boto3 (1.28 or later), or give each client endpoint_url",
        );
    }
    if packages.awscrt.is_none() {
        return Finding::note(
            SUBJECT,
            format!("{has} and no awscrt, with which the data plane is signed"),
            "pip install 'boto3[crt]', or sign plain SigV4: Config(signature_version=\"v4\") in us-east-1",
        );
    }
    Finding::fine(SUBJECT, format!("{has} and awscrt"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::finding::Level;

    #[test]
    fn an_old_botocore_is_a_problem_and_a_missing_awscrt_a_note() {
        for (said, level) in [
            (r#"{"boto3":"1.26.1","botocore":"1.29.165","awscrt":null}"#, Level::Problem),
            (r#"{"boto3":"1.28.0","botocore":"1.31.0","awscrt":null}"#, Level::Note),
            (r#"{"boto3":"1.40.0","botocore":"1.40.1","awscrt":"0.27.6"}"#, Level::Fine),
            (r#"{"boto3":null,"botocore":null,"awscrt":null}"#, Level::Fine),
        ] {
            let packages = serde_json::from_str(said).unwrap();
            assert_eq!(judge("python3", &packages).level, level, "{said}");
        }
    }
}
