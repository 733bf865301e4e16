//! Makes and changes resources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keyfront_cfn::Mistake;
use keyfront_cfn::change_set::{Action, Change, import_source_changes, remembered};
use keyfront_cfn::convert::Call;
use keyfront_cfn::deployment::Deployment;
use keyfront_cfn::resource_type::{Key, ResourceType};
use keyfront_cfn::stack::{Creating, Replaced, StackResource};
use keyfront_client::error::ErrorKind;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::known::{attributes, key_of};
use super::{Done, Execution};
use crate::command::cfn::api::Current;
use crate::failure::Failure;

impl Execution<'_> {
    /// Makes a resource, in the place of another if there is one.
    pub(super) async fn create(
        &mut self,
        deployment: &Deployment<'_>,
        change: &Change,
    ) -> Result<(), Failure> {
        let id = change.logical_id.as_str();
        let kind = self.kind(&change.kind)?;
        let mut properties = self.properties(deployment, id)?;
        let place = place(id);
        let file = asset(deployment, &properties);
        if file.is_some() {
            properties.remove("ImportSource");
        }
        // One that was interrupted is made with the reference that it had, so that it is not made twice.
        let interrupted = self.stack.creating.take().filter(|creating| creating.logical_id == id);
        let goes_on = interrupted.is_some();
        let caller_reference =
            interrupted.map_or_else(|| Uuid::new_v4().to_string(), |creating| creating.caller_reference);
        let call = self.converter().create(kind, &properties, &caller_reference, &place);
        let call = call.map_err(|mistakes| wrong(&mistakes))?;
        self.stack.creating =
            Some(Creating { logical_id: id.to_owned(), caller_reference: caller_reference.clone() });
        self.save()?;
        let made = self.made(kind, &call, goes_on).await?;
        let resource = StackResource {
            kind: kind.name.to_owned(),
            key: key_of(kind, &made.shown, &properties)?,
            physical_resource_id: String::new(),
            attributes: BTreeMap::new(),
            // Nothing is remembered before the resource is complete: a deploy that is interrupted then goes on with it.
            properties: BTreeMap::new(),
            depends_on: deployment.dependencies(id),
            deletion_policy: deployment
                .resource(id)
                .map(|resource| resource.deletion_policy)
                .unwrap_or_default(),
            caller_reference: kind.operations.caller_reference_in.map(|_| caller_reference),
        };
        let key = resource.key.clone();
        self.stack.creating = None;
        let before = self.stack.resources.insert(id.to_owned(), resource);
        let before = before.filter(|_| change.action == Action::Replace);
        if let Some(before) = &before {
            self.replaced(deployment, id, before);
        }
        self.done.push(Done::Made { logical_id: id.to_owned(), before: before.map(Box::new) });
        self.save()?;
        self.complete(deployment, kind, id, file.as_deref()).await?;
        self.told(if change.action == Action::Replace { "replaced" } else { "created" }, id, &key);
        Ok(())
    }

    /// Makes a resource, or takes the one that this stack made before without hearing of it. What was taken is changed to
    /// what it is to be.
    async fn made(&mut self, kind: &ResourceType, call: &Call, goes_on: bool) -> Result<Current, Failure> {
        let by_name = kind.operations.key == Key::Name;
        let name = call.input.get("Name").and_then(Value::as_str).filter(|_| by_name).unwrap_or_default();
        let there = if by_name { self.api.read(kind, name).await? } else { None };
        if there.is_some() && !goes_on {
            self.stack.creating = None;
            return Err(Failure::new(format!(
                "{name} is already there, and not of this stack; delete it, or choose another name"
            )));
        }
        let error = match there {
            Some(_) => None,
            None => match self.api.call(call.operation, &call.input).await {
                Ok(made) => return Ok(made),
                Err(error) => Some(error),
            },
        };
        if let Some(error) = error {
            if error.kind == ErrorKind::NoAnswer {
                return Err(Failure::new(format!("{error}; whether it was made is not known")));
            }
            let exists = error.to_string().contains("AlreadyExists");
            // It was not there a moment ago: an answer to the same request was lost.
            if !(exists && by_name) {
                self.stack.creating = None;
                let advice = "; if an earlier deploy was interrupted, it may have made this: delete it, and deploy again";
                return Err(Failure::new(format!("{error}{}", if exists { advice } else { "" })));
            }
        }
        let there = self.api.read(kind, name).await?;
        let there = there.ok_or_else(|| Failure::new(format!("{name} was deleted meanwhile")))?;
        let mut input = call.input.clone();
        input.retain(|member, _| !matches!(member.as_str(), "Tags" | "ImportSource"));
        let update = Call { operation: kind.operations.update, input };
        Ok(self.api.update(kind, name, there.etag.as_deref(), &update).await?)
    }

    /// Changes a resource.
    pub(super) async fn change(
        &mut self,
        deployment: &Deployment<'_>,
        change: &Change,
    ) -> Result<(), Failure> {
        let id = change.logical_id.as_str();
        let kind = self.kind(&change.kind)?;
        let Some(before) = self.stack.resources.get(id).cloned() else {
            return Err(Failure::new(format!("{id} is not in the stack")));
        };
        let properties = self.properties(deployment, id)?;
        let mut call =
            self.converter().update(kind, &properties, &place(id)).map_err(|mistakes| wrong(&mistakes))?;
        let current = self.api.read(kind, &before.key).await?;
        let current = current.ok_or_else(|| {
            Failure::new(format!("{id} ({}) was deleted meanwhile; deploy again to make it anew", before.key))
        })?;
        if let Some(config) = kind.operations.caller_reference_in {
            keep_what_stays(&mut call.input, &current.shown, config);
        }
        let restore = self.api.as_it_is(kind, &before.key, &current).await?;
        self.api.update(kind, &before.key, current.etag.as_deref(), &call).await?;
        let key = before.key.clone();
        self.done.push(Done::Changed { logical_id: id.to_owned(), before: Box::new(before), restore });
        if change.properties.iter().any(|path| path.starts_with("Tags")) {
            self.change_tags(kind, &key, &properties).await?;
        }
        let file = asset(deployment, &properties);
        let file = file.filter(|_| import_source_changes(&change.properties));
        self.complete(deployment, kind, id, file.as_deref()).await?;
        self.told("updated", id, &key);
        Ok(())
    }

    /// Waits until a resource is deployed, fills and publishes it, and writes down what it is known by.
    async fn complete(
        &mut self,
        deployment: &Deployment<'_>,
        kind: &ResourceType,
        id: &str,
        file: Option<&Path>,
    ) -> Result<(), Failure> {
        let properties = self.properties(deployment, id)?;
        let Some(key) = self.stack.resources.get(id).map(|resource| resource.key.clone()) else {
            return Ok(());
        };
        let mut current = self.settled(kind, &key, id).await?;
        if let Some(file) = file {
            let before = self.fill(&key, file).await?;
            self.done.push(Done::Filled { logical_id: id.to_owned(), key: key.clone(), before });
            current = self.settled(kind, &key, id).await?;
        }
        let publishes = properties.get("AutoPublish").is_some_and(|value| value == true || value == "true");
        if let Some(publish) = kind.operations.publish.filter(|_| publishes) {
            self.api.on_version(publish, kind, &key, current.etag.as_deref()).await?;
        }
        let attributes = attributes(kind, &current.shown, current.etag.as_deref());
        let identifier = attributes.get(&kind.identifier).or_else(|| properties.get(&kind.identifier));
        let reference = identifier.and_then(Value::as_str).unwrap_or(&key).to_owned();
        let digests = remembered(&self.stack, &properties);
        if let Some(resource) = self.stack.resources.get_mut(id) {
            resource.physical_resource_id = reference;
            resource.attributes = attributes;
            resource.properties = digests;
        }
        self.save()
    }

    /// Notes that a resource is to be deleted, unless it is to stay.
    fn replaced(&mut self, deployment: &Deployment<'_>, id: &str, before: &StackResource) {
        let policy = deployment.resource(id).map(|resource| resource.update_replace_policy);
        if !policy.unwrap_or_default().retains() {
            self.stack.replaced.push(Replaced { logical_id: id.to_owned(), resource: before.clone() });
        }
    }

    fn properties(&self, deployment: &Deployment<'_>, id: &str) -> Result<Map<String, Value>, Failure> {
        let properties = deployment.properties(id, &self.stack.resources, &BTreeSet::new());
        properties.map_err(|mistake| wrong(&[mistake]))
    }
}

/// The file that a store is filled from, if it is one that `cdk` would upload.
fn asset(deployment: &Deployment<'_>, properties: &Map<String, Value>) -> Option<PathBuf> {
    let source = properties.get("ImportSource")?.get("SourceArn")?.as_str()?;
    deployment.asset(source).map(Path::to_path_buf)
}

/// A configuration keeps the caller reference that it was made with. A staging distribution sends back the policy that
/// names it, which its template cannot name without a circle.
fn keep_what_stays(input: &mut Map<String, Value>, shown: &Value, config: &str) {
    let Some(shown) = shown.get(config) else { return };
    let Some(config) = input.get_mut(config).and_then(Value::as_object_mut) else { return };
    let mut keep = |member: &str| {
        if let Some(value) = shown.get(member) {
            config.insert(member.to_owned(), value.clone());
        }
    };
    keep("CallerReference");
    if shown.get("Staging") == Some(&Value::Bool(true)) {
        keep("ContinuousDeploymentPolicyId");
    }
}

fn place(id: &str) -> String {
    format!("Resources.{id}.Properties")
}

fn wrong(mistakes: &[Mistake]) -> Failure {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    Failure::new(lines.join("; "))
}
