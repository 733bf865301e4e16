//! Configuration resources: what is unique, what is referred to, what is counted, also for two at once.

use keyfront_domain::arn::{ResourceArn, ResourceKind};
use keyfront_domain::{AccountId, etag};
use keyfront_engine::MemoryEngine;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::{self, Content, Create, Delete, Page, Refused, Update};
use keyfront_store::{Engine, Range, Version, references, snapshots};

use crate::interposed::Interposed;

const NOW: i64 = 1_795_318_292_042;
const NO_LIMIT: u64 = u64::MAX;

fn arn(kind: ResourceKind, id: &str) -> ResourceArn {
    ResourceArn { account: AccountId::DEVELOPMENT, kind, id: id.to_owned() }
}

fn key(id: &str) -> ResourceArn {
    arn(ResourceKind::PUBLIC_KEY, id)
}

fn group(id: &str) -> ResourceArn {
    arn(ResourceKind::KEY_GROUP, id)
}

/// A content with the name, a caller reference of the same text, and references.
fn named(name: &str, targets: &[&ResourceArn]) -> Content {
    Content {
        name: Some(name.to_owned()),
        caller_reference: Some(name.to_owned()),
        references: targets.iter().map(|target| (*target).clone()).collect(),
        ..Content::default()
    }
}

async fn create(engine: &dyn Engine, arn: &ResourceArn, content: &Content) -> Create {
    resources::create(engine, arn, content, NO_LIMIT, NOW).await.unwrap()
}

async fn created(engine: &dyn Engine, arn: &ResourceArn, content: &Content) {
    let outcome = create(engine, arn, content).await;
    assert!(matches!(outcome, Create::Created(_)), "{outcome:?}");
}

async fn update(engine: &dyn Engine, arn: &ResourceArn, version: u64, content: &Content) -> Update {
    let read = resources::held(engine, arn).await.unwrap().map_or(Version::NEVER, |(_, version)| version);
    resources::update(engine, arn, &etag::control_plane(version), read, content, NOW + 1).await.unwrap()
}

async fn delete(engine: &dyn Engine, arn: &ResourceArn, version: u64) -> Delete {
    resources::delete(engine, arn, &etag::control_plane(version), NOW).await.unwrap()
}

async fn listed(engine: &dyn Engine, kind: ResourceKind) -> Vec<String> {
    let ids = |records: Vec<ResourceRecord>| records.into_iter().map(|record| record.id).collect();
    match resources::list(engine, AccountId::DEVELOPMENT, kind, None, 1000).await.unwrap() {
        Page::Resources(records, false) => ids(records),
        other @ (Page::Resources(..) | Page::UnknownMarker) => panic!("{other:?}"),
    }
}

async fn users(engine: &dyn Engine, target: &ResourceArn) -> Vec<String> {
    references::referrers(engine, target.account, &target.to_string(), 10).await.unwrap()
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
    let Update::Updated(changed) = update(&engine, &key("K1"), 1, &content).await else { panic!() };
    assert_eq!((changed.version, changed.created_ms, changed.modified_ms), (2, NOW, NOW + 1));
    assert_eq!(resources::find(&engine, &key("K1")).await.unwrap(), Some(changed));
    assert_eq!(update(&engine, &key("K1"), 1, &content).await, Update::Stale);
    assert_eq!(delete(&engine, &key("K1"), 1).await, Delete::Stale);
    assert_eq!(delete(&engine, &key("K1"), 2).await, Delete::Deleted);
    assert_eq!(delete(&engine, &key("K1"), 2).await, Delete::Absent);
    assert_eq!(update(&engine, &key("K1"), 2, &content).await, Update::Absent);
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
    assert_eq!(create(&engine, &key("K3"), &name_of_another).await, Create::Refused(Refused::NameTaken));
    let used = Create::Refused(Refused::CallerReferenceUsed);
    assert_eq!(create(&engine, &key("K3"), &reference_of_another).await, used);
    assert_eq!(update(&engine, &key("K2"), 1, &named("a", &[])).await, Update::Refused(Refused::NameTaken));
    // A new name frees the old one.
    assert!(matches!(update(&engine, &key("K1"), 1, &named("c", &[])).await, Update::Updated(_)));
    created(&engine, &key("K3"), &named("a", &[])).await;
    for (arn, version) in [(key("K1"), 2), (key("K2"), 1), (key("K3"), 1), (group("G1"), 1)] {
        assert_eq!(delete(&engine, &arn, version).await, Delete::Deleted);
    }
    assert_nothing_is_held(&engine).await;
}

