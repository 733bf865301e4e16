//! Resources that an earlier deploy was making when it was interrupted or heard no answer.
//!
//! A deploy that is to make such a resource takes the one that is there. One that is not to make it deletes it, and so
//! does the deletion of the stack. It is known by its identity, since its key was never heard of.

use std::collections::BTreeSet;

use keyfront_cfn::change_set::{Action, Change};
use keyfront_cfn::stack::Creating;

use super::Execution;
use crate::failure::Failure;

impl Execution<'_> {
    /// Sets aside what was being made, and deletes it unless one of these changes makes it.
    pub(super) async fn settle_lost(&mut self, changes: &[Change]) -> Result<(), Failure> {
        self.stack.lost.extend(self.stack.creating.take());
        let makes: BTreeSet<&str> = changes
            .iter()
            .filter(|change| matches!(change.action, Action::Create | Action::Replace))
            .map(|change| change.logical_id.as_str())
            .collect();
        let left = self.stack.lost.iter().filter(|lost| !makes.contains(lost.logical_id.as_str()));
        for lost in left.cloned().collect::<Vec<_>>() {
            self.delete_lost(&lost).await?;
            self.stack.lost.retain(|other| *other != lost);
            self.save()?;
        }
        Ok(())
    }

    /// What was being made with this logical id.
    pub(super) fn lost(&self, logical_id: &str) -> Option<Creating> {
        self.stack.lost.iter().find(|lost| lost.logical_id == logical_id).cloned()
    }

    /// Deletes a resource of whose creation there was no answer, if it is there.
    pub(super) async fn delete_lost(&self, lost: &Creating) -> Result<(), Failure> {
        if lost.kind.is_empty() {
            // An earlier version wrote down neither its type nor its identity.
            return Ok(());
        }
        let kind = self.kind(&lost.kind)?;
        if let Some(key) = self.api.find(kind, &lost.identity).await? {
            self.delete(kind, &key, &lost.logical_id).await?;
            self.told("removed", &lost.logical_id, &key);
        }
        Ok(())
    }
}
