//! Configuration resources: what is unique, what is referred to, what is counted, also for two at once.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::{AccountId, etag};
use keyfront_engine::MemoryEngine;
use keyfront_store::list::{PageRequest, UnknownMarker};
use keyfront_store::records::{ResourceRecord, TagsRecord};
use keyfront_store::references::{InUse, NoSuchTarget};
use keyfront_store::resources::{self, Content, NewResource, Refused};
use keyfront_store::{Abort, Engine, Range, references, saved_states, transact};

use crate::interposed::Interposed;
use crate::outcome::outcome;

const NOW: i64 = 1_795_318_292_042;
const NO_LIMIT: u64 = u64::MAX;

fn arn(kind: ResourceKind, id: &str) -> Arn {
    Arn::new(AccountId::DEVELOPMENT, kind, id)
}

fn key(id: &str) -> Arn {
    arn(ResourceKind::PUBLIC_KEY, id)
}

fn group(id: &str) -> Arn {
    arn(ResourceKind::KEY_GROUP, id)
}

/// A content with the name, a caller reference of the same text, and references.
fn named(name: &str, targets: &[&Arn]) -> Content {
    Content {
        name: Some(name.to_owned()),
        caller_reference: Some(name.to_owned()),
        references: targets.iter().map(|target| (*target).clone()).collect(),
        ..Content::default()
    }
}

async fn create(engine: &dyn Engine, arn: &Arn, content: &Content) -> Result<ResourceRecord, Refused> {
    create_one_of(engine, arn, content, NO_LIMIT, NOW).await
}

async fn create_one_of(
    engine: &dyn Engine,
    arn: &Arn,
    content: &Content,
    limit: u64,
    now_ms: i64,
) -> Result<ResourceRecord, Refused> {
    let (content, tags) = (content.clone(), TagsRecord::default());
    let new = &NewResource { content, tags, version: 1, limit, now_ms };
    outcome(transact(engine, |tx| async move { resources::create(&tx, arn, new).await }).await)
}

async fn created(engine: &dyn Engine, arn: &Arn, content: &Content) {
    create(engine, arn, content).await.unwrap();
}

async fn update(
    engine: &dyn Engine,
    arn: &Arn,
    version: u64,
    content: &Content,
) -> Result<ResourceRecord, Refused> {
    let etag = &etag::control_plane(version);
    let updated =
        transact(engine, |tx| async move { resources::update(&tx, arn, Some(etag), content, NOW + 1).await });
    outcome(updated.await)
}

async fn delete(engine: &dyn Engine, arn: &Arn, version: u64) -> Result<(), Refused> {
    let etag = &etag::control_plane(version);
    let deleted = transact(engine, |tx| async move { resources::delete(&tx, arn, Some(etag), NOW).await });
    outcome(deleted.await).map(drop)
}

fn in_use(by: &[&Arn]) -> Result<(), Refused> {
    let count = u64::try_from(by.len()).unwrap();
    Err(Refused::InUse(InUse { count, by: by.iter().map(|arn| (*arn).clone()).collect() }))
}

fn missing(target: &Arn) -> Refused {
    Refused::NoSuchTarget(NoSuchTarget { target: target.clone(), referrer: ResourceKind::KEY_GROUP })
}

async fn listed(engine: &dyn Engine, kind: ResourceKind) -> Vec<String> {
    let page = resources::list(engine, AccountId::DEVELOPMENT, kind, PageRequest::new(None, 1000)).await;
    let page = page.unwrap();
    assert!(!page.more);
    page.items.into_iter().map(|record| record.id).collect()
}

/// The key groups that refer to a resource.
async fn users(engine: &dyn Engine, target: &Arn) -> Vec<String> {
    references::referrers(engine, target, ResourceKind::KEY_GROUP, None, 10).await.unwrap().items
}

/// The kinds of keys that are left when everything was deleted: counts and ids that were used.
async fn assert_nothing_is_held(engine: &dyn Engine) {
    let everything = engine.read(&[Range::prefix("")]).await.unwrap();
    let mut tables: Vec<u8> = everything.range(0).iter().map(|entry| entry.key[0]).collect();
    tables.dedup();
    assert_eq!(tables, [0x22, 0x25]);
}

