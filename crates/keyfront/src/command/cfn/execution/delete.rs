//! Deletes resources. What must be disabled first is disabled first.

use keyfront_cfn::convert::Call;
use keyfront_cfn::resource_type::ResourceType;
use serde_json::{Map, Value};

use super::Execution;
use crate::command::cfn::api::{Current, absent};
use crate::failure::Failure;

impl Execution<'_> {
    /// Deletes what others took the place of.
    pub(super) async fn delete_replaced(&mut self) -> Result<(), Failure> {
        while let Some(replaced) = self.stack.replaced.last().cloned() {
            let (id, key) = (&replaced.logical_id, &replaced.resource.key);
            let kind = self.kind(&replaced.resource.kind)?;
            self.delete(kind, key, id).await.map_err(|failure| stands(id, key, &failure))?;
            self.stack.replaced.pop();
            self.save()?;
            self.told("deleted", id, key);
        }
        Ok(())
    }

    /// Deletes those resources of the stack, each before what it refers to, or forgets those that are retained.
    pub(super) async fn delete_resources(&mut self, leaves: impl Fn(&str) -> bool) -> Result<(), Failure> {
        for id in self.stack.deletion_order().into_iter().filter(|id| leaves(id)) {
            let Some(resource) = self.stack.resources.get(&id).cloned() else { continue };
            let retained = resource.deletion_policy.retains();
            if !retained {
                let kind = self.kind(&resource.kind)?;
                let deleted = self.delete(kind, &resource.key, &id).await;
                deleted.map_err(|failure| stands(&id, &resource.key, &failure))?;
            }
            self.stack.resources.remove(&id);
            self.save()?;
            self.told(if retained { "retained" } else { "deleted" }, &id, &resource.key);
        }
        Ok(())
    }

    /// Deletes one resource. One that is not there is deleted.
    pub(super) async fn delete(&self, kind: &ResourceType, key: &str, id: &str) -> Result<(), Failure> {
        let Some(mut current) = self.api.read(kind, key).await? else { return Ok(()) };
        if let Some(path) = kind.operations.enabled
            && self.disabled(kind, key, path, &current).await?
        {
            current = self.settled(kind, key, id).await?;
        } else if kind.operations.enabled.is_some() {
            current = self.settled(kind, key, id).await?;
        }
        let delete = kind.operations.delete;
        absent(self.api.on_version(delete, kind, key, current.etag.as_deref()).await)?;
        Ok(())
    }

    /// Disables a resource that is enabled; whether it was.
    async fn disabled(
        &self,
        kind: &ResourceType,
        key: &str,
        path: &str,
        current: &Current,
    ) -> Result<bool, Failure> {
        let Some(Call { operation, mut input }) = self.api.as_it_is(kind, key, current).await? else {
            return Ok(false);
        };
        let Some(enabled) = member(&mut input, path).filter(|enabled| **enabled == Value::Bool(true)) else {
            return Ok(false);
        };
        *enabled = Value::Bool(false);
        self.api.update(kind, key, current.etag.as_deref(), &Call { operation, input }).await?;
        Ok(true)
    }
}

/// A deletion that failed: what stands, and what to do.
fn stands(id: &str, key: &str, failure: &Failure) -> Failure {
    Failure::new(format!(
        "{id} ({key}) could not be deleted and still stands: {failure}; everything else that was to be done before it \
         is done, and the same command again goes on with it"
    ))
}

/// The member at a path with dots.
fn member<'i>(input: &'i mut Map<String, Value>, path: &str) -> Option<&'i mut Value> {
    match path.split_once('.') {
        None => input.get_mut(path),
        Some((first, rest)) => input.get_mut(first)?.get_mut(rest),
    }
}
