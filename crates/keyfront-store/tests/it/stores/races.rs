//! Two at once. What comes in between is put exactly where it hurts: before the commit of the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use keyfront_domain::arn::Arn;
use keyfront_engine::MemoryEngine;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::stores::{finish_import, pending_imports};
use keyfront_store::tags;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::*;
use crate::interposed::Interposed;

fn resource(id: u128) -> Arn {
    arn(id).into()
}

/// An edit that adds a tag.
fn tag(key: &'static str) -> impl Fn(&mut BTreeMap<String, String>) {
    move |tags| {
        tags.insert(key.to_owned(), String::new());
    }
}

#[tokio::test]
async fn of_two_creations_of_a_name_one_wins() {
    let engine = Interposed::new();
    engine.before_commit(|engine| async move {
        create(&*engine, &new("name", 1)).await.unwrap();
    });
    assert_eq!(create(&engine, &new("name", 2)).await, Err(Refused::NameTaken));
    assert_eq!(listed(&engine).await.len(), 1);
    assert_count(&engine, 1).await;
}

#[tokio::test]
async fn two_creations_of_different_names_both_count() {
    let engine = Interposed::new();
    engine.before_commit(|engine| async move {
        create(&*engine, &new("one", 1)).await.unwrap();
    });
    create(&engine, &new("other", 2)).await.unwrap();
    assert_count(&engine, 2).await;
}

#[tokio::test]
async fn the_last_place_of_an_account_is_given_once() {
    let engine = Interposed::new();
    engine.before_commit(|engine| async move {
        create(&*engine, &new("one", 1)).await.unwrap();
    });
    let second = outcome(stores::create(&engine, &new("other", 2), 1).await);
    assert_eq!(second, Err(Refused::LimitReached));
    assert_count(&engine, 1).await;
}

#[tokio::test]
async fn of_two_deletions_one_finds_nothing_and_one_is_counted() {
    let engine = Interposed::new();
    create(&engine, &new("name", 1)).await.unwrap();
    create(&engine, &new("other", 2)).await.unwrap();
    engine.before_commit(|engine| async move {
        assert_eq!(delete(&*engine, "name", 1).await, Ok(()));
    });
    assert_eq!(delete(&engine, "name", 1).await, Err(Refused::Absent));
    assert_count(&engine, 1).await;
}

#[tokio::test]
async fn a_name_that_is_deleted_and_created_between_is_another_store() {
    let engine = Interposed::new();
    create(&engine, &new("name", 1)).await.unwrap();
    engine.before_commit(|engine| async move {
        assert_eq!(delete(&*engine, "name", 1).await, Ok(()));
        create(&*engine, &new("name", 2)).await.unwrap();
    });
    // The new store has the name and the ETag of the old one, and must survive all the same.
    assert_eq!(delete(&engine, "name", 1).await, Err(Refused::Absent));
    assert_eq!(listed(&engine).await[0].id, Uuid::from_u128(2));
    assert_count(&engine, 1).await;
}

#[tokio::test]
async fn an_update_makes_a_deletion_and_another_update_stale() {
    for deletes in [true, false] {
        let engine = Interposed::new();
        create(&engine, &new("name", 1)).await.unwrap();
        engine.before_commit(|engine| async move {
            comment(&*engine, "name", 1, "theirs").await.unwrap();
        });
        if deletes {
            assert_eq!(delete(&engine, "name", 1).await, Err(Refused::Stale));
        } else {
            assert_eq!(comment(&engine, "name", 1, "ours").await, Err(Refused::Stale));
        }
        assert_eq!(listed(&engine).await[0].comment.as_deref(), Some("theirs"));
    }
}

#[tokio::test]
async fn pairs_tags_and_imports_do_not_outlive_a_store_that_goes_meanwhile() {
    let engine = Interposed::new();
    let gone = |engine: Arc<MemoryEngine>| async move {
        assert_eq!(delete(&*engine, "name", 1).await, Ok(()));
    };

    create(&engine, &new("name", 1)).await.unwrap();
    engine.before_commit(gone);
    assert_eq!(put(&engine, 1, 1, "key", "value").await, WriteOutcome::Unwritable(PairsHead::Deleted));

    create(&engine, &new("name", 2)).await.unwrap();
    engine.before_commit(gone);
    assert_eq!(
        outcome(tags::change(&engine, &resource(2), 50, tag("team")).await),
        Err(tags::Refused::Absent)
    );

    create(&engine, &seeded("name", 3)).await.unwrap();
    engine.before_commit(gone);
    let imported = [("key".to_owned(), "value".to_owned())];
    finish_import(&engine, &arn(3), Ok(&imported), NOW).await.unwrap();
    assert_eq!(pending_imports(&engine).await.unwrap(), []);

    create(&engine, &new("name", 4)).await.unwrap();
    engine.before_commit(gone);
    assert_eq!(comment(&engine, "name", 1, "c").await, Err(Refused::Absent));

    assert_eq!(tables(&engine).await, LEFT_OVER);
    assert_count(&engine, 0).await;
}