#[tokio::test]
async fn a_resource_is_made_found_changed_and_deleted() {
    let engine = MemoryEngine::new();
    let mut content = named("a", &[]);
    content.config.insert("Comment".to_owned(), "first".into());
    created(&engine, &key("K1"), &content).await;
    let found = resources::find(&engine, &key("K1")).await.unwrap().unwrap();
    assert_eq!((found.version, found.created_ms, found.modified_ms), (1, NOW, NOW));
    assert_eq!(found.config, content.config);
    content.config.insert("Comment".to_owned(), "second".into());
    let changed = update(&engine, &key("K1"), 1, &content).await.unwrap();
    assert_eq!((changed.version, changed.created_ms, changed.modified_ms), (2, NOW, NOW + 1));
    assert_eq!(resources::find(&engine, &key("K1")).await.unwrap(), Some(changed));
    assert_eq!(update(&engine, &key("K1"), 1, &content).await, Err(Refused::Stale));
    assert_eq!(delete(&engine, &key("K1"), 1).await, Err(Refused::Stale));
    assert_eq!(delete(&engine, &key("K1"), 2).await, Ok(()));
    assert_eq!(delete(&engine, &key("K1"), 2).await, Err(Refused::Absent));
    assert_eq!(update(&engine, &key("K1"), 2, &content).await, Err(Refused::Absent));
    assert_nothing_is_held(&engine).await;
}

#[tokio::test]
async fn names_and_caller_references_are_unique_in_a_kind_and_come_back() {
    let engine = MemoryEngine::new();
    created(&engine, &key("K1"), &named("a", &[])).await;
    created(&engine, &key("K2"), &named("b", &[])).await;
    created(&engine, &group("G1"), &named("a", &[])).await;
    let name_of_another = Content { caller_reference: Some("c".to_owned()), ..named("a", &[]) };
    let reference_of_another = Content { name: Some("c".to_owned()), ..named("a", &[]) };
    assert_eq!(create(&engine, &key("K3"), &name_of_another).await, Err(Refused::NameTaken(key("K1"))));
    let used = Err(Refused::CallerReferenceUsed(key("K1")));
    assert_eq!(create(&engine, &key("K3"), &reference_of_another).await, used);
    assert_eq!(update(&engine, &key("K2"), 1, &named("a", &[])).await, Err(Refused::NameTaken(key("K1"))));
    // A new name frees the old one.
    update(&engine, &key("K1"), 1, &named("c", &[])).await.unwrap();
    created(&engine, &key("K3"), &named("a", &[])).await;
    for (arn, version) in [(key("K1"), 2), (key("K2"), 1), (key("K3"), 1), (group("G1"), 1)] {
        assert_eq!(delete(&engine, &arn, version).await, Ok(()));
    }
    assert_nothing_is_held(&engine).await;
}

#[tokio::test]
async fn what_is_referred_to_exists_and_stays() {
    let engine = MemoryEngine::new();
    let [one, two, three] = ["K1", "K2", "K3"].map(key);
    created(&engine, &one, &named("one", &[])).await;
    assert_eq!(create(&engine, &group("G1"), &named("g", &[&one, &two])).await, Err(missing(&two)));
    created(&engine, &group("G1"), &named("g", &[&one])).await;
    assert_eq!(update(&engine, &group("G1"), 1, &named("g", &[&one, &two])).await, Err(missing(&two)));
    created(&engine, &two, &named("two", &[])).await;
    created(&engine, &three, &named("three", &[])).await;
    created(&engine, &group("G2"), &named("h", &[&one, &two])).await;
    update(&engine, &group("G1"), 1, &named("g", &[&two, &three])).await.unwrap();
    let [first, second] = ["G1", "G2"].map(group);
    for (target, by) in [(&one, &[&second][..]), (&two, &[&first, &second]), (&three, &[&first])] {
        let ids: Vec<_> = by.iter().map(|arn| arn.id()).collect();
        assert_eq!(users(&engine, target).await, ids);
        assert_eq!(delete(&engine, target, 1).await, in_use(by));
    }
    for (arn, version) in [(group("G1"), 2), (group("G2"), 1), (one, 1), (two, 1), (three, 1)] {
        assert_eq!(delete(&engine, &arn, version).await, Ok(()));
    }
    assert_nothing_is_held(&engine).await;
}