#[tokio::test]
async fn what_is_referred_to_exists_and_stays() {
    let engine = MemoryEngine::new();
    let [one, two, three] = ["K1", "K2", "K3"].map(key);
    let missing = Refused::NoSuchTarget(two.clone());
    created(&engine, &one, &named("one", &[])).await;
    assert_eq!(
        create(&engine, &group("G1"), &named("g", &[&one, &two])).await,
        Create::Refused(missing.clone())
    );
    created(&engine, &group("G1"), &named("g", &[&one])).await;
    assert_eq!(update(&engine, &group("G1"), 1, &named("g", &[&one, &two])).await, Update::Refused(missing));
    created(&engine, &two, &named("two", &[])).await;
    created(&engine, &three, &named("three", &[])).await;
    created(&engine, &group("G2"), &named("h", &[&one, &two])).await;
    assert!(matches!(
        update(&engine, &group("G1"), 1, &named("g", &[&two, &three])).await,
        Update::Updated(_)
    ));
    let [first, second] = ["G1", "G2"].map(|id| group(id).to_string());
    assert_eq!(users(&engine, &one).await.join(" "), second);
    assert_eq!(users(&engine, &two).await, [first.clone(), second]);
    assert_eq!(users(&engine, &three).await, [first]);
    for target in [&one, &two, &three] {
        assert_eq!(delete(&engine, target, 1).await, Delete::InUse);
    }
    for (arn, version) in [(group("G1"), 2), (group("G2"), 1), (one, 1), (two, 1), (three, 1)] {
        assert_eq!(delete(&engine, &arn, version).await, Delete::Deleted);
    }
    assert_nothing_is_held(&engine).await;
}

#[tokio::test]
async fn an_account_has_as_many_of_a_kind_as_it_may_and_an_id_once() {
    let engine = MemoryEngine::new();
    let limited = |id: &'static str| {
        let engine = &engine;
        async move { resources::create(engine, &key(id), &named(id, &[]), 2, NOW).await.unwrap() }
    };
    for id in ["K1", "K2"] {
        assert!(matches!(limited(id).await, Create::Created(_)));
    }
    assert_eq!(limited("K3").await, Create::LimitReached);
    created(&engine, &group("G1"), &named("a", &[])).await;
    assert_eq!(create(&engine, &key("K1"), &named("b", &[])).await, Create::IdUsed);
    assert_eq!(delete(&engine, &key("K1"), 1).await, Delete::Deleted);
    assert_eq!(create(&engine, &key("K1"), &named("b", &[])).await, Create::IdUsed);
    assert!(matches!(limited("K3").await, Create::Created(_)));
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K2", "K3"]);
}

#[tokio::test]
async fn of_two_who_want_one_name_one_gets_it() {
    let engine = Interposed::new();
    engine.before_commit(|engine| async move {
        created(&*engine, &key("K1"), &named("a", &[])).await;
    });
    assert_eq!(create(&engine, &key("K2"), &named("a", &[])).await, Create::Refused(Refused::NameTaken));
    created(&engine, &key("K3"), &named("b", &[])).await;
    engine.before_commit(|engine| async move {
        created(&*engine, &key("K4"), &named("c", &[])).await;
    });
    assert_eq!(update(&engine, &key("K3"), 1, &named("c", &[])).await, Update::Refused(Refused::NameTaken));
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K1", "K3", "K4"]);
}

