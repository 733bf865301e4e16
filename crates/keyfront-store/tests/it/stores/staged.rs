//! Stores that are larger than a batch of the engine: staged, switched, collected, whatever breaks off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use keyfront_engine::{MemoryEngine, MemorySettings};
use keyfront_store::records::Status;
use keyfront_store::stores::{AllPairs, ReadPairs};
use keyfront_store::{Batch, Changes, Limits, Outcome, Snapshot, Stats, StoreError, Version, saved_states};

use super::*;
use crate::interposed::Interposed;

/// What an engine on a cluster takes at once.
const SMALL: Limits = Limits { writes: 128, bytes: 64 << 10 };

pub(super) fn small() -> MemoryEngine {
    MemoryEngine::with(MemorySettings { limits: SMALL, skips_versions: true })
}

/// An engine whose commits fail once some were made, as those of a process that ends.
pub(super) struct Ending {
    engine: Arc<MemoryEngine>,
    left: AtomicUsize,
}

impl Ending {
    pub(super) fn after(engine: &Arc<MemoryEngine>, commits: usize) -> Ending {
        Ending { engine: Arc::clone(engine), left: AtomicUsize::new(commits) }
    }
}

#[async_trait]
impl Engine for Ending {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        self.engine.read(ranges).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_err() {
            return Err(StoreError::NotWritten { message: "the process ended".to_owned(), source: None });
        }
        self.engine.commit(batch).await
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.engine.watch(after).await
    }

    fn limits(&self) -> Limits {
        self.engine.limits()
    }

    fn stats(&self) -> Stats {
        self.engine.stats()
    }
}

/// Pairs of about a kilobyte.
pub(super) fn many(count: usize, tag: &str) -> Vec<(String, String)> {
    (0..count).map(|i| (format!("key/{i:05}"), format!("{tag} {i} {}", "x".repeat(990)))).collect()
}

pub(super) async fn all(engine: &dyn Engine, id: u128) -> Option<Vec<(String, String)>> {
    let ReadPairs::Found(found) = stores::read_pairs(engine, &arn(id)).await.unwrap() else { return None };
    let owned = |all: &AllPairs| {
        let pairs = all.iter().map(|pair| pair.map(|(key, value)| (key.to_owned(), value.to_owned())));
        pairs.collect::<Result<Vec<_>, _>>().unwrap()
    };
    Some(owned(&found))
}

/// Puts and deletes any number of pairs of a store whose pairs have a version.
pub(super) async fn write(
    engine: &dyn Engine,
    id: u128,
    version: u64,
    puts: &[(String, String)],
    deletes: &[String],
) -> Result<WriteOutcome, StoreError> {
    let quotas = Quotas::default();
    let puts = puts.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let update = Update::of_any_number(puts, deletes.iter().map(String::as_str), &quotas).unwrap();
    stores::write_pairs(engine, &arn(id), &etag::data_plane(version), &update, None, &quotas, NOW).await
}

/// Everything in the tables of staged pairs, stages and leftovers.
pub(super) async fn staged(engine: &dyn Engine) -> usize {
    engine.read(&[Range::new(&b"\x0d"[..], &b"\x10"[..])]).await.unwrap().range(0).len()
}

/// Pairs of the first generation, of all stores.
async fn first(engine: &dyn Engine) -> usize {
    engine.read(&[Range::prefix(&b"\x06"[..])]).await.unwrap().range(0).len()
}

#[tokio::test]
async fn an_import_of_five_megabytes_is_staged_and_can_be_changed_and_replaced() {
    let engine = small();
    create(&engine, &seeded("one", 1)).await.unwrap();
    let imported = many(4_900, "imported");
    stores::finish_import(&engine, &arn(1), Ok(&imported), NOW).await.unwrap();
    assert_eq!(all(&engine, 1).await.unwrap(), imported);
    assert_eq!((staged(&engine).await, first(&engine).await), (imported.len(), 0), "no leftovers");
    assert_eq!(stores::find(&engine, &arn(1)).await.unwrap().unwrap().status, Status::Ready);

    // A small change is made in place.
    assert!(matches!(put(&engine, 1, 1, "key/00000", "changed").await, WriteOutcome::Written(_)));
    assert_eq!(staged(&engine).await, imported.len());
    assert!(matches!(
        stores::get_pair(&engine, &arn(1), "key/00000").await.unwrap(),
        stores::GetPair::Found(value, _) if value == "changed"
    ));
    let page = stores::list_pairs(&engine, &arn(1), Some("key/00001"), 2).await.unwrap();
    let ListPairs::Page(page) = page else { panic!("{page:?}") };
    assert_eq!((page.pairs, page.more), (imported[2..4].to_vec(), true));

    // A large one under another generation.
    let replaced = many(4_000, "replaced");
    let deletes: Vec<_> = imported[4_000..].iter().map(|(key, _)| key.clone()).collect();
    let written = write(&engine, 1, 2, &replaced, &deletes).await.unwrap();
    assert!(matches!(written, WriteOutcome::Written(head) if head.version == 3), "{written:?}");
    assert_eq!(all(&engine, 1).await.unwrap(), replaced);
    assert_eq!(staged(&engine).await, replaced.len());
    stores::audit(&engine).await.unwrap();

    assert_eq!(delete(&engine, "one", 1).await, Ok(()));
    assert_eq!(staged(&engine).await, 0);
    assert_eq!(all(&engine, 1).await, None);
}

