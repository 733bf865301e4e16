//! Tests of seeds: folders of files that become stores.

use std::fs;
use std::path::Path;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::{AccountId, Quotas};
use keyfront_engine::MemoryEngine;
use keyfront_store::list::PageRequest;
use keyfront_store::records::{KeyValueStoreRecord, Status};
use keyfront_store::stores::{self, NewKeyValueStore, PairsHead, create_filled};
use uuid::Uuid;

use super::folder::read as read_folder;
use super::store::{SeedStore, seeded_id};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn read(files: &[(&str, &str)], quotas: &Quotas) -> Result<Vec<String>, Vec<String>> {
    let folder = folder(files);
    match read_folder(folder.path(), quotas) {
        Ok(seed) => Ok(seed.stores.iter().map(SeedStore::display_name).collect()),
        Err(failure) => {
            let place = format!("{}/", folder.path().display());
            Err(failure.to_string().replace(&place, "").lines().skip(1).map(str::to_owned).collect())
        }
    }
}

#[test]
fn an_id_is_the_same_everywhere() {
    for (account, expected) in [
        ("000000000000", "7bb3df34-6253-5602-8cbf-cf00f38d29a6"),
        ("123456789012", "dd1a2a37-90c0-5c52-be4c-07f91ba6026c"),
    ] {
        assert_eq!(seeded_id(account.parse().unwrap(), "redirects").to_string(), expected);
    }
}

#[test]
fn each_file_is_a_store_and_a_folder_of_twelve_digits_an_account() {
    let files = [
        ("redirects.json", r#"{"data":[{"key":"/old","value":"/new"}]}"#),
        ("flags.csv", "key,value\nbeta,on\n"),
        ("x.yaml", "a: b\n"),
        ("y.ndjson", "{\"key\":\"a\",\"value\":\"b\"}\n"),
        ("123456789012/flags.json", r#"{"beta":"off"}"#),
        ("README.md", "What these are."),
        ("readme-seeds.MD", ""),
        (".gitkeep", ""),
        (".git/config.json", "{"),
    ];
    let expected = ["flags", "redirects", "x", "y", "123456789012/flags"].map(str::to_owned);
    assert_eq!(read(&files, &Quotas::default()), Ok(expected.to_vec()));
    assert_eq!(read(&[], &Quotas::default()), Ok(Vec::new()));
}

#[test]
fn every_problem_of_every_file_is_told() {
    let files = [
        ("a.json", "{}"),
        ("a.csv", "key,value\n"),
        ("b.json", r#"{"k":1,"l":true}"#),
        ("c.d.json", "{}"),
        ("e.toml", ""),
        ("12345/f.json", "{}"),
        ("123456789012/g/h.json", "{}"),
    ];
    let problems = read(&files, &Quotas::default()).unwrap_err();
    let beginnings =
        ["12345:", "123456789012/g:", "c.d.json:", "a.json:", "b.json:1:", "b.json:1:", "e.toml:"];
    assert_eq!(problems.len(), beginnings.len(), "{problems:#?}");
    for (problem, beginning) in problems.iter().zip(beginnings) {
        assert!(problem.starts_with(beginning), "{problems:#?}");
    }
    assert!(read_folder(Path::new("/nowhere"), &Quotas::default()).is_err());
}

#[test]
fn the_quotas_are_enforced() {
    let pairs = |key: &str, value: &str| format!(r#"{{"{key}":"{value}"}}"#);
    let quotas = Quotas {
        key_bytes: 4,
        value_bytes: 4,
        key_value_store_bytes: 6,
        key_value_stores_per_account: 2,
        ..Quotas::default()
    };
    for (files, problem) in [
        (vec![("a.json", pairs("keys", "va"))], None),
        (vec![("a.json", pairs("12345", ""))], Some("at most 4")),
        (vec![("a.json", pairs("k", "12345"))], Some("at most 4")),
        (vec![("a.json", pairs("keys", "val"))], Some("have 7 bytes; a store takes 6")),
        (vec![("a.json", pairs("k", "")), ("b.json", pairs("k", ""))], None),
        (
            vec![("a.json", pairs("k", "")), ("b.json", pairs("k", "")), ("c.json", pairs("k", ""))],
            Some("has 3 stores; it may have 2"),
        ),
    ] {
        let files: Vec<_> = files.iter().map(|(name, content)| (*name, content.as_str())).collect();
        match (read(&files, &quotas), problem) {
            (Ok(_), None) => {}
            (Err(problems), Some(problem)) => assert!(problems[0].contains(problem), "{problems:?}"),
            (found, _) => panic!("{files:?}: {found:?}"),
        }
    }
}

#[tokio::test]
async fn stores_are_ready_at_once_in_the_order_of_their_names_and_those_that_are_there_stay() {
    let folder = folder(&[("b.json", r#"{"k":"seed"}"#), ("a.json", "{}"), ("c.json", "{}")]);
    let quotas = Quotas::default();
    let seed = read_folder(folder.path(), &quotas).unwrap();
    let engine = MemoryEngine::new();
    let own = NewKeyValueStore { id: Uuid::from_u128(7), ..seed.stores[0].describe(1) };
    create_filled(&engine, &own, &[("k".to_owned(), "own".to_owned())], 200).await.unwrap();

    let report = seed.create_stores(&engine, &quotas, 1000).await.unwrap();
    let expected = (vec!["b".to_owned(), "c".to_owned()], vec!["a".to_owned()]);
    assert_eq!((report.created.stores, report.present.stores), expected);
    let filter = |record: &KeyValueStoreRecord| record.status == Status::Ready;
    let request = PageRequest { filter: &filter, ..PageRequest::new(None, 10) };
    let page = stores::list(&engine, AccountId::DEVELOPMENT, request).await.unwrap();
    assert!(!page.more);
    let listed: Vec<_> = page.items.iter().map(|record| (record.name.as_str(), record.created_ms)).collect();
    assert_eq!(listed, [("a", 1), ("b", 999), ("c", 1000)]);
    let arn = |name| KeyValueStoreArn {
        account: AccountId::DEVELOPMENT,
        id: seeded_id(AccountId::DEVELOPMENT, name),
    };
    assert!(matches!(stores::describe_pairs(&engine, &arn("a")).await.unwrap().0, PairsHead::Absent));
    let PairsHead::Found(head) = stores::describe_pairs(&engine, &arn("b")).await.unwrap().0 else {
        panic!("seeded")
    };
    assert_eq!((head.version, head.totals.item_count), (1, 1));
}