#[tokio::test]
async fn an_account_has_as_many_of_a_kind_as_it_may_and_an_id_once() {
    let engine = MemoryEngine::new();
    let limited = |id: &'static str| {
        let engine = &engine;
        async move { create_one_of(engine, &key(id), &named(id, &[]), 2, NOW).await }
    };
    for id in ["K1", "K2"] {
        limited(id).await.unwrap();
    }
    assert_eq!(limited("K3").await, Err(Refused::LimitReached));
    created(&engine, &group("G1"), &named("a", &[])).await;
    assert_eq!(create(&engine, &key("K1"), &named("b", &[])).await, Err(Refused::IdUsed));
    assert_eq!(delete(&engine, &key("K1"), 1).await, Ok(()));
    assert_eq!(create(&engine, &key("K1"), &named("b", &[])).await, Err(Refused::IdUsed));
    limited("K3").await.unwrap();
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K2", "K3"]);
}

#[tokio::test]
async fn of_two_who_want_one_name_one_gets_it() {
    let engine = Interposed::new();
    engine.before_commit(|engine| async move {
        created(&*engine, &key("K1"), &named("a", &[])).await;
    });
    assert_eq!(create(&engine, &key("K2"), &named("a", &[])).await, Err(Refused::NameTaken(key("K1"))));
    created(&engine, &key("K3"), &named("b", &[])).await;
    engine.before_commit(|engine| async move {
        created(&*engine, &key("K4"), &named("c", &[])).await;
    });
    assert_eq!(update(&engine, &key("K3"), 1, &named("c", &[])).await, Err(Refused::NameTaken(key("K4"))));
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K1", "K3", "K4"]);
}

#[tokio::test]
async fn the_last_place_is_given_once() {
    let engine = Interposed::new();
    engine.before_commit(|engine| async move {
        created(&*engine, &key("K1"), &named("a", &[])).await;
    });
    let second = create_one_of(&engine, &key("K2"), &named("b", &[]), 1, NOW).await;
    assert_eq!(second, Err(Refused::LimitReached));
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K1"]);
}

#[tokio::test]
async fn a_target_that_goes_meanwhile_is_not_referred_to() {
    for updates in [false, true] {
        let engine = Interposed::new();
        created(&engine, &key("K1"), &named("a", &[])).await;
        if updates {
            created(&engine, &group("G1"), &named("g", &[])).await;
        }
        engine.before_commit(|engine| async move {
            assert_eq!(delete(&*engine, &key("K1"), 1).await, Ok(()));
        });
        let content = named("g", &[&key("K1")]);
        if updates {
            assert_eq!(update(&engine, &group("G1"), 1, &content).await, Err(missing(&key("K1"))));
            assert_eq!(delete(&engine, &group("G1"), 1).await, Ok(()));
        } else {
            assert_eq!(create(&engine, &group("G1"), &content).await, Err(missing(&key("K1"))));
        }
        assert_nothing_is_held(&engine).await;
    }
}

#[tokio::test]
async fn a_reference_that_comes_meanwhile_keeps_its_target() {
    let engine = Interposed::new();
    created(&engine, &key("K1"), &named("a", &[])).await;
    engine.before_commit(|engine| async move {
        created(&*engine, &group("G1"), &named("g", &[&key("K1")])).await;
    });
    assert_eq!(delete(&engine, &key("K1"), 1).await, in_use(&[&group("G1")]));
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K1"]);
}

/// Both references are counted, though each commit writes the count.
#[tokio::test]
async fn two_references_to_one_target_are_both_counted() {
    let engine = Interposed::new();
    created(&engine, &key("K1"), &named("a", &[])).await;
    engine.before_commit(|engine| async move {
        created(&*engine, &group("G1"), &named("g", &[&key("K1")])).await;
    });
    created(&engine, &group("G2"), &named("h", &[&key("K1")])).await;
    for (group, expected) in [(group("G1"), in_use(&[&group("G2")])), (group("G2"), Ok(()))] {
        assert_eq!(delete(&engine, &group, 1).await, Ok(()));
        assert_eq!(delete(&engine, &key("K1"), 1).await, expected);
    }
    assert_nothing_is_held(&engine).await;
}