/// At whatever commit a process ends: the store is as it was or as it should be, and the next start leaves
/// nothing else behind.
#[tokio::test]
async fn a_replacement_that_breaks_off_leaves_the_store_as_it_was() {
    let (old, new_pairs) = (many(150, "old"), many(300, "new"));
    let (mut before, mut after) = (0, 0);
    for commits in 0.. {
        let engine = Arc::new(small());
        create(&*engine, &new("one", 1)).await.unwrap();
        assert!(matches!(write(&*engine, 1, 1, &old, &[]).await, Ok(WriteOutcome::Written(_))));
        let ended = write(&Ending::after(&engine, commits), 1, 2, &new_pairs, &[]).await;
        let is_new = all(&*engine, 1).await.unwrap() == new_pairs;
        assert!(is_new || all(&*engine, 1).await.unwrap() == old, "after {commits} commits");
        assert_eq!(is_new, ended.is_ok(), "after {commits} commits");
        stores::clean_up(&*engine).await.unwrap();
        let expected = if is_new { &new_pairs } else { &old };
        assert_eq!(&all(&*engine, 1).await.unwrap(), expected, "after {commits} commits");
        assert_eq!(staged(&*engine).await, expected.len(), "after {commits} commits");
        stores::audit(&*engine).await.unwrap();
        if is_new {
            after += 1;
        } else {
            before += 1;
        }
        // The last ones end while leftovers are collected.
        if after == 4 {
            break;
        }
    }
    assert!(before > 4, "it is made in several commits");
}

#[tokio::test]
async fn a_new_store_that_breaks_off_is_not_there_and_a_later_one_of_its_id_is_clean() {
    let filling = many(300, "filled");
    for commits in 0..5 {
        let engine = Arc::new(small());
        let ending = Ending::after(&engine, commits);
        stores::create_filled(&ending, &new("one", 1), &filling, NO_LIMIT).await.unwrap_err();
        assert_eq!(all(&*engine, 1).await, None);
        stores::create_filled(&*engine, &new("one", 1), &filling[..200], NO_LIMIT).await.unwrap();
        stores::clean_up(&*engine).await.unwrap();
        assert_eq!(all(&*engine, 1).await.unwrap(), filling[..200]);
        assert_eq!(staged(&*engine).await, 200);
    }
}

/// A deleted store whose pairs are still there when its id is used again, as seeds do.
#[tokio::test]
async fn a_store_never_gets_the_pairs_of_a_deleted_one_of_its_id() {
    let engine = Arc::new(small());
    create(&*engine, &new("one", 1)).await.unwrap();
    // In the first generation, batch by batch.
    for (part, version) in many(200, "old").chunks(50).zip(1..) {
        assert!(matches!(write(&*engine, 1, version, part, &[]).await, Ok(WriteOutcome::Written(_))));
    }
    assert_eq!(first(&*engine).await, 200);
    // The deletion is made, and nothing is collected.
    let ending = Ending::after(&engine, 1);
    stores::delete(&ending, &arn(1), &etag::control_plane(1), NOW).await.unwrap();
    assert_eq!(first(&*engine).await, 200);
    create(&*engine, &new("one", 1)).await.unwrap();
    assert_eq!(all(&*engine, 1).await.unwrap(), []);
    assert!(matches!(put(&*engine, 1, 1, "a", "1").await, WriteOutcome::Written(_)));
    stores::clean_up(&*engine).await.unwrap();
    assert_eq!((pairs(&*engine, 1).await.len(), first(&*engine).await), (1, 0));
}

