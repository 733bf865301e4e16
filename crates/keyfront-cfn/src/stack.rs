//! What a deploy remembers of a stack.
//!
//! Values of properties are not kept, because some of them are secret; their digests tell whether they changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::template::DeletionPolicy;

/// The version of the form, which a later program can read.
pub const VERSION: u32 = 1;

/// A stack: the resources that one template made at one endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Stack {
    /// [`VERSION`].
    pub version: u32,
    /// Its name.
    pub stack_name: String,
    /// What tells it from another stack of the same name.
    pub stack_id: String,
    /// Where its resources are: a URL, or `AWS`.
    pub endpoint: String,
    /// How far the last deploy came.
    pub status: StackStatus,
    /// What it has, by logical id.
    #[serde(default)]
    pub resources: BTreeMap<String, StackResource>,
    /// What others took the place of, and is to be deleted.
    #[serde(default)]
    pub replaced: Vec<Replaced>,
    /// The resource that was being made when this was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creating: Option<Creating>,
    /// Resources that earlier deploys were making, of which is not known whether they are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Creating>,
    /// Values of outputs.
    #[serde(default)]
    pub outputs: BTreeMap<String, StackOutput>,
}

/// How far a stack is, in CloudFormation's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StackStatus {
    /// The first deploy is under way, or was interrupted.
    CreateInProgress,
    /// The first deploy is done.
    CreateComplete,
    /// A deploy is under way, or was interrupted.
    UpdateInProgress,
    /// A deploy is done.
    UpdateComplete,
    /// A deploy failed, and what it did was taken back.
    UpdateRollbackComplete,
    /// A deploy failed, and not all of what it did could be taken back.
    UpdateRollbackFailed,
    /// A deletion is under way, was interrupted, or failed.
    DeleteInProgress,
}

impl StackStatus {
    /// As CloudFormation spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            StackStatus::CreateInProgress => "CREATE_IN_PROGRESS",
            StackStatus::CreateComplete => "CREATE_COMPLETE",
            StackStatus::UpdateInProgress => "UPDATE_IN_PROGRESS",
            StackStatus::UpdateComplete => "UPDATE_COMPLETE",
            StackStatus::UpdateRollbackComplete => "UPDATE_ROLLBACK_COMPLETE",
            StackStatus::UpdateRollbackFailed => "UPDATE_ROLLBACK_FAILED",
            StackStatus::DeleteInProgress => "DELETE_IN_PROGRESS",
        }
    }
}

/// A resource of a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct StackResource {
    /// Such as `AWS::CloudFront::Function`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// By what the API names it.
    pub key: String,
    /// What `Ref` gives.
    pub physical_resource_id: String,
    /// What `Fn::GetAtt` gives.
    #[serde(default)]
    pub attributes: BTreeMap<String, Value>,
    /// Digests of its properties, by path.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// What it refers to, which is deleted after it.
    #[serde(default)]
    pub depends_on: BTreeSet<String>,
    /// What becomes of it when it leaves the stack.
    #[serde(default)]
    pub deletion_policy: DeletionPolicy,
    /// The caller reference that was made up for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_reference: Option<String>,
}

impl StackResource {
    /// Whether a deploy saw it through: it has what `Ref` and `Fn::GetAtt` give.
    pub fn is_complete(&self) -> bool {
        !self.physical_resource_id.is_empty()
    }
}

/// A resource that another took the place of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Replaced {
    /// The logical id that it had.
    pub logical_id: String,
    /// The resource.
    pub resource: StackResource,
}

/// A resource that is being made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Creating {
    /// Its logical id.
    pub logical_id: String,
    /// The caller reference that was made up for it.
    pub caller_reference: String,
    /// Such as `AWS::CloudFront::Function`; empty in files of earlier versions.
    #[serde(default, rename = "Type")]
    pub kind: String,
    /// What tells it from every other one of its type.
    #[serde(default)]
    pub identity: Value,
}

/// An output of a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct StackOutput {
    /// Its value.
    pub value: Value,
    /// The name under which other stacks import it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export_name: Option<String>,
}

impl Stack {
    /// A stack with nothing in it.
    pub fn new(name: &str, id: String, endpoint: &str) -> Stack {
        Stack {
            version: VERSION,
            stack_name: name.to_owned(),
            stack_id: id,
            endpoint: endpoint.to_owned(),
            status: StackStatus::CreateInProgress,
            resources: BTreeMap::new(),
            replaced: Vec::new(),
            creating: None,
            lost: Vec::new(),
            outputs: BTreeMap::new(),
        }
    }

    /// Its logical ids, each before those that it depends on: the order in which resources are deleted.
    pub fn deletion_order(&self) -> Vec<String> {
        let needs = self.resources.iter().map(|(id, resource)| (id.clone(), resource.depends_on.clone()));
        let mut order = crate::order::order(&needs.collect())
            // A template without circles was deployed; a file that was changed by hand has some order.
            .unwrap_or_else(|_circle| self.resources.keys().cloned().collect());
        order.reverse();
        order
    }
}
