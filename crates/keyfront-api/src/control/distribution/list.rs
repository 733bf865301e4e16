//! ListDistributions: the summaries of the account's distributions in the order of creation.
//!
//! Clients ask again and again for summaries that have not changed, and a page of them is half a megabyte. So a summary is
//! made and written once for a stored record and a state, and copied from then on. The pages themselves are always read
//! from the store.

use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use keyfront_store::list::PageRequest;
use keyfront_store::records::{StateRecord, StoredResource};
use keyfront_store::resources;
use keyfront_wire::encode::Part;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde_json::Value;

use super::summary::summary;
use crate::configuration;
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::operation::{Answer, Members, Operation, Output, WholeAccount, text};

/// How much memory the summaries of all accounts take, about.
const BYTES: u64 = 16 * 1024 * 1024;

/// How much one takes, about: the written summary is half as large again as the record.
const EXPECTED_BYTES: usize = 8 * 1024;

/// Summaries of distributions that were shown before.
pub struct Summaries(Cache<(AccountId, StoredResource), Summary, Size>);

/// What is shown of a stored record.
#[derive(Clone)]
struct Summary {
    id: Arc<str>,
    state: Arc<Option<StateRecord>>,
    /// The state that the part shows.
    shown: Arc<str>,
    part: Arc<Part>,
}

/// Weighs a stored record and what is made of it.
#[derive(Clone)]
struct Size;

impl Weighter<(AccountId, StoredResource), Summary> for Size {
    fn weight(&self, (_, stored): &(AccountId, StoredResource), _summary: &Summary) -> u64 {
        let bytes = stored.size_bytes();
        u64::try_from(bytes.saturating_mul(5) / 2).unwrap_or(u64::MAX)
    }
}

impl Default for Summaries {
    fn default() -> Summaries {
        let expected = usize::try_from(BYTES).unwrap_or(usize::MAX) / EXPECTED_BYTES;
        Summaries(Cache::with_weighter(expected, BYTES, Size))
    }
}

impl Summaries {
    /// The summary of a stored distribution as it is now.
    fn now(&self, cx: &Context, account: AccountId, stored: StoredResource) -> Result<Summary, ServiceError> {
        let key = (account, stored);
        let known = self.0.get(&key).filter(|known| {
            let arn = Arn::new(account, ResourceKind::DISTRIBUTION, &*known.id);
            let state = known.state.as_ref().as_ref();
            state.is_none_or(|state| state.at(configuration::moment(cx, &arn)) == &*known.shown)
        });
        if let Some(known) = known {
            return Ok(known);
        }
        let record = key.1.read()?;
        let now_ms = configuration::moment(cx, &Arn::new(account, ResourceKind::DISTRIBUTION, &*record.id));
        let summary = Summary {
            id: record.id.as_str().into(),
            state: Arc::new(record.state.clone()),
            shown: record.state.as_ref().map_or("", |state| state.at(now_ms)).into(),
            part: Arc::new(Part::new(summary(account, record, now_ms))),
        };
        self.0.insert(key, summary.clone());
        Ok(summary)
    }
}

pub(super) struct ListDistributions;

impl Operation for ListDistributions {
    const NAME: &'static str = "ListDistributions";
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Summarized;

    fn errors() -> Vec<Code> {
        Vec::new()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Summarized, ServiceError> {
        let (account, max_items) = (caller.account(), page::max_items_of(&input)?);
        let marker = text(&input, "Marker");
        let request = PageRequest::new(Some(marker).filter(|marker| !marker.is_empty()), max_items);
        let listed = resources::list_stored(&*cx.engine, account, ResourceKind::DISTRIBUTION, request).await;
        let listed = listed.map_err(page::aborted)?;
        let summaries = listed.items.into_iter().map(|stored| cx.summaries.now(cx, account, stored));
        let summaries = summaries.collect::<Result<Vec<_>, _>>()?;
        let next_marker = summaries.last().filter(|_| listed.more).map(|last| last.id.to_string());
        // An item is the number of its part.
        let items = (0..summaries.len()).map(Value::from).collect();
        Ok(Summarized {
            page: Page::new(Some(marker.to_owned()), max_items, items, next_marker),
            parts: summaries.into_iter().map(|summary| summary.part).collect(),
        })
    }
}

/// A page whose items are parts.
pub(super) struct Summarized {
    page: Page<Value>,
    parts: Vec<Arc<Part>>,
}

impl Output for Summarized {
    fn answer(self) -> Result<Answer, ServiceError> {
        let members = Members::from_iter([("DistributionList".to_owned(), self.page.into_value())]);
        Ok(Answer { members, parts: self.parts, body: None, stream: None })
    }
}
