//! Makes and changes resources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keyfront_cfn::Mistake;
use keyfront_cfn::change_set::{Action, Change, import_source_changes, remembered, remembered_at_creation};
use keyfront_cfn::convert::Call;
use keyfront_cfn::deployment::Deployment;
use keyfront_cfn::resource_type::ResourceType;
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
        let interrupted = self.lost(id);
        let caller_reference = interrupted
            .as_ref()
            .map_or_else(|| Uuid::new_v4().to_string(), |lost| lost.caller_reference.clone());
        let call = self.converter().create(kind, &properties, &caller_reference, &place);
        let call = call.map_err(|mistakes| wrong(&mistakes))?;
        let identity = kind.operations.identity.of(&call.input, &caller_reference);
        let goes_on = match &interrupted {
            // It is to be another one. A file of an earlier version does not say what it was.
            Some(lost) if !lost.kind.is_empty() && (lost.kind != kind.name || lost.identity != identity) => {
                self.delete_lost(lost).await?;
                false
            }
            interrupted => interrupted.is_some(),
        };
        self.stack.creating = Some(Creating {
            logical_id: id.to_owned(),
            caller_reference: caller_reference.clone(),
            kind: kind.name.to_owned(),
            identity: identity.clone(),
        });
        self.stack.lost.retain(|lost| lost.logical_id != id);
        self.save()?;
        let made = self.made(kind, id, &properties, &call, &identity, goes_on).await?;
        let resource = StackResource {
            kind: kind.name.to_owned(),
            key: key_of(kind, &made.shown, &properties)?,
            physical_resource_id: String::new(),
            attributes: BTreeMap::new(),
            properties: remembered_at_creation(&self.stack, kind, &properties),
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

    /// Makes a resource, or takes the one that this stack made without hearing of it.
    async fn made(
        &mut self,
        kind: &ResourceType,
        id: &str,
        properties: &Map<String, Value>,
        call: &Call,
        identity: &Value,
        goes_on: bool,
    ) -> Result<Current, Failure> {
        // No other resource has an identity that was made up.
        let looks = goes_on || !kind.operations.identity.is_made_up();
        match if looks { self.api.find(kind, identity).await? } else { None } {
            Some(key) if goes_on => return self.taken(kind, id, &key, properties).await,
            Some(key) => {
                self.stack.creating = None;
                return Err(Failure::new(format!(
                    "{key} is already there, and not of this stack; delete it, or choose another name"
                )));
            }
            None => {}
        }
        let error = match self.api.call(call.operation, &call.input).await {
            Ok(made) => return Ok(made),
            Err(error) => error,
        };
        // It was not there a moment ago: what is there now was made by a request whose answer was lost.
        match self.api.find(kind, identity).await {
            Ok(Some(key)) => self.taken(kind, id, &key, properties).await,
            Ok(None) if error.kind != ErrorKind::NoAnswer => {
                self.stack.creating = None;
                Err(error.into())
            }
            _ => Err(Failure::new(format!("{error}; whether it was made is not known"))),
        }
    }

    /// Takes a resource for the one that is to be made, and changes it to what that is to be.
    async fn taken(
        &mut self,
        kind: &ResourceType,
        id: &str,
        key: &str,
        properties: &Map<String, Value>,
    ) -> Result<Current, Failure> {
        let current = self.settled(kind, key, id).await?;
        let update = self.converter().update(kind, properties, &place(id));
        let mut update = update.map_err(|mistakes| wrong(&mistakes))?;
        if update.input.is_empty() {
            return Ok(current);
        }
        if let Some(config) = kind.operations.caller_reference_in {
            keep_what_stays(&mut update.input, &current.shown, config);
        }
        let taken = self.api.update(kind, key, current.etag.as_deref(), &update).await?;
        if kind.properties.contains_key("Tags") {
            self.change_tags(kind, key, properties).await?;
        }
        Ok(taken)
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