#[tokio::test]
async fn a_stage_that_another_start_ended_begins_again() {
    let engine = small();
    create(&engine, &new("one", 1)).await.unwrap();
    let (first, second) = (many(200, "first"), many(200, "second"));
    // Both rest on the same ETag: one is made, the other is told that it is stale.
    let (one, other) = tokio::join!(write(&engine, 1, 1, &first, &[]), write(&engine, 1, 1, &second, &[]));
    let outcomes = [one.unwrap(), other.unwrap()];
    let written = outcomes.iter().filter(|outcome| matches!(outcome, WriteOutcome::Written(_))).count();
    assert_eq!(written, 1, "{outcomes:?}");
    let held = all(&engine, 1).await.unwrap();
    assert!(held == first || held == second);
    stores::clean_up(&engine).await.unwrap();
    assert_eq!(staged(&engine).await, 200);
}

#[tokio::test]
async fn a_saved_state_of_staged_stores_is_put_back_at_whatever_commit_it_broke_off_before() {
    let (one, two) = (many(300, "one"), many(150, "two"));
    let (mut broken, mut restored) = (0, 0);
    for commits in 0.. {
        let engine = Arc::new(small());
        stores::create_filled(&*engine, &new("one", 1), &one, NO_LIMIT).await.unwrap();
        create(&*engine, &new("two", 2)).await.unwrap();
        write(&*engine, 2, 1, &two, &[]).await.unwrap();
        let saved = saved_states::take(&*engine).await.unwrap();
        // One store changes, one goes, one comes.
        write(&*engine, 1, 1, &many(200, "changed"), &[]).await.unwrap();
        assert_eq!(delete(&*engine, "two", 1).await, Ok(()));
        stores::create_filled(&*engine, &new("three", 3), &many(140, "three"), NO_LIMIT).await.unwrap();
        let changed = saved_states::take(&*engine).await.unwrap();
        assert_ne!(changed, saved);
        let ended = saved_states::restore(&Ending::after(&engine, commits), &saved).await;
        stores::clean_up(&*engine).await.unwrap();
        let now = saved_states::take(&*engine).await.unwrap();
        assert_eq!(now == saved, ended.is_ok(), "after {commits} commits");
        assert!(now == saved || now == changed, "after {commits} commits");
        let expected = if now == saved { one.len() + two.len() } else { 300 + 140 };
        assert_eq!(staged(&*engine).await, expected, "after {commits} commits");
        stores::audit(&*engine).await.unwrap();
        if now == saved {
            restored += 1;
            assert_eq!(all(&*engine, 2).await.unwrap(), two);
        } else {
            broken += 1;
        }
        if restored == 3 {
            break;
        }
    }
    assert!(broken > 4, "it is made in several commits");
}

/// A write that comes before whatever commit of a restore is not lost in it by half: the restore compares again.
#[tokio::test]
async fn a_restore_that_stages_notices_what_was_written_since_it_compared() {
    let one = many(300, "one");
    for commits in 0.. {
        let engine = Arc::new(small());
        stores::create_filled(&*engine, &new("one", 1), &one, NO_LIMIT).await.unwrap();
        create(&*engine, &new("two", 2)).await.unwrap();
        let saved = saved_states::take(&*engine).await.unwrap();
        write(&*engine, 1, 1, &many(200, "changed"), &[]).await.unwrap();
        let overtaken = Interposed::on(Arc::clone(&engine));
        overtaken.before_commit_after(commits, |engine| async move {
            write(&*engine, 2, 1, &[("meanwhile".to_owned(), "1".to_owned())], &[]).await.unwrap();
        });
        saved_states::restore(&overtaken, &saved).await.unwrap();
        let is_before = all(&*engine, 2).await.unwrap().is_empty();
        // What is left to do once the restore is visible is collecting, and the write goes on from what was restored.
        assert!(is_before || all(&*engine, 1).await.unwrap() == one, "before commit {commits}");
        stores::audit(&*engine).await.unwrap();
        if is_before {
            assert_eq!(saved_states::take(&*engine).await.unwrap(), saved, "before commit {commits}");
        }
        if !overtaken.has_acted() {
            assert!(commits > 4, "it is made in several commits");
            break;
        }
    }
}

/// What a restore finds: stores with comments, of which a few have pairs.
pub(super) async fn create_many(engine: &dyn Engine, ids: std::ops::Range<u128>, comment: &str) {
    for id in ids {
        let store = NewKeyValueStore { comment: Some(comment.repeat(40)), ..new(&format!("store-{id}"), id) };
        let filling = if id.is_multiple_of(20) { many(3, comment) } else { Vec::new() };
        stores::create_filled(engine, &store, &filling, NO_LIMIT).await.unwrap();
    }
}

