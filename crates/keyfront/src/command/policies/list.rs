//! `keyfront policies list`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use keyfront_client::{Client, PolicyKind, StoredPolicy};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// List policies with their ids
#[derive(Args)]
pub(super) struct List {
    /// Only AWS's own, which every account has
    #[arg(long, conflicts_with = "custom")]
    managed: bool,
    /// Only those of the account
    #[arg(long)]
    custom: bool,
    /// Only those of this kind
    #[arg(long, value_enum)]
    kind: Option<Kind>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Cache,
    OriginRequest,
    ResponseHeaders,
}

impl From<Kind> for PolicyKind {
    fn from(kind: Kind) -> PolicyKind {
        match kind {
            Kind::Cache => PolicyKind::Cache,
            Kind::OriginRequest => PolicyKind::OriginRequest,
            Kind::ResponseHeaders => PolicyKind::ResponseHeaders,
        }
    }
}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let managed = (self.managed || self.custom).then_some(self.managed);
        let kinds = match self.kind {
            Some(kind) => vec![PolicyKind::from(kind)],
            None => PolicyKind::ALL.to_vec(),
        };
        let mut policies = Vec::new();
        for kind in kinds {
            policies.append(&mut client.policies(kind, managed).await?);
        }
        output.print(|| table(&policies), || policies.iter().map(as_json).collect::<Vec<Value>>().into());
        Ok(ExitCode::SUCCESS)
    }
}

fn type_of(policy: &StoredPolicy) -> &'static str {
    if policy.managed { "managed" } else { "custom" }
}

fn table(policies: &[StoredPolicy]) -> String {
    let names = policies.iter().map(|policy| policy.name.len()).max().unwrap_or_default();
    let lines = policies.iter().map(|policy| {
        let StoredPolicy { kind, id, name, comment, .. } = policy;
        let (kind, comment) = (kind.as_str(), one_line(comment));
        format!("{kind:16}  {:7}  {id}  {name:names$}  {comment}", type_of(policy)).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn as_json(policy: &StoredPolicy) -> Value {
    json!({
        "Kind": policy.kind.as_str(),
        "Type": type_of(policy),
        "Id": policy.id,
        "Name": policy.name,
        "Comment": policy.comment,
    })
}
