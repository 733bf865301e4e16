//! Carries out a change set, step by step; what is done is written down after each step.
//!
//! Resources are made and changed first, each behind what it refers to. If one of these steps fails, what this deploy did is
//! taken back. Only then is deleted what left the template and what others took the place of, because until then it may
//! still be referred to; a deletion that fails takes nothing back, and the next deploy repeats it.

mod delete;
mod known;
mod lost;
mod make;
mod rollback;
mod settle;
mod store;
mod tags;

use std::collections::BTreeSet;
use std::time::Duration;

use keyfront_cfn::Mistake;
use keyfront_cfn::change_set::{Action, Change};
use keyfront_cfn::convert::{Call, Converter};
use keyfront_cfn::deployment::Deployment;
use keyfront_cfn::resource_type::{ResourceType, ResourceTypes};
use keyfront_cfn::stack::{Stack, StackResource, StackStatus};
use keyfront_client::Pairs;

use super::api::Api;
use super::stack_files::LockedStack;
use crate::failure::Failure;
use crate::terminal::{Output, tell};

/// A deploy or a deletion of a stack that is under way.
pub(super) struct Execution<'e> {
    pub(super) api: &'e Api<'e>,
    pub(super) types: &'e ResourceTypes,
    pub(super) locked: &'e LockedStack,
    /// The stack as it is now.
    pub(super) stack: Stack,
    /// How long a resource may take until it is deployed.
    pub(super) patience: Duration,
    /// What is made stays where a later step fails.
    pub(super) keep: bool,
    /// Whether steps are told to a person.
    pub(super) output: Output,
    done: Vec<Done>,
}

/// A step that a rollback takes back.
enum Done {
    /// A resource was made, in the place of another if there was one.
    Made { logical_id: String, before: Option<Box<StackResource>> },
    /// A resource was changed. The call makes it as it was, where the API can.
    Changed { logical_id: String, before: Box<StackResource>, restore: Option<Call> },
    /// A store was filled, which had these pairs.
    Filled { logical_id: String, key: String, before: Pairs },
}

impl<'e> Execution<'e> {
    pub(super) fn new(
        api: &'e Api<'e>,
        types: &'e ResourceTypes,
        locked: &'e LockedStack,
        stack: Stack,
        patience: Duration,
        output: Output,
    ) -> Execution<'e> {
        Execution { api, types, locked, stack, patience, keep: false, output, done: Vec::new() }
    }

    /// Carries out the changes, and gives the outputs that have no value here, each with the reason.
    pub(super) async fn deploy(
        &mut self,
        deployment: &Deployment<'_>,
        changes: &[Change],
    ) -> Result<Vec<Mistake>, Failure> {
        let first = self.stack.status == StackStatus::CreateInProgress;
        if !first {
            self.stack.status = StackStatus::UpdateInProgress;
        }
        self.save()?;
        self.settle_lost(changes).await?;
        for change in changes {
            let done = match change.action {
                Action::Create | Action::Replace => self.create(deployment, change).await,
                Action::Update => self.change(deployment, change).await,
                Action::Delete | Action::Retain => continue,
            };
            if let Err(failure) = done {
                return Err(self.take_back(&change.logical_id, &failure).await);
            }
        }
        for id in deployment.order() {
            if let (Some(made), Some(resource)) = (self.stack.resources.get_mut(id), deployment.resource(id))
            {
                made.deletion_policy = resource.deletion_policy;
                made.depends_on = deployment.dependencies(id);
            }
        }
        let (outputs, unknown) = deployment.outputs(&self.stack.resources);
        self.stack.outputs = outputs;
        self.stack.status = if first { StackStatus::CreateComplete } else { StackStatus::UpdateComplete };
        self.save()?;
        let leaving: BTreeSet<&str> = changes
            .iter()
            .filter(|change| matches!(change.action, Action::Delete | Action::Retain))
            .map(|change| change.logical_id.as_str())
            .collect();
        self.delete_replaced().await?;
        self.delete_resources(|id| leaving.contains(id)).await?;
        Ok(unknown)
    }

    /// Deletes every resource of the stack, but for those that are retained.
    pub(super) async fn delete_all(&mut self) -> Result<(), Failure> {
        self.stack.status = StackStatus::DeleteInProgress;
        self.save()?;
        self.settle_lost(&[]).await?;
        self.delete_replaced().await?;
        self.delete_resources(|_| true).await?;
        self.locked.remove()
    }

    fn save(&self) -> Result<(), Failure> {
        self.locked.save(&self.stack)
    }

    fn converter(&self) -> Converter<'_> {
        Converter { service: self.api.service() }
    }

    fn kind(&self, name: &str) -> Result<&'e ResourceType, Failure> {
        self.types.get(name).ok_or_else(|| {
            Failure::new(format!(
                "{name} is not known to this version of keyfront; use the one that made the stack"
            ))
        })
    }

    /// Tells a person what was done.
    fn told(&self, what: &str, logical_id: &str, key: &str) {
        if self.output == Output::Text {
            tell(format!("{what:8}  {logical_id}  {key}"));
        }
    }
}
