//! `keyfront fn describe`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, StoredFunction};

use super::render::as_json;
use super::stage::StageChoice;
use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// Show a stage of a function and its settings
#[derive(Args)]
pub(super) struct Describe {
    /// The function's name
    name: String,
    /// The stage
    #[arg(long, value_enum, default_value_t)]
    stage: StageChoice,
}

impl Describe {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let function = client.function(&self.name, self.stage.get()).await?;
        output.print(|| described(&function), || as_json(&function));
        Ok(ExitCode::SUCCESS)
    }
}

fn described(function: &StoredFunction) -> String {
    let store = function.config.store.as_deref().unwrap_or("none");
    let rows = [
        ("name", function.name.clone()),
        ("stage", function.stage.clone()),
        ("status", function.status.clone()),
        ("runtime", function.config.runtime.to_string()),
        ("store", store.to_owned()),
        ("comment", one_line(&function.config.comment)),
        ("created", function.created.clone()),
        ("modified", function.modified.clone()),
        ("etag", function.etag.clone().unwrap_or_default()),
        ("arn", function.arn.clone()),
    ];
    rows.map(|(name, value)| format!("{name:8}  {value}").trim_end().to_owned()).join("\n")
}
