//! Configuration documents by ARN: what distributions, key groups, policies and the like say, for readers that act
//! on it.

use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::arn::Arn;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::entries;
use keyfront_store::{Engine, Entry, Range, StoreError, Version};
use tokio::sync::watch;

use crate::followed::Followed;
use crate::history::History;
use crate::projection::{Projection, RangeWrite};
use crate::records::Records;

/// All configuration documents of all accounts, which follow an engine. Clones share them.
///
/// They are loaded when they are first asked for, and kept from then on: who serves needs them for every request.
#[derive(Clone)]
pub struct Documents {
    all: Followed<Everything>,
}

impl Documents {
    /// Follows an engine. It has to be called on a Tokio runtime with timers.
    pub fn follow(engine: Arc<dyn Engine>) -> Documents {
        Documents { all: Followed::follow(engine, Everything, None) }
    }

    /// The documents as one commit left them; `None` before they are loaded. Never waits.
    pub fn get(&self) -> Option<Arc<DocumentSet>> {
        self.all.get(&())
    }

    /// Loads the documents unless they are loaded, and follows them from now on.
    ///
    /// # Errors
    /// They could not be read. The next call tries again.
    pub async fn load(&self) -> Result<Arc<DocumentSet>, StoreError> {
        // There always is a set of documents, if an empty one.
        Ok(self.all.load(&()).await?.unwrap_or_default())
    }

    /// The last commit that is reflected.
    pub fn version(&self) -> Version {
        self.all.version()
    }

    /// Tells of commits: its value is the last one that is reflected, whatever it changed.
    pub fn changes(&self) -> watch::Receiver<Version> {
        self.all.changes()
    }

    /// Waits until a commit is reflected: from then on readers see what it wrote.
    ///
    /// It waits for as long as the engine cannot be read.
    pub async fn reached(&self, version: Version) {
        self.all.reached(version).await;
    }
}

/// All documents after one commit.
#[derive(Default)]
pub struct DocumentSet {
    records: Records<Document>,
    history: History,
}

/// A document, or why it cannot be read.
type Document = Result<Arc<ResourceRecord>, Arc<StoreError>>;

impl DocumentSet {
    fn of(ranges: &[Vec<Entry>]) -> DocumentSet {
        DocumentSet { records: Records::from_entries(ranges, decode), history: History::default() }
    }

    /// The ARNs of the documents that are in one of two sets alone, or differ between them. It costs what was written since
    /// the earlier one, or a comparison of two pointers for each document if that is long ago.
    pub fn differences(&self, earlier: &DocumentSet) -> Vec<Arn> {
        let keys = match self.history.written_since(&earlier.history) {
            Some(keys) => {
                let differs = |key: &&Bytes| match (self.records.get(key), earlier.records.get(key)) {
                    (None, None) => false,
                    (Some(now), Some(before)) => !is_same(now, before),
                    (Some(_), None) | (None, Some(_)) => true,
                };
                keys.into_iter().filter(differs).collect()
            }
            None => self.records.differing_keys(&earlier.records, is_same),
        };
        keys.into_iter().filter_map(|key| entries::arn(key)).collect()
    }

    /// The document of an ARN, with its version and its references; `None` if there is none.
    ///
    /// # Errors
    /// It is damaged, or a later version of Keyfront wrote it. The others can be read.
    pub fn get(&self, arn: &Arn) -> Result<Option<&Arc<ResourceRecord>>, &StoreError> {
        match self.records.get(&entries::key(arn)) {
            None => Ok(None),
            Some(Ok(record)) => Ok(Some(record)),
            Some(Err(error)) => Err(error),
        }
    }
}

fn is_same(now: &Document, before: &Document) -> bool {
    match (now, before) {
        (Ok(now), Ok(before)) => Arc::ptr_eq(now, before),
        (Err(now), Err(before)) => Arc::ptr_eq(now, before),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
    }
}

fn decode(_key: &Bytes, value: &Bytes) -> Document {
    entries::read(value).map(Arc::new).map_err(Arc::new)
}

/// The projection, which is followed whole.
struct Everything;

impl Projection for Everything {
    type Part = ();
    type Value = DocumentSet;

    fn ranges(&self, (): &()) -> Vec<Range> {
        vec![entries::all()]
    }

    fn from_snapshot(&self, (): &(), ranges: &[Vec<Entry>]) -> Result<Option<DocumentSet>, StoreError> {
        Ok(Some(DocumentSet::of(ranges)))
    }

    fn apply(
        &self,
        part: &(),
        value: &DocumentSet,
        writes: &[RangeWrite<'_>],
    ) -> Result<Option<DocumentSet>, StoreError> {
        let records = value.records.after(&self.ranges(part), writes, decode);
        Ok(Some(DocumentSet { records, history: value.history.after(writes) }))
    }
}
