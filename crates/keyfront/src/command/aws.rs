//! `keyfront aws`: the AWS CLI at a server.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Args;

use super::exec::{self, Isolation};
use crate::endpoint::ServerArguments;
use crate::failure::Failure;

/// Run the AWS CLI at Keyfront: short for `keyfront exec -- aws …`
///
/// Everything behind `aws` is for the AWS CLI. KEYFRONT_ENDPOINT, KEYFRONT_ACCESS_KEY_ID and
/// KEYFRONT_SECRET_ACCESS_KEY name the server and the credential where they are not those of `keyfront dev`.
#[derive(Args)]
pub(super) struct Aws {
    /// The arguments of the AWS CLI
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

impl Aws {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let command: Vec<OsString> = std::iter::once("aws".into()).chain(self.arguments).collect();
        exec::run(&ServerArguments::of_the_environment()?, Isolation::default(), &command)
    }
}

/// A command line in which options behind `aws` are not taken for those of this program, some of which have the same
/// names. The AWS CLI has no `--help` there, so that one is this program's.
pub(super) fn separated(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let asks_for_help = arguments.get(2).is_some_and(|first| first == "--help" || first == "-h");
    if arguments.get(1).is_some_and(|command| command == "aws") && !asks_for_help {
        arguments.insert(2, "--".into());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_the_aws_cli_stay_its_own() {
        for (given, expected) in [
            ("keyfront aws --output table s3 ls", "keyfront aws -- --output table s3 ls"),
            ("keyfront aws", "keyfront aws --"),
            ("keyfront aws cloudfront --help", "keyfront aws -- cloudfront --help"),
            ("keyfront aws --help", "keyfront aws --help"),
            ("keyfront aws -h", "keyfront aws -h"),
            ("keyfront exec aws", "keyfront exec aws"),
            ("keyfront", "keyfront"),
        ] {
            let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
            assert_eq!(separated(words(given)), words(expected), "{given}");
        }
    }
}
