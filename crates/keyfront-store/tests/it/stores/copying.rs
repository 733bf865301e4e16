//! Copies from one engine into another, whatever breaks off.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use keyfront_engine::{Changes, Limits, MemoryEngine, Outcome, Snapshot, Stats, Version};
use keyfront_store::copying::{self, CopyError, Step};
use keyfront_store::records::CredentialRecord;
use keyfront_store::{Batch, StoreError, credentials, saved_states};

use super::staged::{self, Ending, create_many, small};
use super::*;

/// At whatever commit a copy breaks off, the next one completes it, and one more finds nothing to do.
#[tokio::test]
async fn a_copy_that_breaks_off_is_completed_by_the_next_one() {
    let from = MemoryEngine::new();
    create_many(&from, 0..100, "copied ").await;
    for user in ["ada", "bob"] {
        let record = CredentialRecord {
            access_key_id: format!("AKIA{user}"),
            account: arn(1).account,
            user_name: user.to_owned(),
            policy: String::from("{}"),
            sealed_secret: String::from("sealed"),
            created_ms: 0,
        };
        assert!(credentials::put(&from, &record).await.unwrap());
    }
    let source = saved_states::take(&from).await.unwrap();
    let mut broken = 0;
    for commits in 0.. {
        let to = Arc::new(small());
        let first = copying::copy(&from, &Ending::after(&to, commits), |_step| {}).await;
        let copied = copying::copy(&from, &*to, |_step| {}).await.unwrap();
        assert_eq!((copied.contents.stores, copied.credentials), (100, 2));
        assert_eq!(saved_states::take(&*to).await.unwrap(), source);
        assert_eq!(credentials::list(&*to).await.unwrap(), credentials::list(&from).await.unwrap());
        stores::audit(&*to).await.unwrap();
        if first.is_ok() {
            let version = to.read(&[]).await.unwrap().version;
            copying::copy(&from, &*to, |_step| {}).await.unwrap();
            assert_eq!(to.read(&[]).await.unwrap().version, version, "nothing was left to do");
            break;
        }
        broken += 1;
    }
    assert!(broken > 8, "it is made in several commits: {broken}");
}

#[tokio::test]
async fn a_copy_is_refused_where_something_else_is() {
    let (from, to) = (MemoryEngine::new(), small());
    create_many(&from, 0..3, "copied ").await;
    create(&to, &new("other", 7)).await.unwrap();
    let before = saved_states::take(&to).await.unwrap();
    let refused = copying::copy(&from, &to, |_step| {}).await.unwrap_err();
    assert!(matches!(refused, CopyError::NotEmpty), "{refused}");
    assert_eq!(saved_states::take(&to).await.unwrap(), before);
}

#[tokio::test]
async fn a_source_that_changes_during_the_copy_is_noticed() {
    let (from, to) = (Arc::new(MemoryEngine::new()), small());
    create_many(&*from, 0..3, "copied ").await;
    let writing = Arc::clone(&from);
    let meddle = move |step| {
        if step == (Step::Verifying { entries: 0 }) {
            let late = pin!(writing.commit(Batch::default().put("late", "1")));
            let answered = late.poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(answered, Poll::Ready(Ok(_))), "memory answers at once");
        }
    };
    let refused = copying::copy(&*from, &to, meddle).await.unwrap_err();
    assert!(matches!(refused, CopyError::Changed), "{refused}");
}

/// More entries than a page has.
const MANY: u128 = 300;

/// The engine into which a copy was made until so many commits were made.
async fn broken_off(from: &dyn Engine, commits: usize) -> Arc<MemoryEngine> {
    let to = Arc::new(small());
    assert!(copying::copy(from, &Ending::after(&to, commits), |_step| {}).await.is_err());
    to
}

#[tokio::test]
async fn a_copy_that_was_broken_off_goes_on_where_it_was() {
    let from = MemoryEngine::new();
    create_many(&from, 0..MANY, "copied ").await;
    let mut gone_on = HashSet::new();
    for commits in (0..).step_by(2) {
        let to = Arc::new(small());
        if copying::copy(&from, &Ending::after(&to, commits), |_step| {}).await.is_ok() {
            break;
        }
        let unfinished = copying::refuse_unfinished(&*to).await.err().map(|error| error.to_string());
        assert_eq!(unfinished.is_some_and(|error| error.contains("run keyfront copy again")), commits > 0);
        let told = |step| {
            if let Step::GoingOn { entries } = step {
                gone_on.insert(entries);
            }
        };
        copying::copy(&from, &*to, told).await.unwrap();
        copying::refuse_unfinished(&*to).await.unwrap();
        assert_eq!(saved_states::take(&*to).await.unwrap(), saved_states::take(&from).await.unwrap());
    }
    assert!(gone_on.len() > 1, "it goes on after what was written: {gone_on:?}");
}

#[tokio::test]
async fn a_copy_of_a_source_that_has_changed_meanwhile_begins_anew() {
    let from = MemoryEngine::new();
    create_many(&from, 0..MANY, "copied ").await;
    let to = broken_off(&from, 6).await;
    create(&from, &new("late", 777_777)).await.unwrap();
    let told = |step| assert!(!matches!(step, Step::GoingOn { .. }), "{step:?}");
    copying::copy(&from, &*to, told).await.unwrap();
    assert_eq!(saved_states::take(&*to).await.unwrap(), saved_states::take(&from).await.unwrap());
}

/// An engine that counts the most entries that were read at once.
struct Counting(MemoryEngine, AtomicUsize);

#[async_trait]
impl Engine for Counting {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        let snapshot = self.0.read(ranges).await?;
        self.1.fetch_max(snapshot.ranges.iter().map(Vec::len).sum(), Ordering::SeqCst);
        Ok(snapshot)
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        self.0.commit(batch).await
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.0.watch(after).await
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    fn stats(&self) -> Stats {
        self.0.stats()
    }
}

#[tokio::test]
async fn a_page_is_all_that_is_read_at_once_and_generations_begin_with_the_first() {
    let from = Counting(small(), AtomicUsize::new(0));
    create(&from, &new("large", 1)).await.unwrap();
    let pairs = staged::many(3000, "a");
    // The engine takes few steps, so that this is a generation of its own.
    let written = staged::write(&from, 1, 1, &pairs, &[]).await.unwrap();
    assert!(matches!(written, WriteOutcome::Written(_)), "{written:?}");
    from.1.store(0, Ordering::SeqCst);
    let to = Counting(MemoryEngine::new(), AtomicUsize::new(0));
    let copied = copying::copy(&from, &to, |_step| {}).await.unwrap();
    for engine in [&from, &to] {
        assert!(engine.1.load(Ordering::SeqCst) <= 512, "more than a page was read at once");
    }
    assert_eq!(copied.contents.pairs.item_count, 3000);
    assert_eq!(staged::all(&to, 1).await.unwrap(), pairs);
    assert_eq!(staged::staged(&to).await, 0, "no generation but the first");
}
