//! Writes of many pairs and reads of all of them, on both engines.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keyfront_engine::MemoryEngine;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::Batch;
use keyfront_store::stores::{ReadPairs, read_pairs};

use super::*;

type Pairs = BTreeMap<String, String>;

/// Each engine, and the folder that must live as long.
fn engines() -> Vec<(Arc<dyn Engine>, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let engine =
        RedbEngine::open(&folder.path().join("data"), keyfront_engine_redb::Settings::default()).unwrap();
    vec![(shared(MemoryEngine::new()), None), (shared(engine), Some(folder))]
}

async fn write(engine: &dyn Engine, version: u64, puts: &Pairs, deletes: &[String]) -> WriteOutcome {
    let quotas = Quotas::default();
    let put = puts.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let update = Update::of_any_number(put, deletes.iter().map(String::as_str), &quotas).unwrap();
    let if_match = etag::data_plane(version);
    stores::write_pairs(engine, &arn(1), &if_match, &update, None, &quotas, NOW).await.unwrap()
}

/// The head and all pairs.
async fn read(engine: &dyn Engine) -> (PairsRecord, Vec<(String, String)>) {
    match read_pairs(engine, &arn(1)).await.unwrap() {
        ReadPairs::Found(all) => {
            let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
            (all.head, all.iter().map(|pair| owned(pair.unwrap())).collect())
        }
        ReadPairs::Unreadable(head) => panic!("{head:?}"),
    }
}

/// Pairs whose keys are these numbers.
fn numbered(numbers: impl IntoIterator<Item = usize>, value: &str) -> Pairs {
    numbers.into_iter().map(|number| (format!("k{number:05}"), value.to_owned())).collect()
}