#[tokio::test]
async fn of_two_changes_with_one_etag_one_is_stale() {
    for deletes in [false, true] {
        let engine = Interposed::new();
        created(&engine, &key("K1"), &named("a", &[])).await;
        engine.before_commit(|engine| async move {
            update(&*engine, &key("K1"), 1, &named("theirs", &[])).await.unwrap();
        });
        if deletes {
            assert_eq!(delete(&engine, &key("K1"), 1).await, Err(Refused::Stale));
        } else {
            assert_eq!(update(&engine, &key("K1"), 1, &named("ours", &[])).await, Err(Refused::Stale));
        }
        let held = resources::find(&engine, &key("K1")).await.unwrap().unwrap();
        assert_eq!(held.name.as_deref(), Some("theirs"));
    }
}

/// What a change is checked against is read in its own transaction. Here a restore comes between the check and the
/// commit, after which the document becomes something else under the version that was read.
#[tokio::test]
async fn a_change_that_was_decided_before_a_restore_is_decided_again() {
    let engine = &Interposed::new();
    created(engine, &key("K1"), &named("a", &[])).await;
    let first = saved_states::take(engine).await.unwrap();
    update(engine, &key("K1"), 1, &named("b", &[])).await.unwrap();
    engine.before_commit(|engine| async move {
        saved_states::restore(&*engine, &first).await.unwrap();
        update(&*engine, &key("K1"), 1, &named("c", &[])).await.unwrap();
    });
    let (arn, etag) = (&key("K1"), &etag::control_plane(2));
    let changed = transact(engine, |tx| async move {
        let held = resources::get(&tx, arn).await?.ok_or(Abort::Refused(Refused::Absent))?;
        if held.name.as_deref() != Some("b") {
            return Err(Abort::Refused(Refused::Stale));
        }
        resources::update(&tx, arn, Some(etag), &named("d", &[]), NOW).await
    });
    assert_eq!(outcome(changed.await), Err(Refused::Stale));
    let kept = resources::find(engine, &key("K1")).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.name.as_deref()), (2, Some("c")));
}

#[tokio::test]
async fn a_list_shows_what_a_restore_put_in_the_place_of_what_it_found() {
    let engine = Interposed::new();
    created(&engine, &key("K1"), &named("a", &[])).await;
    let image = saved_states::take(&engine).await.unwrap();
    assert_eq!(delete(&engine, &key("K1"), 1).await, Ok(()));
    created(&engine, &key("K2"), &named("b", &[])).await;
    engine.between_reads(|engine| async move {
        saved_states::restore(&*engine, &image).await.unwrap();
    });
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K1"]);
}

#[tokio::test]
async fn a_list_goes_on_after_what_was_deleted_and_knows_only_its_own_kind() {
    let engine = MemoryEngine::new();
    for (moment, id) in ["K5", "K4", "K3", "K2"].into_iter().enumerate() {
        let now_ms = NOW + i64::try_from(moment).unwrap();
        create_one_of(&engine, &key(id), &named(id, &[]), NO_LIMIT, now_ms).await.unwrap();
    }
    created(&engine, &group("G1"), &named("g", &[])).await;
    assert_eq!(delete(&engine, &key("K4"), 1).await, Ok(()));
    let page = |after: &'static str, max_items| {
        let (engine, kind) = (&engine, ResourceKind::PUBLIC_KEY);
        async move {
            let request = PageRequest::new(Some(after), max_items);
            match outcome(resources::list(engine, AccountId::DEVELOPMENT, kind, request).await) {
                Ok(page) => {
                    let ids: Vec<_> = page.items.into_iter().map(|record| record.id).collect();
                    format!("{}{}", ids.join(" "), if page.more { " …" } else { "" })
                }
                Err(UnknownMarker) => "unknown".to_owned(),
            }
        }
    };
    for (after, max_items, expected) in [
        ("K5", 1, "K3 …"),
        ("K4", 1, "K3 …"),
        ("K4", 2, "K3 K2"),
        ("K2", 9, ""),
        ("K1", 9, "unknown"),
        ("G1", 9, "unknown"),
        ("", 9, "unknown"),
    ] {
        assert_eq!(page(after, max_items).await, expected, "{after} {max_items}");
    }
}
