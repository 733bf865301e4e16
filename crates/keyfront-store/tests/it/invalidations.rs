//! Invalidations: their order, what may be in progress, and that they go with their owner.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_engine::MemoryEngine;
use keyfront_store::invalidations::{self, InProgressLimits, Refused};
use keyfront_store::list::{PageRequest, UnknownMarker};
use keyfront_store::records::{InvalidationRecord, NextState, StateRecord, TagsRecord};
use keyfront_store::resources::{self, Content, NewResource};
use keyfront_store::{Abort, Engine, Range, transact};

use crate::outcome::outcome;

const NOW: i64 = 1_795_318_292_042;
const LASTS_MS: i64 = 100;
const LIMITS: InProgressLimits = InProgressLimits { files: 3, wildcards: 1 };

fn owner() -> Arn {
    Arn::new(AccountId::DEVELOPMENT, ResourceKind::DISTRIBUTION, "E1")
}

fn invalidation(id: &str, created_ms: i64, paths: &[&str]) -> InvalidationRecord {
    let next = Some(NextState { name: "Completed".to_owned(), at_ms: created_ms + LASTS_MS });
    InvalidationRecord {
        id: id.to_owned(),
        caller_reference: format!("reference of {id}"),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        created_ms,
        state: StateRecord { name: "InProgress".to_owned(), next },
    }
}

async fn create(engine: &dyn Engine, record: &InvalidationRecord) -> Result<(), Refused> {
    let owner = &owner();
    outcome(
        transact(engine, |tx| async move { invalidations::create(&tx, owner, record, LIMITS).await }).await,
    )
}

#[tokio::test]
async fn what_is_in_progress_is_limited_until_it_is_completed() {
    let engine = MemoryEngine::new();
    create(&engine, &invalidation("I1", NOW, &["/a", "/b*"])).await.unwrap();
    create(&engine, &invalidation("I2", NOW + 1, &["/c", "/d"])).await.unwrap();
    for (id, path) in [("I3", "/e"), ("I4", "/e*")] {
        let refused = create(&engine, &invalidation(id, NOW + 2, &[path])).await;
        assert_eq!(refused, Err(Refused::TooManyInProgress), "{path}");
    }
    assert_eq!(invalidations::in_progress(&engine, &owner(), NOW + 2, |_| false).await.unwrap(), 2);
    create(&engine, &invalidation("I5", NOW + LASTS_MS, &["/e*"])).await.unwrap();
    assert_eq!(invalidations::in_progress(&engine, &owner(), NOW + LASTS_MS, |_| false).await.unwrap(), 2);
}

#[tokio::test]
async fn an_id_and_a_caller_reference_are_used_once() {
    let engine = MemoryEngine::new();
    let first = invalidation("I1", NOW, &["/a"]);
    create(&engine, &first).await.unwrap();
    assert_eq!(create(&engine, &first).await, Err(Refused::IdUsed));
    let again = InvalidationRecord { id: "I2".to_owned(), ..first.clone() };
    assert_eq!(create(&engine, &again).await, Err(Refused::CallerReferenceUsed(first)));
}

#[tokio::test]
async fn the_newest_comes_first_and_pages_go_on() {
    let engine = MemoryEngine::new();
    for (created_ms, id) in (NOW..).step_by(1000).zip(["I1", "I2", "I3"]) {
        create(&engine, &invalidation(id, created_ms, &["/a"])).await.unwrap();
    }
    for (after, max_items, expected) in
        [(None, 2, "I3 I2 …"), (Some("I2"), 2, "I1"), (Some("I3"), 1, "I2 …"), (None, 3, "I3 I2 I1")]
    {
        let request = PageRequest::new(after, max_items);
        let page = invalidations::list(&engine, &owner(), request).await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|record| record.id.as_str()).collect();
        let shown = format!("{}{}", ids.join(" "), if page.more { " …" } else { "" });
        assert_eq!(shown, expected, "{after:?} {max_items}");
    }
    let unknown = invalidations::list(&engine, &owner(), PageRequest::new(Some("I9"), 1)).await;
    assert!(matches!(unknown, Err(Abort::Refused(UnknownMarker))));
}

#[tokio::test]
async fn invalidations_go_with_their_distribution() {
    let engine = MemoryEngine::new();
    let owner = &owner();
    let content = Content::default();
    let new = &NewResource { content, tags: TagsRecord::default(), version: 0, limit: 1, now_ms: NOW };
    transact(&engine, |tx| async move { resources::create(&tx, owner, new).await }).await.unwrap();
    create(&engine, &invalidation("I1", NOW, &["/a"])).await.unwrap();
    transact(&engine, |tx| async move { resources::delete(&tx, owner, None, NOW).await }).await.unwrap();
    assert!(invalidations::find(&engine, owner, "I1").await.unwrap().is_none());
    let left = engine.read(&[Range::new(&b"\x27"[..], &b"\x2b"[..])]).await.unwrap();
    assert_eq!(left.range(0).len(), 0);
}
