//! Typed reading of documents, which notes what was read: a distribution changes when one of these does.

use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_view::ResourceRecord;
use keyfront_view::documents::DocumentSet;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A reader of an account's documents.
pub(super) struct Reader<'d> {
    documents: &'d DocumentSet,
    account: AccountId,
    read: Vec<Arc<Arn>>,
}

/// Why a distribution cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotCompiled {
    /// A document is damaged.
    #[error("{0} cannot be read: {1}")]
    Damaged(Arn, String),
    /// It names what is not there.
    #[error("{0} does not exist")]
    Missing(Arn),
    /// A document has not the form that it must have.
    #[error("{0} has not the form of its kind")]
    Form(Arn, #[source] serde_json::Error),
    /// A setting has a value that the service refuses; to read it as none would open what it closes.
    #[error("{0} is not valid")]
    Setting(&'static str),
    /// An origin has a value that cannot be.
    #[error(transparent)]
    Origin(#[from] crate::origin::InvalidOrigin),
}

impl<'d> Reader<'d> {
    pub(super) fn new(documents: &'d DocumentSet, account: AccountId) -> Reader<'d> {
        Reader { documents, account, read: Vec::new() }
    }

    /// The account whose documents are read.
    pub(super) fn account(&self) -> AccountId {
        self.account
    }

    /// The document of a kind and an id, if it is there.
    pub(super) fn find(
        &mut self,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Option<Arc<ResourceRecord>>, NotCompiled> {
        let arn = Arn::new(self.account, kind, id);
        let found = self.documents.get(&arn);
        let found = found.map_err(|error| NotCompiled::Damaged(arn.clone(), error.to_string()))?.cloned();
        self.read.push(Arc::new(arn));
        Ok(found)
    }

    /// The configuration of a kind and an id.
    pub(super) fn config<C: DeserializeOwned>(
        &mut self,
        kind: ResourceKind,
        id: &str,
    ) -> Result<C, NotCompiled> {
        match self.find(kind, id)? {
            Some(record) => self.typed(kind, id, &record.config),
            None => Err(NotCompiled::Missing(Arn::new(self.account, kind, id))),
        }
    }

    /// The configuration of an id that may be one of the service's own.
    pub(super) fn config_or<C: DeserializeOwned>(
        &mut self,
        kind: ResourceKind,
        id: &str,
        managed: Option<Map<String, Value>>,
    ) -> Result<C, NotCompiled> {
        match managed {
            Some(config) => self.typed(kind, id, &config),
            None => self.config(kind, id),
        }
    }

    /// A configuration in its typed form.
    pub(super) fn typed<C: DeserializeOwned>(
        &self,
        kind: ResourceKind,
        id: &str,
        config: &Map<String, Value>,
    ) -> Result<C, NotCompiled> {
        C::deserialize(config).map_err(|error| NotCompiled::Form(Arn::new(self.account, kind, id), error))
    }

    /// What was read so far, and what was not there.
    pub(super) fn sources(self) -> Vec<Arc<Arn>> {
        self.read
    }
}