#[tokio::test]
async fn the_last_place_is_given_once() {
    let engine = Interposed::new();
    engine.before_commit(|engine| async move {
        created(&*engine, &key("K1"), &named("a", &[])).await;
    });
    let second = resources::create(&engine, &key("K2"), &named("b", &[]), 1, NOW).await.unwrap();
    assert_eq!(second, Create::LimitReached);
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
            assert_eq!(delete(&*engine, &key("K1"), 1).await, Delete::Deleted);
        });
        let missing = Refused::NoSuchTarget(key("K1"));
        let content = named("g", &[&key("K1")]);
        if updates {
            assert_eq!(update(&engine, &group("G1"), 1, &content).await, Update::Refused(missing));
            assert_eq!(delete(&engine, &group("G1"), 1).await, Delete::Deleted);
        } else {
            assert_eq!(create(&engine, &group("G1"), &content).await, Create::Refused(missing));
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
    assert_eq!(delete(&engine, &key("K1"), 1).await, Delete::InUse);
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
    for (group, expected) in [(group("G1"), Delete::InUse), (group("G2"), Delete::Deleted)] {
        assert_eq!(delete(&engine, &group, 1).await, Delete::Deleted);
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
            assert!(matches!(
                update(&*engine, &key("K1"), 1, &named("theirs", &[])).await,
                Update::Updated(_)
            ));
        });
        if deletes {
            assert_eq!(delete(&engine, &key("K1"), 1).await, Delete::Stale);
        } else {
            assert_eq!(update(&engine, &key("K1"), 1, &named("ours", &[])).await, Update::Stale);
        }
        let held = resources::find(&engine, &key("K1")).await.unwrap().unwrap();
        assert_eq!(held.name.as_deref(), Some("theirs"));
    }
}

/// After the restore the document becomes something else under the version that was read.
#[tokio::test]
async fn a_change_that_was_decided_before_a_restore_is_decided_again() {
    let engine = MemoryEngine::new();
    created(&engine, &key("K1"), &named("a", &[])).await;
    let first = snapshots::take(&engine).await.unwrap();
    assert!(matches!(update(&engine, &key("K1"), 1, &named("b", &[])).await, Update::Updated(_)));
    let (held, read) = resources::held(&engine, &key("K1")).await.unwrap().unwrap();
    snapshots::restore(&engine, &first).await.unwrap();
    assert!(matches!(update(&engine, &key("K1"), 1, &named("c", &[])).await, Update::Updated(_)));
    let (etag, content) = (etag::control_plane(held.version), named("d", &[]));
    let outcome = resources::update(&engine, &key("K1"), &etag, read, &content, NOW).await.unwrap();
    assert_eq!(outcome, Update::Overtaken);
    let kept = resources::find(&engine, &key("K1")).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.name.as_deref()), (2, Some("c")));
}

#[tokio::test]
async fn a_list_shows_what_a_restore_put_in_the_place_of_what_it_found() {
    let engine = Interposed::new();
    created(&engine, &key("K1"), &named("a", &[])).await;
    let image = snapshots::take(&engine).await.unwrap();
    assert_eq!(delete(&engine, &key("K1"), 1).await, Delete::Deleted);
    created(&engine, &key("K2"), &named("b", &[])).await;
    engine.between_reads(|engine| async move {
        snapshots::restore(&*engine, &image).await.unwrap();
    });
    assert_eq!(listed(&engine, ResourceKind::PUBLIC_KEY).await, ["K1"]);
}

#[tokio::test]
async fn a_list_goes_on_after_what_was_deleted_and_knows_only_its_own_kind() {
    let engine = MemoryEngine::new();
    for (moment, id) in ["K5", "K4", "K3", "K2"].into_iter().enumerate() {
        let now_ms = NOW + i64::try_from(moment).unwrap();
        resources::create(&engine, &key(id), &named(id, &[]), NO_LIMIT, now_ms).await.unwrap();
    }
    created(&engine, &group("G1"), &named("g", &[])).await;
    assert_eq!(delete(&engine, &key("K4"), 1).await, Delete::Deleted);
    let page = |after: &'static str, max_items| {
        let (engine, kind) = (&engine, ResourceKind::PUBLIC_KEY);
        async move {
            match resources::list(engine, AccountId::DEVELOPMENT, kind, Some(after), max_items).await.unwrap()
            {
                Page::Resources(records, more) => {
                    let ids: Vec<_> = records.into_iter().map(|record| record.id).collect();
                    format!("{}{}", ids.join(" "), if more { " …" } else { "" })
                }
                Page::UnknownMarker => "unknown".to_owned(),
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