#[tokio::test]
async fn all_pairs_come_from_one_moment_in_the_order_of_their_keys() {
    for (engine, _folder) in engines() {
        create(&*engine, &new("full", 1)).await.unwrap();
        create(&*engine, &new("next", 2)).await.unwrap();
        assert_eq!(read(&*engine).await.1, []);
        put(&*engine, 2, 1, "other", "store").await;
        let pairs: Pairs = ["b", "a", "ü", "a/b", "\u{1}", "😀"]
            .map(|key| (key.to_owned(), format!("value of {key}")))
            .into();
        write(&*engine, 1, &pairs, &[]).await;
        let (head, read) = read(&*engine).await;
        let expected: Vec<_> = pairs.into_iter().collect();
        assert_eq!((head.version, head.totals), (2, totals(&expected)));
        assert_eq!(read, expected);
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_used_is_not_read() {
    for (engine, _folder) in engines() {
        let unreadable = async || match read_pairs(&*engine, &arn(1)).await.unwrap() {
            ReadPairs::Found(all) => panic!("{all:?}"),
            ReadPairs::Unreadable(head) => head,
        };
        assert_eq!(unreadable().await, PairsHead::Absent);
        create(&*engine, &seeded("full", 1)).await.unwrap();
        assert!(matches!(unreadable().await, PairsHead::Found(_)));
        assert_eq!(delete(&*engine, "full", 1).await, Ok(()));
        assert_eq!(unreadable().await, PairsHead::Deleted);
    }
}

/// Small and large updates of small and large stores, so that the held values are found in both ways: the
/// outcome is that of a map.
#[tokio::test]
async fn an_update_of_any_number_of_pairs_does_what_it_does_to_a_map() {
    for (engine, _folder) in engines() {
        create(&*engine, &new("full", 1)).await.unwrap();
        let (mut model, mut version) = (Pairs::new(), 1);
        let steps: [(Pairs, Pairs); 9] = [
            // The puts, and the deletes as keys.
            (numbered(0..3000, "first"), Pairs::new()),
            (numbered([5], "one"), numbered([6], "")),
            (numbered((0..3000).step_by(12), "some"), numbered((1..3000).step_by(300), "")),
            (numbered((0..3000).step_by(2), "every other"), numbered((2995..3100).step_by(3), "")),
            (numbered(0..3000, "all"), numbered(1000..2000, "")),
            (numbered(0..1000, "all"), numbered(1000..2000, "")),
            (numbered(5000..5300, "behind"), numbered(4000..4300, "")),
            (Pairs::new(), numbered(0..6000, "")),
            (numbered(0..300, "again"), Pairs::new()),
        ];
        for (step, (puts, deletes)) in steps.into_iter().enumerate() {
            let deletes: Vec<String> = deletes.into_keys().collect();
            let before = model.clone();
            model.extend(puts.clone());
            model.retain(|key, _| !deletes.contains(key));
            let outcome = write(&*engine, version, &puts, &deletes).await;
            version += u64::from(model != before);
            let expected: Vec<_> = model.clone().into_iter().collect();
            let (head, pairs) = read(&*engine).await;
            assert_eq!((head.version, head.totals), (version, totals(&expected)), "{step}");
            assert_eq!(outcome, WriteOutcome::Written(head), "{step}");
            assert!(pairs == expected, "{step}");
        }
        assert_eq!(stores::audit(&*engine).await.unwrap().pairs, 300);
    }
}

#[tokio::test]
async fn a_large_update_that_cannot_be_made_changes_nothing() {
    for (engine, _folder) in engines() {
        let many = numbered(0..1000, "many");
        assert_eq!(write(&*engine, 1, &many, &[]).await, WriteOutcome::Unwritable(PairsHead::Absent));
        create(&*engine, &new("full", 1)).await.unwrap();
        put(&*engine, 1, 1, "kept", "1").await;
        assert_eq!(write(&*engine, 1, &many, &[]).await, WriteOutcome::Stale);
        let too_many = numbered(0..6000, &"v".repeat(1024));
        let quota = write(&*engine, 2, &too_many, &[]).await;
        assert!(matches!(quota, WriteOutcome::QuotaExceeded(_)), "{quota:?}");
        assert_eq!(read(&*engine).await.1, [("kept".to_owned(), "1".to_owned())]);
    }
}

/// A value that cannot be read is found in whatever way the pairs are read, and nothing is written.
#[tokio::test]
async fn a_damaged_pair_ends_a_read_and_a_large_update() {
    let engine = MemoryEngine::new();
    create(&engine, &new("full", 1)).await.unwrap();
    write(&engine, 1, &numbered(0..10, "v"), &[]).await;
    let snapshot = engine.read(&[Range::prefix([0x06].as_slice())]).await.unwrap();
    let damaged = &snapshot.range(0)[4].key;
    engine.commit(Batch::default().put(damaged.clone(), "from the future")).await.unwrap();
    let ReadPairs::Found(all) = read_pairs(&engine, &arn(1)).await.unwrap() else { panic!() };
    assert_eq!(all.iter().filter(Result::is_err).count(), 1);
    let (quotas, many) = (Quotas::default(), numbered(0..500, "w"));
    let puts = many.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let update = Update::of_any_number(puts, [], &quotas).unwrap();
    let if_match = etag::data_plane(2);
    let written = stores::write_pairs(&engine, &arn(1), &if_match, &update, None, &quotas, NOW).await;
    assert!(written.unwrap_err().to_string().contains("pair record cannot be read"));
    assert_eq!(head(&engine, 1).await.unwrap().version, 2);
}

/// A reader sees each write as a whole: every pair of one moment has the value of the same write.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_of_all_pairs_is_never_a_mixture_of_two_writes() {
    const WRITES: u64 = 20;
    for (engine, _folder) in engines() {
        create(&*engine, &new("full", 1)).await.unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let writer = {
            let (engine, done) = (Arc::clone(&engine), Arc::clone(&done));
            tokio::spawn(async move {
                for version in 1..=WRITES {
                    // The number of pairs tells the writes apart as well.
                    let count = 300 + usize::try_from(version % 2).unwrap() * 300;
                    let gone: Vec<String> = numbered(count..600, "").into_keys().collect();
                    let outcome =
                        write(&*engine, version, &numbered(0..count, &version.to_string()), &gone).await;
                    assert!(matches!(outcome, WriteOutcome::Written(_)), "{outcome:?}");
                }
                done.store(true, Ordering::Relaxed);
            })
        };
        let mut seen = 0;
        while !done.load(Ordering::Relaxed) {
            let (head, pairs) = read(&*engine).await;
            assert_eq!(head.totals, totals(&pairs));
            assert!(pairs.iter().all(|(_, value)| *value == (head.version - 1).to_string()));
            assert!(head.version >= seen);
            seen = head.version;
            tokio::task::yield_now().await;
        }
        writer.await.unwrap();
        assert!(seen > 0, "nothing was read meanwhile");
        assert_eq!(read(&*engine).await.0.version, WRITES + 1);
    }
}
