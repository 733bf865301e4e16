//! Takes back what a deploy did, last step first.

use keyfront_cfn::stack::{StackResource, StackStatus};

use super::{Done, Execution};
use crate::failure::Failure;

impl Execution<'_> {
    /// Takes back what this deploy did, because making or changing a resource failed; gives the failure in words.
    pub(super) async fn take_back(&mut self, failed: &str, why: &Failure) -> Failure {
        let name = self.stack.stack_name.clone();
        if self.keep {
            let saved = self.save();
            let kept = "what was made before it stays, and the next deploy goes on with it";
            return saved.err().unwrap_or_else(|| Failure::new(format!("{failed} failed: {why}; {kept}")));
        }
        let mut standing = Vec::new();
        if self.stack.creating.is_some() {
            standing.push(format!(
                "\n  {failed}: perhaps; the next deploy finds out, and so does `keyfront cfn delete`"
            ));
        }
        while let Some(done) = self.done.pop() {
            if let Err((id, key, failure)) = self.undo(done).await {
                standing.push(format!("\n  {id} ({key}): {failure}"));
            }
            if let Err(failure) = self.save() {
                standing.push(format!("\n  {failure}"));
            }
        }
        self.stack.status = if standing.is_empty() {
            StackStatus::UpdateRollbackComplete
        } else {
            StackStatus::UpdateRollbackFailed
        };
        let empty = self.stack.resources.is_empty() && self.stack.replaced.is_empty();
        let known = self.stack.creating.is_none() && self.stack.lost.is_empty();
        let saved = if empty && known { self.locked.remove() } else { self.save() };
        standing.extend(saved.err().map(|failure| format!("\n  {failure}")));
        if standing.is_empty() {
            return Failure::new(format!(
                "{failed} failed: {why}; everything that this deploy did was taken back, and the stack {name} is as it \
                 was before"
            ));
        }
        Failure::new(format!(
            "{failed} failed: {why}; this could not be taken back, and stands:{}",
            standing.concat()
        ))
    }

    /// Takes back a step; what stands if it cannot be.
    async fn undo(&mut self, done: Done) -> Result<(), (String, String, Failure)> {
        match done {
            Done::Made { logical_id: id, before } => {
                let Some(made) = self.stack.resources.get(&id).cloned() else { return Ok(()) };
                let deleted = self.delete_made(&made, &id).await;
                deleted.map_err(|failure| (id.clone(), made.key.clone(), failure))?;
                self.told("removed", &id, &made.key);
                match before {
                    None => {
                        self.stack.resources.remove(&id);
                    }
                    Some(before) => {
                        self.stack.replaced.retain(|replaced| replaced.resource.key != before.key);
                        self.stack.resources.insert(id, *before);
                    }
                }
                Ok(())
            }
            Done::Filled { logical_id: id, key, before } => {
                let made = self
                    .done
                    .iter()
                    .any(|done| matches!(done, Done::Made { logical_id, .. } if *logical_id == id));
                if !made {
                    let restored = self.write_pairs(&key, &before).await;
                    restored.map_err(|failure| (id.clone(), key.clone(), failure))?;
                }
                Ok(())
            }
            Done::Changed { logical_id: id, before, restore } => {
                let key = before.key.clone();
                let restored = self.restore(&before, restore.as_ref(), &id).await;
                restored.map_err(|failure| (id.clone(), key.clone(), failure))?;
                self.told("restored", &id, &key);
                self.stack.resources.insert(id, *before);
                Ok(())
            }
        }
    }

    async fn delete_made(&self, made: &StackResource, id: &str) -> Result<(), Failure> {
        let kind = self.kind(&made.kind)?;
        self.delete(kind, &made.key, id).await
    }

    async fn restore(
        &self,
        before: &StackResource,
        restore: Option<&keyfront_cfn::convert::Call>,
        id: &str,
    ) -> Result<(), Failure> {
        let kind = self.kind(&before.kind)?;
        let Some(call) = restore else {
            return Err(Failure::new(
                "the API does not show what it was made of, so it is as this deploy left it",
            ));
        };
        let current = self.settled(kind, &before.key, id).await?;
        let restored = self.api.update(kind, &before.key, current.etag.as_deref(), call).await?;
        if let Some(publish) = kind.operations.publish {
            self.api.on_version(publish, kind, &before.key, restored.etag.as_deref()).await?;
        }
        self.settled(kind, &before.key, id).await?;
        Ok(())
    }
}