/// Records that are several batches of the engine: at whatever commit the process ends, the next start finds all of
/// what was there or all of what was saved.
#[tokio::test]
async fn a_saved_state_of_more_records_than_a_batch_takes_is_put_back_whole_or_not_at_all() {
    let (mut broken, mut finished) = (0, 0);
    for commits in 0.. {
        let engine = Arc::new(small());
        create_many(&*engine, 0..100, "saved ").await;
        let saved = saved_states::take(&*engine).await.unwrap();
        for id in 50..100 {
            assert_eq!(delete(&*engine, &format!("store-{id}"), 1).await, Ok(()));
        }
        write(&*engine, 20, 1, &many(2, "changed"), &[]).await.unwrap();
        create_many(&*engine, 200..220, "changed ").await;
        let changed = saved_states::take(&*engine).await.unwrap();
        let ended = saved_states::restore(&Ending::after(&engine, commits), &saved).await;
        saved_states::finish(&*engine).await.unwrap();
        stores::clean_up(&*engine).await.unwrap();
        let now = saved_states::take(&*engine).await.unwrap();
        assert!(now == saved || now == changed, "after {commits} commits: neither");
        assert!(now == saved || ended.is_err(), "after {commits} commits: answered and not made");
        stores::audit(&*engine).await.unwrap();
        let journal = engine.read(&[Range::prefix(&b"\x10"[..])]).await.unwrap();
        assert!(journal.range(0).is_empty(), "after {commits} commits: a journal is left");
        // Whatever happened, the next write is made.
        assert!(matches!(put(&*engine, 0, 1, "later", "1").await, WriteOutcome::Written(_)));
        if now == changed {
            broken += 1;
        } else if ended.is_err() {
            finished += 1;
        } else {
            break;
        }
    }
    assert!(
        broken > 4 && finished > 4,
        "{broken} were not decided, {finished} were finished by the next start"
    );
}

#[tokio::test]
async fn nothing_is_written_in_the_middle_of_a_restore_that_is_made_in_steps() {
    let engine = Arc::new(small());
    create_many(&*engine, 0..100, "saved ").await;
    let saved = saved_states::take(&*engine).await.unwrap();
    create_many(&*engine, 100..200, "more ").await;
    // As many commits as it takes until the restore is decided.
    for commits in 0.. {
        saved_states::restore(&Ending::after(&engine, commits), &saved).await.unwrap_err();
        let mark = engine.read(&[Range::key(&b"\0restoring"[..])]).await.unwrap();
        if !mark.range(0).is_empty() {
            break;
        }
    }
    let head = head(&*engine, 0).await.unwrap();
    let update = Update::new([("a", "1")], [], &Quotas::default()).unwrap();
    let etag = etag::data_plane(head.version);
    tokio::time::pause();
    let quotas = Quotas::default();
    let refused =
        stores::write_pairs(&*engine, &arn(0), &etag, &update, None, &quotas, NOW).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotWritten { .. }), "{refused}");
    let refused = saved_states::take(&*engine).await.unwrap_err().to_string();
    assert!(refused.contains("another saved state is being put back"), "{refused}");
    assert!(saved_states::finish(&*engine).await.unwrap());
    stores::clean_up(&*engine).await.unwrap();
    assert_eq!(saved_states::take(&*engine).await.unwrap(), saved);
    let written = stores::write_pairs(&*engine, &arn(0), &etag, &update, None, &quotas, NOW).await;
    assert!(matches!(written, Ok(WriteOutcome::Written(_))), "{written:?}");
}

/// A saved state says nothing of generations: it goes from an engine with small batches to one with large ones.
#[tokio::test]
async fn a_saved_state_moves_between_engines_of_different_limits() {
    let (from, to) = (small(), MemoryEngine::new());
    stores::create_filled(&from, &new("one", 1), &many(300, "one"), NO_LIMIT).await.unwrap();
    let saved = saved_states::take(&from).await.unwrap();
    saved_states::restore(&to, &saved).await.unwrap();
    assert_eq!(all(&to, 1).await, all(&from, 1).await);
    assert_eq!((staged(&to).await, first(&to).await), (0, 300));
    let empty = small();
    saved_states::restore(&empty, &saved_states::take(&to).await.unwrap()).await.unwrap();
    assert_eq!(saved_states::take(&empty).await.unwrap(), saved);
}
