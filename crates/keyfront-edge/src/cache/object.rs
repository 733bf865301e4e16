//! One object: what it is, how long it may be used, and which invalidations it has seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use keyfront_domain::caching::freshness::Freshness;

use super::head::KeptHead;
use super::invalidations::Marks;
use super::wanted::{Served, Verdict, Wanted};
use crate::body::{DiskBody, Fill, ObjectBody, Whole};
use crate::key::CacheKey;
use crate::origin::OriginFailure;

/// Bytes that an object takes beside what is counted: its place in maps, allocations.
const OVERHEAD: u64 = 512;

/// Fewest bytes of a body that goes to the folder when memory has no room for it.
const LEAST_FILE: u64 = 16 * 1024;

/// An object of the cache, or on its way there. Only times of failed attempts and seen invalidations change.
pub(super) struct Object {
    pub(super) key: CacheKey,
    pub(super) head: KeptHead,
    pub(super) content: Content,
    pub(super) origin_id: Arc<str>,
    /// When the head came, in milliseconds since the epoch.
    pub(super) received_ms: u64,
    pub(super) freshness: Freshness,
    /// The origin failed: until then it is not asked again, and a stale object is served.
    retry_at_ms: AtomicU64,
    /// It was served from the cache.
    used: AtomicBool,
    pub(super) marks: Marks,
}

/// What an object has beside its head.
#[derive(Clone)]
pub(super) enum Content {
    /// All bytes, and the memory that they take.
    Whole(Whole, u64),
    /// What is still coming.
    Filling(Arc<Fill>),
    /// In a file, all of it or what has come so far.
    Disk(Arc<DiskBody>),
    /// An answer to HEAD, which says nothing of the body but its headers.
    HeadOnly,
    /// The origin gave no answer.
    Failed(Box<OriginFailure>),
}

/// How an object may be used at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Without asking the origin.
    Fresh,
    /// The origin has failed a moment ago: as it is.
    Retained,
    /// As it is, while the origin is asked.
    Revalidating,
    /// After the origin was asked.
    Stale,
}

impl Object {
    pub(super) fn new(
        key: CacheKey,
        (head, content): (KeptHead, Content),
        origin_id: Arc<str>,
        (received_ms, freshness): (u64, Freshness),
        marks: Marks,
    ) -> Object {
        Object {
            key,
            head,
            content,
            origin_id,
            received_ms,
            freshness,
            retry_at_ms: AtomicU64::new(0),
            used: AtomicBool::new(false),
            marks,
        }
    }

    /// The same object with all its bytes.
    pub(super) fn completed(&self, content: Content) -> Object {
        Object {
            key: self.key.clone(),
            head: self.head.clone(),
            content,
            origin_id: Arc::clone(&self.origin_id),
            received_ms: self.received_ms,
            freshness: self.freshness,
            retry_at_ms: AtomicU64::new(0),
            used: AtomicBool::new(false),
            marks: self.marks.clone(),
        }
    }

    pub(super) fn phase(&self, now_ms: u64) -> Phase {
        let passed_ms = now_ms.saturating_sub(self.received_ms);
        if passed_ms < self.freshness.fresh_ms {
            Phase::Fresh
        } else if now_ms < self.retry_at_ms.load(Ordering::Relaxed) && passed_ms < self.freshness.on_error_ms
        {
            Phase::Retained
        } else if passed_ms < self.freshness.while_revalidating_ms {
            Phase::Revalidating
        } else {
            Phase::Stale
        }
    }

    /// It may be served although the origin fails.
    pub(super) fn outlives_errors(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.received_ms) < self.freshness.on_error_ms
    }

    /// The origin has failed and is not asked again before this time.
    pub(super) fn retain_until(&self, retry_at_ms: u64) {
        self.retry_at_ms.fetch_max(retry_at_ms, Ordering::Relaxed);
    }

    /// It has what a request wants: one of HEAD has no body.
    pub(super) fn answers(&self, wanted: &Wanted) -> bool {
        wanted.is_head || !matches!(self.content, Content::HeadOnly)
    }

    /// Answers a request with it. `None` if its body has just failed or has moved on.
    pub(super) fn serve(
        &self,
        wanted: &Wanted,
        verdict: Verdict,
        now_ms: u64,
    ) -> Option<Result<Served, OriginFailure>> {
        let body = match &self.content {
            Content::Failed(failure) => return Some(Err(OriginFailure::clone(failure))),
            Content::HeadOnly => ObjectBody::silent(None),
            Content::Whole(whole, _) if wanted.is_head => ObjectBody::silent(Some(whole.length())),
            Content::Filling(fill) if wanted.is_head => ObjectBody::silent(fill.length()),
            Content::Disk(body) if wanted.is_head => ObjectBody::silent(Some(body.length())),
            Content::Disk(body) => ObjectBody::disk(body.reader()?),
            Content::Whole(whole, _) => ObjectBody::whole(whole.clone()),
            Content::Filling(fill) => ObjectBody::filling(fill.reader(0)?),
        };
        let resident_s = now_ms.saturating_sub(self.received_ms) / 1000;
        let age_s = self.freshness.age_s.saturating_add(resident_s);
        Some(Ok(Served {
            head: self.head.get(),
            body,
            verdict,
            age_s: if verdict == Verdict::Miss && self.freshness.age_s == 0 { None } else { Some(age_s) },
            origin_id: Arc::clone(&self.origin_id),
            is_stale: verdict == Verdict::Hit && self.phase(now_ms) != Phase::Fresh,
            times: None,
        }))
    }

    /// An invalidation names it that came after its fetch began.
    pub(super) fn is_invalidated(&self) -> bool {
        self.marks.are_invalid(&self.key)
    }

    /// Notes that it was served from the cache.
    pub(super) fn note_use(&self) {
        // Most hits find it noted, and leave the memory as it is for other processors.
        if !self.used.load(Ordering::Relaxed) {
            self.used.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it should go to the folder when memory has no room for it: it was used, and is not so small that its head
    /// is most of it.
    pub(super) fn is_worth_a_file(&self) -> bool {
        let is_large = matches!(&self.content, Content::Whole(whole, _) if whole.length() >= LEAST_FILE);
        is_large && self.used.load(Ordering::Relaxed) && !self.is_invalidated()
    }

    /// Its body is in a file.
    pub(super) fn is_on_disk(&self) -> bool {
        matches!(self.content, Content::Disk(_))
    }

    /// Its file cannot be read any more.
    pub(super) fn is_damaged(&self) -> bool {
        matches!(&self.content, Content::Disk(body) if body.is_damaged())
    }

    /// Bytes that it takes, of memory or in its file, whatever its phase.
    pub(super) fn weight(&self) -> u64 {
        let texts = self.head.weight() + self.key.weight() + self.marks.size();
        let body = match &self.content {
            Content::Whole(_, capacity) => *capacity,
            Content::Disk(body) => body.length(),
            Content::Filling(_) | Content::HeadOnly | Content::Failed(_) => 0,
        };
        body.saturating_add(u64::try_from(texts).unwrap_or(u64::MAX)).saturating_add(OVERHEAD)
    }
}
