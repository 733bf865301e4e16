//! `keyfront credentials example-policy`.

use std::process::ExitCode;

use clap::Args;

use crate::terminal::print;

/// The policy of a user who may do everything.
pub(in crate::command) const ALLOW_EVERYTHING: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
}"#;

/// Print a policy document that allows everything, to begin with
///
/// For example: keyfront credentials example-policy > policy.json
#[derive(Args)]
pub(super) struct ExamplePolicy {}

impl ExamplePolicy {
    #[expect(clippy::unused_self, reason = "a command is run with its arguments, of which this one has none")]
    pub(super) fn run(self) -> ExitCode {
        print(ALLOW_EVERYTHING);
        ExitCode::SUCCESS
    }
}
