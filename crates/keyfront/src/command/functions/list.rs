//! `keyfront fn list`, `describe`, `get` and `delete`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use keyfront_client::{Client, StoredFunction};
use keyfront_domain::function::Stage;
use serde_json::{Value, json};

use super::super::output::{Output, one_line};
use super::super::printed;
use crate::failure::Failure;

/// A stage, as it is typed.
#[derive(Clone, Copy, Default, ValueEnum)]
enum StageChoice {
    /// What `create` and `update` write
    #[default]
    #[value(alias = "DEVELOPMENT")]
    Development,
    /// What `publish` copied
    #[value(alias = "LIVE")]
    Live,
}

impl StageChoice {
    fn get(self) -> Stage {
        match self {
            StageChoice::Development => Stage::Development,
            StageChoice::Live => Stage::Live,
        }
    }
}

/// List the functions of the account
#[derive(Args)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let functions = client.functions().await?;
        output.print(|| table(&functions), || Value::Array(functions.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(functions: &[StoredFunction]) -> String {
    let width = functions.iter().map(|function| function.name.len()).max().unwrap_or_default();
    let lines = functions.iter().map(|function| {
        let StoredFunction { name, status, config, modified, .. } = function;
        let comment = one_line(&config.comment);
        let line = format!("{name:width$}  {status:12}  {}  {modified:24}  {comment}", config.runtime);
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Say what a stage of a function is
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

/// Print the code of a function, to the byte
#[derive(Args)]
pub(super) struct Get {
    /// The function's name
    name: String,
    /// The stage
    #[arg(long, value_enum, default_value_t)]
    stage: StageChoice,
}

impl Get {
    pub(super) async fn run(self, client: &Client) -> Result<ExitCode, Failure> {
        let code = client.function_code(&self.name, self.stage.get()).await?;
        printed(std::io::stdout().lock().write_all(&code));
        Ok(ExitCode::SUCCESS)
    }
}

/// Delete a function that no distribution uses, both of its stages
#[derive(Args)]
pub(super) struct Delete {
    /// The function's name
    name: String,
}

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        client.delete_function(&self.name).await?;
        output.print(|| format!("deleted {}", self.name), || json!({ "Deleted": self.name }));
        Ok(ExitCode::SUCCESS)
    }
}

/// A line that says what was done to a function.
pub(super) fn told(done: &str, function: &StoredFunction) -> String {
    format!("{done} {} ({})", function.name, function.stage)
}

/// What the control plane says of a function, by the service's names.
pub(super) fn as_json(function: &StoredFunction) -> Value {
    json!({
        "Name": function.name,
        "FunctionARN": function.arn,
        "Stage": function.stage,
        "Status": function.status,
        "Comment": function.config.comment,
        "Runtime": function.config.runtime.as_str(),
        "KeyValueStoreARN": function.config.store,
        "CreatedTime": function.created,
        "LastModifiedTime": function.modified,
        "ETag": function.etag,
    })
}
