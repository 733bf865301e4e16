//! `keyfront cfn deploy`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use keyfront_cfn::change_set::{Change, Comparison, change_set};
use keyfront_cfn::convert::Converter;
use keyfront_cfn::deployment::{Deployment, Inputs, refers_to};
use keyfront_cfn::resource_type::ResourceTypes;
use keyfront_cfn::stack::Stack;
use keyfront_client::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::Api;
use super::execution::Execution;
use super::source::{Source, refused};
use super::stack_files::StackFiles;
use super::{name, render};
use crate::endpoint::ServiceArguments;
use crate::exit_code;
use crate::failure::Failure;
use crate::terminal::{Output, confirmed, tell_styled};

/// Make the resources of a stack what a template says
///
/// TEMPLATE is a file in JSON or YAML, a folder that `cdk synth` wrote, or - for standard input. The changes are shown
/// first, without values, because some are secret. If making or changing a resource fails, what this deploy did is
/// taken back. A deploy that was interrupted goes on when the command is run again.
///
/// Resources of other services are passed over. Where CloudFront's take a value from them, give it with --output-value.
#[derive(Args)]
pub(super) struct Deploy {
    /// The template, or the folder that `cdk synth` wrote
    template: PathBuf,
    /// The stack's name, if not that of the file or of the stack in the folder
    #[arg(long, value_name = "NAME", value_parser = name::parser())]
    stack_name: Option<String>,
    /// The value of a parameter; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    parameter: Vec<(String, String)>,
    /// What Fn::GetAtt or Ref gives of a resource that is passed over, such as Bucket.RegionalDomainName=…; may be
    /// repeated
    #[arg(long, value_name = "ID.ATTRIBUTE=VALUE", value_parser = pair)]
    output_value: Vec<(String, String)>,
    /// What Fn::ImportValue gives, where no stack of the project exports it; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    import_value: Vec<(String, String)>,
    /// Show the changes and make none; exit code 3 if there are any
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// Leave what was made where a later step fails, for the next deploy to go on with
    #[arg(long)]
    disable_rollback: bool,
    /// How long a resource may take until it is deployed, such as 90s or 20m
    #[arg(long, value_name = "DURATION", default_value = "35m", value_parser = humantime::parse_duration)]
    timeout: Duration,
}

const UNASKED: &str = "nothing was changed: there is no terminal to ask at; add --yes to deploy, or --dry-run to see the \
                       changes";

impl Deploy {
    pub(super) async fn run(
        self,
        service: &ServiceArguments,
        files: &StackFiles,
        output: Output,
    ) -> Result<ExitCode, Failure> {
        let source = Source::read(&self.template, self.stack_name.as_deref())?;
        let types = ResourceTypes::new()
            .map_err(|error| Failure::because("the resource types cannot be read", &error))?;
        let client = service.client().await?;
        let api = Api::new(&client)?;
        let locked = files.lock(&source.stack_name)?;
        let stack = match locked.stack.clone() {
            Some(stack) => at(stack, client.endpoint(), &files.shown(&source.stack_name))?,
            None => Stack::new(&source.stack_name, Uuid::new_v4().to_string(), client.endpoint()),
        };
        let inputs = self.inputs(&source, service, &client, files, &stack).await?;
        let shown = self.template.display().to_string();
        let deployment = Deployment::new(&source.template, &types, inputs);
        let deployment = deployment.map_err(|mistakes| refused(&shown, &mistakes))?;
        let missing = missing(&api, &types, &stack).await?;
        let comparison = Comparison {
            types: &types,
            converter: Converter { service: api.service() },
            stack: &stack,
            missing: &missing,
        };
        let changes = change_set(&deployment, &comparison).map_err(|mistakes| refused(&shown, &mistakes))?;
        if self.dry_run {
            locked.forget_unused();
            output.print_plan(
                || render::changes(&stack, &changes, &deployment),
                || render::changes_as_json(&stack, &changes, &deployment),
            );
            let different = !changes.is_empty() || !stack.replaced.is_empty();
            return Ok(if different { ExitCode::from(exit_code::DIFFERENCES) } else { ExitCode::SUCCESS });
        }
        let asks = !changes.is_empty() && !self.yes;
        if output == Output::Text || asks {
            tell_styled(&render::changes(&stack, &changes, &deployment));
        }
        if asks && !confirmed("Deploy this?", UNASKED).inspect_err(|_| locked.forget_unused())? {
            locked.forget_unused();
            return Err(Failure::new("nothing was changed"));
        }
        let mut execution = Execution::new(&api, &types, &locked, stack.clone(), self.timeout, output);
        execution.keep = self.disable_rollback;
        let unknown = execution.deploy(&deployment, &changes).await?;
        let stack = execution.stack;
        output.print(
            || render::deployed(&stack, &unknown),
            || deployed_as_json(&stack, &changes, &deployment, &unknown),
        );
        Ok(ExitCode::SUCCESS)
    }