#[tokio::test]
async fn a_write_that_comes_while_a_store_is_deleted_goes_with_it() {
    let engine = Interposed::new();
    create(&engine, &new("name", 1)).await.unwrap();
    engine.before_commit(|engine| async move {
        assert!(matches!(put(&*engine, 1, 1, "key", "value").await, WriteOutcome::Written(_)));
    });
    assert_eq!(delete(&engine, "name", 1).await, Ok(()));
    assert_eq!(tables(&engine).await, LEFT_OVER);
}

#[tokio::test]
async fn of_two_writes_with_one_etag_one_is_stale() {
    let engine = Interposed::new();
    create(&engine, &new("name", 1)).await.unwrap();
    engine.before_commit(|engine| async move {
        put(&*engine, 1, 1, "theirs", "1").await;
    });
    assert_eq!(put(&engine, 1, 1, "ours", "1").await, WriteOutcome::Stale);
    assert_eq!(pairs(&engine, 1).await, [("theirs".to_owned(), "1".to_owned())]);
}

#[tokio::test]
async fn an_import_ends_once() {
    let engine = Interposed::new();
    create(&engine, &seeded("name", 1)).await.unwrap();
    engine.before_commit(|engine| async move {
        let theirs = [("theirs".to_owned(), "1".to_owned())];
        finish_import(&*engine, &arn(1), Ok(&theirs), NOW).await.unwrap();
    });
    finish_import(&engine, &arn(1), Err("too late"), NOW).await.unwrap();
    assert_eq!(pairs(&engine, 1).await.len(), 1);
    let record = stores::find(&engine, &arn(1)).await.unwrap().unwrap();
    assert_eq!((record.status.as_str(), record.failure_reason), ("READY", None));
}

/// Both changes of tags stay, though each rewrites all of them.
#[tokio::test]
async fn two_changes_of_tags_are_both_made() {
    let engine = Interposed::new();
    create(&engine, &new("name", 1)).await.unwrap();
    engine.before_commit(|engine| async move {
        tags::change(&*engine, &resource(1), 2, tag("a")).await.unwrap();
    });
    tags::change(&engine, &resource(1), 2, tag("b")).await.unwrap();
    assert_eq!(tags::get(&engine, &resource(1)).await.unwrap().len(), 2);
    engine.before_commit(|engine| async move {
        tags::change(&*engine, &resource(1), 3, tag("c")).await.unwrap();
    });
    assert_eq!(
        outcome(tags::change(&engine, &resource(1), 3, tag("d")).await),
        Err(tags::Refused::LimitReached)
    );
}

/// Many at once, without a script: creations of four names by eight tasks, then deletions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_give_every_name_to_one_and_count_right() {
    const TASKS: u128 = 8;
    let folder = tempfile::tempdir().unwrap();
    let durable = RedbEngine::open(folder.path(), keyfront_engine_redb::Settings::default()).unwrap();
    for engine in [shared(MemoryEngine::new()), shared(durable)] {
        let start = Arc::new(Barrier::new(8));
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let (engine, start) = (Arc::clone(&engine), Arc::clone(&start));
            tasks.spawn(async move {
                start.wait().await;
                let mut won = 0_usize;
                for name in 0..4 {
                    let new = new(&format!("n{name}"), task * 10 + name);
                    won += usize::from(create(&*engine, &new).await.is_ok());
                }
                won
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().sum::<usize>(), 4);
        assert_eq!(listed(&*engine).await.len(), 4);
        assert_count(&*engine, 4).await;

        let mut tasks = JoinSet::new();
        for _ in 0..TASKS {
            let (engine, start) = (Arc::clone(&engine), Arc::clone(&start));
            tasks.spawn(async move {
                start.wait().await;
                let mut deleted = 0_usize;
                for name in 0..4 {
                    deleted += usize::from(delete(&*engine, &format!("n{name}"), 1).await.is_ok());
                }
                deleted
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().sum::<usize>(), 4);
        assert_count(&*engine, 0).await;
        assert_eq!(tables(&*engine).await, LEFT_OVER);
    }
}
