//! References between resources of all kinds.

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};
use keyfront_domain::{AccountId, etag};
use keyfront_engine::MemoryEngine;
use keyfront_store::records::{ResourceRecord, TagsRecord};
use keyfront_store::references::{self, InUse, NoSuchTarget};
use keyfront_store::resources::{self, Content, NewResource, Refused};
use keyfront_store::stores::{self, NewKeyValueStore};
use keyfront_store::{Abort, Engine, Range, transact};
use uuid::Uuid;

use crate::outcome::outcome;

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;
const NOW: i64 = 1_795_318_292_042;

fn arn(kind: ResourceKind, id: &str) -> Arn {
    Arn::new(ACCOUNT, kind, id)
}

fn distribution(id: &str) -> Arn {
    arn(ResourceKind::DISTRIBUTION, id)
}

fn to(targets: &[&Arn]) -> Content {
    Content { references: targets.iter().map(|target| (*target).clone()).collect(), ..Content::default() }
}

fn new(content: Content) -> NewResource {
    NewResource { content, tags: TagsRecord::default(), version: 0, limit: u64::MAX, now_ms: NOW }
}

async fn create(engine: &dyn Engine, arn: &Arn, content: Content) -> Result<ResourceRecord, Refused> {
    let new = &new(content);
    outcome(transact(engine, |tx| async move { resources::create(&tx, arn, new).await }).await)
}

async fn delete(engine: &dyn Engine, arn: &Arn) -> Result<ResourceRecord, Refused> {
    outcome(transact(engine, |tx| async move { resources::delete(&tx, arn, None, NOW).await }).await)
}

async fn make_store(engine: &dyn Engine) -> KeyValueStoreArn {
    let new = NewKeyValueStore {
        account: ACCOUNT,
        id: Uuid::from_u128(1),
        name: "store".to_owned(),
        comment: None,
        tags: TagsRecord::default(),
        import: None,
        held: false,
        now_ms: NOW,
    };
    stores::create(engine, &new, 1).await.unwrap();
    KeyValueStoreArn { account: ACCOUNT, id: new.id }
}

#[tokio::test]
async fn a_document_can_refer_to_anything_that_is_there_and_keeps_it() {
    let engine = MemoryEngine::new();
    let store = Arn::from(make_store(&engine).await);
    let policy = arn(ResourceKind::CACHE_POLICY, "p");
    create(&engine, &policy, Content::default()).await.unwrap();
    let user = distribution("E1");
    create(&engine, &user, to(&[&store, &policy])).await.unwrap();
    let by = InUse { count: 1, by: vec![user.clone()] };
    assert_eq!(delete(&engine, &policy).await, Err(Refused::InUse(by.clone())));
    let store_arn = KeyValueStoreArn::try_from(&store).unwrap();
    let refused = outcome(stores::delete(&engine, &store_arn, &etag::control_plane(1), NOW).await);
    assert_eq!(refused, Err(stores::Refused::InUse(by)));
    delete(&engine, &user).await.unwrap();
    assert_eq!(references::count(&engine, &policy).await.unwrap(), 0);
    delete(&engine, &policy).await.unwrap();
}

/// The refusal names both kinds, so that each referrer words it in its own way.
#[tokio::test]
async fn a_reference_to_nothing_is_refused_with_the_kinds_of_both() {
    let engine = MemoryEngine::new();
    for kind in [ResourceKind::CACHE_POLICY, ResourceKind::ORIGIN_REQUEST_POLICY, ResourceKind::FUNCTION] {
        let target = arn(kind, "missing");
        let refused = create(&engine, &distribution("E1"), to(&[&target])).await;
        let expected = NoSuchTarget { target, referrer: ResourceKind::DISTRIBUTION };
        assert_eq!(refused, Err(Refused::NoSuchTarget(expected)));
    }
    assert_eq!(engine.read(&[Range::prefix("")]).await.unwrap().range(0), []);
}

#[tokio::test]
async fn what_is_built_in_can_be_referred_to_and_knows_its_referrers() {
    let engine = MemoryEngine::new();
    let managed = arn(ResourceKind::CACHE_POLICY, "658327ea-f89d-4fab-a63d-7e88639e58f6");
    let content = Content { built_in: BTreeSet::from([managed.clone()]), ..to(&[&managed]) };
    create(&engine, &distribution("E1"), content.clone()).await.unwrap();
    create(&engine, &distribution("E2"), content).await.unwrap();
    let page = |after, max_items| {
        references::referrers(&engine, &managed, ResourceKind::DISTRIBUTION, after, max_items)
    };
    let all = page(None, 5).await.unwrap();
    assert_eq!((all.items, all.more), (vec!["E1".to_owned(), "E2".to_owned()], false));
    let first = page(None, 1).await.unwrap();
    assert_eq!((first.items, first.more), (vec!["E1".to_owned()], true));
    assert_eq!(page(Some("E1"), 1).await.unwrap().items, ["E2"]);
    assert_eq!(page(Some("E15"), 1).await.unwrap().items, ["E2"]);
    let others = references::referrers(&engine, &managed, ResourceKind::KEY_GROUP, None, 5).await.unwrap();
    assert_eq!(others.items, [""; 0]);
}

/// Two new referrers and one that lets go, all of one target, in one commit.
#[tokio::test]
async fn one_transaction_changes_many_references_to_one_target() {
    let engine = &MemoryEngine::new();
    let target = &arn(ResourceKind::PUBLIC_KEY, "K1");
    create(engine, target, Content::default()).await.unwrap();
    create(engine, &distribution("E0"), to(&[target])).await.unwrap();
    let before = engine.stats().commits;
    transact(engine, |tx| async move {
        resources::update(&tx, &distribution("E0"), None, &Content::default(), NOW).await?;
        for id in ["E1", "E2", "E3"] {
            resources::create(&tx, &distribution(id), &new(to(&[target]))).await?;
        }
        resources::delete(&tx, &distribution("E2"), None, NOW).await?;
        Ok::<_, Abort<Refused>>(())
    })
    .await
    .unwrap();
    assert_eq!(engine.stats().commits, before + 1);
    assert_eq!(references::count(engine, target).await.unwrap(), 2);
    let by = references::referrers(engine, target, ResourceKind::DISTRIBUTION, None, 9).await.unwrap();
    assert_eq!(by.items, ["E1", "E3"]);
}

#[tokio::test]
async fn a_refusal_names_the_first_ten_of_many_referrers() {
    let engine = MemoryEngine::new();
    let target = arn(ResourceKind::PUBLIC_KEY, "K1");
    create(&engine, &target, Content::default()).await.unwrap();
    for index in 0..12 {
        create(&engine, &distribution(&format!("E{index:02}")), to(&[&target])).await.unwrap();
    }
    let Err(Refused::InUse(InUse { count, by })) = delete(&engine, &target).await else { panic!("deleted") };
    let ids: Vec<_> = by.iter().map(Arn::id).collect();
    assert_eq!((count, ids.len(), ids.first(), ids.last()), (12, 10, Some(&"E00"), Some(&"E09")));
}