    /// What the template is deployed with.
    async fn inputs(
        &self,
        source: &Source,
        service: &ServiceArguments,
        client: &Client,
        files: &StackFiles,
        stack: &Stack,
    ) -> Result<Inputs, Failure> {
        let values = |pairs: &[(String, String)]| -> BTreeMap<String, Value> {
            pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
        };
        let mut imports = files.exports(&stack.stack_name, &stack.endpoint)?;
        imports.extend(values(&self.import_value));
        let region = service.region().unwrap_or("us-east-1");
        let mut pseudo: BTreeMap<&'static str, Value> = BTreeMap::from([
            ("AWS::NotificationARNs", json!([])),
            ("AWS::Partition", json!("aws")),
            ("AWS::Region", json!(region)),
            ("AWS::StackName", json!(stack.stack_name)),
            ("AWS::URLSuffix", json!("amazonaws.com")),
        ]);
        let needs =
            ["AWS::AccountId", "AWS::StackId"].into_iter().any(|name| refers_to(&source.template, name));
        if needs {
            let account = client.account().await?;
            let Stack { stack_name, stack_id, .. } = stack;
            let id = format!("arn:aws:cloudformation:{region}:{account}:stack/{stack_name}/{stack_id}");
            pseudo.extend([("AWS::AccountId", json!(account)), ("AWS::StackId", json!(id))]);
        }
        Ok(Inputs {
            parameters: self.parameter.iter().cloned().collect(),
            pseudo,
            given: values(&self.output_value),
            imports,
            assets: source.assets.clone(),
        })
    }
}

/// The stack, if its resources are where this command looks for them.
pub(super) fn at(stack: Stack, endpoint: &str, file: &str) -> Result<Stack, Failure> {
    if stack.endpoint == endpoint {
        return Ok(stack);
    }
    let Stack { stack_name, endpoint: there, .. } = stack;
    Err(Failure::new(format!(
        "nothing was changed: the stack {stack_name} is at {there}, and not at {endpoint}; name that endpoint, use another \
         --stack-name or --state-folder, or remove {file} if the resources there are gone"
    )))
}

/// The resources of a stack that are no longer there.
async fn missing(api: &Api<'_>, types: &ResourceTypes, stack: &Stack) -> Result<BTreeSet<String>, Failure> {
    let mut missing = BTreeSet::new();
    for (id, resource) in &stack.resources {
        if let Some(kind) = types.get(&resource.kind)
            && api.read(kind, &resource.key).await?.is_none()
        {
            missing.insert(id.clone());
        }
    }
    Ok(missing)
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) =
        text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("it is NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn deployed_as_json(
    stack: &Stack,
    changes: &[Change],
    deployment: &Deployment<'_>,
    unknown: &[keyfront_cfn::Mistake],
) -> Value {
    let mut document = render::changes_as_json(stack, changes, deployment);
    if let Some(document) = document.as_object_mut() {
        document.insert("Stack".to_owned(), render::stack_as_json(stack));
        document.insert("UnknownOutputs".to_owned(), unknown.iter().map(ToString::to_string).collect());
    }
    document
}
