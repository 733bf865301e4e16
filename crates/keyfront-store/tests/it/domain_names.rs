//! Domain names: one owner among all accounts, and wildcards within one account alone.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_engine::MemoryEngine;
use keyfront_store::records::TagsRecord;
use keyfront_store::resources::{self, Content, NewResource, Refused};
use keyfront_store::{Engine, domain_names, transact};

use crate::outcome::outcome;

const NOW: i64 = 1_795_318_292_042;

fn distribution(account: &str, id: &str) -> Arn {
    Arn::new(account.parse::<AccountId>().unwrap(), ResourceKind::DISTRIBUTION, id)
}

fn answering_for(names: &[&str]) -> Content {
    Content { domain_names: names.iter().map(|name| (*name).to_owned()).collect(), ..Content::default() }
}

/// Creates a distribution with these names; the name that is another's if one is.
async fn create(engine: &dyn Engine, arn: &Arn, names: &[&str]) -> Option<String> {
    let (content, tags) = (answering_for(names), TagsRecord::default());
    let new = &NewResource { content, tags, version: 0, limit: u64::MAX, now_ms: NOW };
    let created = transact(engine, |tx| async move { resources::create(&tx, arn, new).await }).await;
    match outcome(created) {
        Ok(_) => None,
        Err(Refused::DomainNameTaken(taken)) => Some(format!("{} {}", taken.name, taken.owner.id())),
        Err(other) => panic!("{other:?}"),
    }
}

async fn overlapping(engine: &dyn Engine, name: &str) -> String {
    let mut found: Vec<_> = transact(engine, |tx| async move { domain_names::overlapping(&tx, name).await })
        .await
        .unwrap()
        .into_iter()
        .map(|(name, owner)| format!("{name} {}", owner.id()))
        .collect();
    found.sort();
    found.join(", ")
}

#[tokio::test]
async fn a_name_has_one_owner_and_wildcards_overlap_within_an_account_alone() {
    const OWN: &str = "111122223333";
    const OTHER: &str = "444455556666";
    for (account, held, wanted, taken) in [
        (OWN, "www.example.com", "www.example.com", true),
        (OTHER, "www.example.com", "www.example.com", true),
        (OWN, "*.example.com", "*.example.com", true),
        (OWN, "*.example.com", "www.example.com", false),
        (OTHER, "*.example.com", "www.example.com", true),
        (OTHER, "*.example.com", "a.b.example.com", true),
        (OTHER, "*.example.com", "example.com", false),
        (OWN, "www.example.com", "*.example.com", false),
        (OTHER, "www.example.com", "*.example.com", true),
        (OTHER, "a.b.example.com", "*.example.com", true),
        (OTHER, "example.com", "*.example.com", false),
        (OTHER, "www.myexample.com", "*.example.com", false),
    ] {
        let engine = MemoryEngine::new();
        assert_eq!(create(&engine, &distribution(OWN, "E1"), &[held]).await, None);
        let expected = taken.then(|| format!("{wanted} E1"));
        let created = create(&engine, &distribution(account, "E2"), &[wanted]).await;
        assert_eq!(created, expected, "{held} of {OWN}, {wanted} of {account}");
    }
}

#[tokio::test]
async fn what_overlaps_with_a_name_is_found() {
    let engine = MemoryEngine::new();
    let account = "111122223333";
    create(&engine, &distribution(account, "E1"), &["*.example.com", "a.b.example.com"]).await;
    create(&engine, &distribution(account, "E2"), &["www.example.com", "example.com", "other.org"]).await;
    for (name, expected) in [
        ("www.example.com", "*.example.com E1, www.example.com E2"),
        ("new.example.com", "*.example.com E1"),
        ("*.example.com", "*.example.com E1, a.b.example.com E1, www.example.com E2"),
        ("example.com", "example.com E2"),
        ("example.org", ""),
        ("", ""),
        ("*.", ""),
        (&*"a".repeat(254), ""),
    ] {
        assert_eq!(overlapping(&engine, name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn names_that_are_given_up_are_free() {
    let engine = MemoryEngine::new();
    let (first, second) = (&distribution("111122223333", "E1"), distribution("444455556666", "E2"));
    create(&engine, first, &["a.example.com", "b.example.com"]).await;
    let content = &answering_for(&["b.example.com"]);
    transact(&engine, |tx| async move { resources::update(&tx, first, None, content, NOW).await })
        .await
        .unwrap();
    assert_eq!(create(&engine, &second, &["a.example.com"]).await, None);
    transact(&engine, |tx| async move { resources::delete(&tx, first, None, NOW).await }).await.unwrap();
    let third = distribution("444455556666", "E3");
    assert_eq!(create(&engine, &third, &["b.example.com"]).await, None);
}
