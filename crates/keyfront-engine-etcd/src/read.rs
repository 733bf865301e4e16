//! Reads: every range as of one revision, in pages.
//!
//! The first request of a read is linearizable: it shows every commit that was answered before, whichever server it
//! went through. Later pages are asked for at the revision of the first. When etcd compacts it away meanwhile, the
//! read begins anew.

use bytes::Bytes;
use keyfront_engine::{Entry, Range, Snapshot, StoreError, Version, successor};
use tokio::time::{Instant, timeout_at};

use crate::failure::{Failure, Kind};
use crate::keys::KeySpace;
use crate::proto::etcdserverpb::{RangeRequest, RangeResponse, TxnRequest};
use crate::request::{self, reads_of, revision_of};
use crate::shared::{Shared, version_of};

/// The most entries of the first page, and of any page.
const FIRST_PAGE: usize = 128;
const LARGEST_PAGE: usize = 8192;

/// Pages grow while they have fewer bytes than this, and shrink when they have four times as many.
const GOOD_PAGE_BYTES: usize = 1 << 20;

/// The rest of a range.
struct Cursor {
    /// Its place in what was asked for.
    place: usize,
    start: Bytes,
    end: Bytes,
    left: usize,
}

/// What a read has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Currency {
    /// Every commit that was answered before, which the member asks the others about.
    Current,
    /// What the member has: a moment ago it was current, unless the member is cut off from the others.
    Recent,
}

/// Reads the ranges by themselves.
pub(crate) async fn at_once(
    shared: &Shared,
    ranges: &[Range],
    currency: Currency,
) -> Result<Snapshot, StoreError> {
    let until = Instant::now() + shared.settings.operation();
    let Ok(Ok(_place)) = timeout_at(until, shared.reads.acquire()).await else {
        let message = "too many reads are under way; try again later".to_owned();
        return Err(StoreError::Read { message, source: None });
    };
    loop {
        match Reading::new(shared, ranges, currency).run(shared).await {
            Ok(snapshot) => {
                shared.reach(snapshot.version);
                return Ok(snapshot);
            }
            Err(failure) if failure.kind == Kind::Compacted && Instant::now() < until => {}
            Err(failure) => return Err(failure.of_read()),
        }
    }
}

/// One read on its way.
struct Reading {
    cursors: Vec<Cursor>,
    found: Vec<Vec<Entry>>,
    /// Version and revision of the snapshot, when the first request was answered.
    moment: Option<(Version, i64)>,
    page: usize,
    currency: Currency,
}

impl Reading {
    fn new(shared: &Shared, ranges: &[Range], currency: Currency) -> Reading {
        let asked = ranges.iter().enumerate().filter(|(_, range)| !range.is_empty());
        let cursor = |(place, range): (usize, &Range)| Cursor {
            place,
            start: shared.keys.entry(&range.start),
            end: shared.keys.end_of_entries(&range.end),
            left: range.limit,
        };
        // The next one is at the end.
        let cursors = asked.rev().map(cursor).collect();
        Reading { cursors, found: vec![Vec::new(); ranges.len()], moment: None, page: FIRST_PAGE, currency }
    }

    async fn run(mut self, shared: &Shared) -> Result<Snapshot, Failure> {
        loop {
            let now = self.group(shared.settings.max_txn_ops.saturating_sub(1));
            let until = Instant::now() + shared.settings.operation();
            let txn = self.request(shared, &now);
            let answer = shared.cluster.repeat(until, |client| client.transact(txn.clone())).await?;
            let revision = revision_of(&answer);
            let mut answers = reads_of(answer);
            if self.moment.is_none() {
                let head = answers.next().map_or(0, |head| request::written_at(&head));
                self.moment = Some((version_of(head), revision));
            }
            let mut bytes = 0;
            let mut unfinished = Vec::new();
            for (cursor, page) in now.into_iter().zip(answers) {
                unfinished.extend(self.take(&shared.keys, cursor, page, &mut bytes));
            }
            self.cursors.extend(unfinished.into_iter().rev());
            if let (true, Some((version, _))) = (self.cursors.is_empty(), self.moment) {
                return Ok(Snapshot { version, ranges: self.found });
            }
            self.page = match bytes {
                few if few < GOOD_PAGE_BYTES => (self.page * 2).min(LARGEST_PAGE),
                many if many > 4 * GOOD_PAGE_BYTES => (self.page / 2).max(1),
                _ => self.page,
            };
        }
    }

    /// The cursors for one request: as many as have a page together.
    fn group(&mut self, most: usize) -> Vec<Cursor> {
        let mut group = Vec::new();
        let mut entries: usize = 0;
        while let Some(cursor) = self.cursors.pop_if(|next| {
            group.is_empty()
                || (group.len() < most && entries.saturating_add(next.left.min(self.page)) <= self.page)
        }) {
            entries = entries.saturating_add(cursor.left.min(self.page));
            group.push(cursor);
        }
        group
    }

    fn request(&self, shared: &Shared, group: &[Cursor]) -> TxnRequest {
        let revision = self.moment.map_or(0, |(_, revision)| revision);
        let serializable = self.currency == Currency::Recent;
        let page = |cursor: &Cursor| {
            let limit = i64::try_from(cursor.left.min(self.page)).unwrap_or(i64::MAX);
            let range = request::range((cursor.start.clone(), cursor.end.clone()));
            request::read(RangeRequest { limit, revision, serializable, ..range })
        };
        let head = || {
            let head = request::keys_only(request::key(shared.keys.head()));
            request::read(RangeRequest { serializable, ..head })
        };
        let head = self.moment.is_none().then(head);
        request::when(Vec::new(), head.into_iter().chain(group.iter().map(page)).collect())
    }

    /// Takes a page, and gives back the cursor if there is more.
    fn take(
        &mut self,
        keys: &KeySpace,
        mut cursor: Cursor,
        page: RangeResponse,
        bytes: &mut usize,
    ) -> Option<Cursor> {
        cursor.left = cursor.left.saturating_sub(page.kvs.len());
        if let Some(last) = page.kvs.last() {
            cursor.start = successor(&last.key);
        }
        let found = self.found.get_mut(cursor.place)?;
        for stored in page.kvs {
            *bytes += stored.key.len() + stored.value.len();
            if let Some(key) = keys.key_of(&stored.key) {
                found.push(Entry { key, value: stored.value, version: version_of(stored.mod_revision) });
            }
        }
        (page.more && cursor.left > 0).then_some(cursor)
    }
}
