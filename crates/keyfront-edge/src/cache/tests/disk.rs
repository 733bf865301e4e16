//! Objects in a folder: too large for memory, or of which memory had no room for all.

use std::time::Duration;

use super::super::head::KeptHead;
use super::*;
use crate::body::DiskFolder;

const KIB: usize = 1024;

/// Memory for objects of 12 KiB at most, and a folder for those of 3 MiB.
const MEMORY: u64 = 64 * 1024;
const DISK: u64 = 16 * 1024 * 1024;

fn bench() -> (tempfile::TempDir, Bench) {
    let folder = tempfile::tempdir().unwrap();
    let disk = CacheDisk { folder: DiskFolder::open(&folder.path().join("cache")).unwrap(), bytes: DISK };
    let bench = Bench::on_disk(MEMORY, Some(disk), Origin::of("/a"), rules(USUAL));
    (folder, bench)
}

fn text(length: usize) -> String {
    "abcdefghijklmnopqrstuvwxyz".chars().cycle().take(length).collect()
}

/// Waits for work that threads do beside the runtime.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let mut looks = tokio::time::interval(Duration::from_millis(2));
    for _ in 0..2_000 {
        if holds() {
            return;
        }
        looks.tick().await;
    }
    panic!("{what}");
}

impl Bench {
    async fn settled(&self) {
        until("the body does not come to an end", || self.cache.statistics().disk_filling_bytes == 0).await;
    }
}

#[tokio::test]
async fn what_is_too_large_for_memory_goes_to_the_folder_and_is_hit_there() {
    let (_folder, bench) = bench();
    for (length, on_disk) in [(4 * KIB, 0), (300 * KIB, 1), (5_000 * KIB, 0)] {
        let body = text(length);
        bench.cache.inner.shelves().for_each(|shelf| shelf.remove_key(&bench.wanted("/a").key));
        bench.origin.says(answer(&[("cache-control", "max-age=60")], &body));
        assert_eq!(bench.get().await, miss(&body), "{length}");
        bench.settled().await;
        let figures = bench.cache.statistics();
        assert_eq!(figures.disk_objects, on_disk, "{length}");
        assert_eq!(figures.disk_bytes >= u64::try_from(length).unwrap(), on_disk == 1, "{length}");
        // What is too large for both passes.
        let passes = length == 5_000 * KIB;
        if passes {
            bench.origin.says(answer(&[], "again"));
        }
        assert_eq!(bench.get().await, if passes { miss("again") } else { hit(&body, 0) }, "{length}");
    }
}

#[tokio::test]
async fn viewers_share_a_body_that_is_coming_and_one_that_stops_holds_up_none() {
    let (_folder, bench) = bench();
    let body = text(300 * KIB);
    let (sender, reply) = frames("max-age=60", Some(body.len()));
    bench.origin.says(reply);
    let Ok(first) = bench.serve(bench.wanted("/a")).await else { unreachable!("the head is there") };
    let (start, rest) = body.as_bytes().split_at(100 * KIB);
    assert!(sender.send(Ok(Bytes::copy_from_slice(start))).is_ok());
    let second = bench.spawn(bench.wanted("/a"));
    let Ok(ranged) = bench.serve(bench.wanted("/a")).await else { unreachable!("the head is there") };
    let part = tokio::time::timeout(Duration::from_mins(1), read(ranged.body.range(10..20))).await.unwrap();
    assert_eq!(part.as_deref(), Ok("klmnopqrst"), "although the rest is missing");
    assert!(sender.send(Ok(Bytes::copy_from_slice(rest))).is_ok());
    drop(sender);
    // The first has read nothing so far.
    assert_eq!(second.await.ok(), Some(hit(&body, 0)));
    assert_eq!(read(first.body).await.as_deref(), Ok(&*body));
    bench.settled().await;
    assert_eq!((bench.origin.count(), bench.cache.statistics().disk_objects), (1, 1));
}

#[tokio::test]
async fn a_body_that_breaks_off_or_is_deserted_is_not_kept() {
    // Bytes that are sent, whether the viewer stays; what becomes of the transfer.
    for (sent, stays, kept) in
        [(100, true, false), (301, true, false), (100, false, false), (200, false, true), (300, true, true)]
    {
        let (folder, bench) = bench();
        let body = text(300 * KIB);
        let (sender, reply) = frames("max-age=60", Some(body.len()));
        bench.origin.says(reply);
        let Ok(viewer) = bench.serve(bench.wanted("/a")).await else { unreachable!("the head is there") };
        let first = text(sent * KIB);
        assert!(sender.send(Ok(Bytes::from(first.clone()))).is_ok());
        let what = format!("{sent} KiB, stays: {stays}");
        if stays {
            drop(sender);
            let expected = if kept { Ok(body.clone()) } else { Err(TransferFailed::Length) };
            assert_eq!(read(viewer.body).await, expected, "{what}");
        } else {
            let mut viewer = viewer;
            let mut seen = 0;
            while seen < first.len() {
                let frame = tokio::time::timeout(Duration::from_mins(1), viewer.body.frame()).await.unwrap();
                seen += frame.unwrap().unwrap().into_data().unwrap().len();
            }
            drop(viewer);
            idle().await;
            let rest = body.as_bytes().get(first.len()..).unwrap_or_default();
            drop(sender.send(Ok(Bytes::copy_from_slice(rest))));
            drop(sender);
        }
        bench.settled().await;
        assert_eq!(bench.cache.statistics().disk_objects, u64::from(kept), "{what}");
        let files = || walk(folder.path());
        until("files are left", || files() == usize::from(kept)).await;
        bench.origin.says(answer(&[], "again"));
        assert_eq!(bench.get().await, if kept { hit(&body, 0) } else { miss("again") }, "{what}");
    }
}

/// How many bodies there are in a folder.
fn walk(path: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let bodies = entries
        .map(|path| if path.is_dir() { walk(&path) } else { usize::from(!path.ends_with("keyfront-cache")) });
    bodies.sum()
}

#[tokio::test]
async fn an_object_in_the_folder_is_revalidated_replaced_and_invalidated() {
    let (folder, bench) = bench();
    let body = text(300 * KIB);
    let headers = [("cache-control", "max-age=60"), ("etag", "\"1\"")];
    bench.origin.says(answer(&headers, &body));
    assert_eq!(bench.get().await, miss(&body));
    bench.settled().await;
    bench.pass_s(61);
    bench.origin.says(status(304, &headers, ""));
    assert_eq!(bench.get().await, refreshed(&body));
    assert_eq!(bench.get().await, hit(&body, 0));
    bench.pass_s(61);
    bench.origin.says(answer(&headers, "small"));
    assert_eq!(bench.get().await, miss("small"));
    assert_eq!(bench.get().await, hit("small", 0));
    assert_eq!(bench.cache.statistics().disk_objects, 0);
    until("a file is left", || walk(folder.path()) == 0).await;
    bench.pass_s(61);
    bench.origin.says(answer(&headers, &body));
    assert_eq!(bench.get().await, miss(&body));
    bench.settled().await;
    let objects = bench.cache.statistics();
    assert_eq!((objects.objects, objects.disk_objects), (0, 1));
    bench.invalidate("/a");
    bench.cache.sweep().await;
    assert_eq!(bench.cache.statistics().disk_objects, 0);
    until("a file is left", || walk(folder.path()) == 0).await;
    bench.origin.says(answer(&[], "again"));
    assert_eq!(bench.get().await, miss("again"));
}

#[tokio::test]
async fn what_was_used_least_goes_when_the_folder_is_full() {
    let (folder, bench) = bench();
    let body = text(2_000 * KIB);
    for number in 0..20 {
        bench.origin.says(answer(&[("cache-control", "max-age=60")], &body));
        assert_eq!(bench.get_with(bench.wanted(&format!("/{number}"))).await, miss(&body));
        bench.settled().await;
    }
    let figures = bench.cache.statistics();
    assert!(figures.disk_bytes <= DISK / 4 * 3 && figures.disk_objects >= 4, "{figures:?}");
    let kept = usize::try_from(figures.disk_objects).unwrap();
    until("evicted files are left", || walk(folder.path()) == kept).await;
}

#[tokio::test]
async fn a_folder_that_fails_breaks_one_transfer_and_is_left_alone_for_a_minute() {
    let (folder, bench) = bench();
    let body = text(300 * KIB);
    std::fs::remove_dir(folder.path().join("cache/new")).unwrap();
    bench.origin.says(answer(&[], &body));
    assert!(matches!(bench.get().await, Seen::Broken(TransferFailed::Disk(_))));
    bench.settled().await;
    std::fs::create_dir(folder.path().join("cache/new")).unwrap();
    for (passed_s, on_disk) in [(0, 0), (59, 0), (2, 1)] {
        bench.pass_s(passed_s);
        bench.origin.says(answer(&[], &body));
        assert_eq!(bench.get().await, miss(&body));
        bench.settled().await;
        assert_eq!(bench.cache.statistics().disk_objects, on_disk, "after {passed_s} s more");
    }
}

#[tokio::test]
async fn a_damaged_file_is_not_served_twice() {
    let (folder, bench) = bench();
    let body = text(300 * KIB);
    bench.origin.says(answer(&[], &body));
    assert_eq!(bench.get().await, miss(&body));
    bench.settled().await;
    damage(folder.path());
    assert!(matches!(bench.get().await, Seen::Broken(TransferFailed::Disk(_))));
    bench.origin.says(answer(&[], "again"));
    assert_eq!(bench.get().await, miss("again"));
}

/// Changes a byte in the middle of each body.
fn damage(path: &std::path::Path) {
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            damage(&path);
        } else if !path.ends_with("keyfront-cache") {
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&path, bytes).unwrap();
        }
    }
}

#[tokio::test]
async fn what_was_used_goes_to_the_folder_when_memory_is_full() {
    const PAGES: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let disk = CacheDisk { folder: DiskFolder::open(&folder.path().join("cache")).unwrap(), bytes: DISK };
    // Memory for about ten objects of 20 KiB.
    let bench = Bench::on_disk(320 * 1024, Some(disk), Origin::of("/a"), rules(USUAL));
    let task = tokio::spawn(bench.cache.clone().keep_demoted());
    let page = |number: usize| format!("{number}{}", text(20 * KIB));
    for number in 0..PAGES {
        let wanted = || bench.wanted(&format!("/{number}"));
        bench.origin.says(answer(&[("cache-control", "max-age=60")], &page(number)));
        assert_eq!(bench.get_with(wanted()).await, miss(&page(number)));
        // Each second one is used.
        if number % 2 == 0 {
            assert_eq!(bench.get_with(wanted()).await, hit(&page(number), 0));
        }
        bench.settled().await;
    }
    let statistics = || bench.cache.statistics();
    until("nothing goes to the folder", || statistics().disk_objects >= 5).await;
    bench.settled().await;
    let asked = bench.origin.count();
    for number in 0..PAGES {
        let wanted = bench.wanted(&format!("/{number}"));
        if let Some(Ok(served)) = bench.cache.find(&wanted) {
            assert_eq!(read(served.body).await.as_deref(), Ok(&*page(number)), "{number}");
        }
    }
    assert_eq!(bench.origin.count(), asked);
    // What the folder has is what was used.
    let of_folder = bench.cache.inner.disk.as_ref().unwrap().objects.iter();
    let keys: Vec<CacheKey> = of_folder.map(|object| object.key.clone()).collect();
    for number in (1..PAGES).step_by(2) {
        assert!(!keys.contains(&bench.wanted(&format!("/{number}")).key), "{number} was not used");
    }
    // A newer version in memory takes the place of the one in the folder.
    let number = (0..PAGES).find(|number| keys.contains(&bench.wanted(&format!("/{number}")).key)).unwrap();
    bench.pass_s(61);
    bench.origin.says(answer(&[], "new"));
    let wanted = || bench.wanted(&format!("/{number}"));
    assert_eq!(bench.get_with(wanted()).await, miss("new"));
    assert_eq!(bench.get_with(wanted()).await, hit("new", 0));
    task.abort();
}

#[test]
fn the_folder_has_as_many_objects_as_memory_has_room_for_their_heads() {
    let objects = Memory::of_files(1024 * 1024, 8);
    for number in 0..100 {
        let key = format!("/{number}");
        let key = CacheKey::with_digest(digest(&key), &key);
        let marks = Invalidations::default().begin(&[]).marks(&key, &[]);
        let object = Object::new(
            key,
            (KeptHead::new(&ResponseHead::of(StatusCode::OK)), super::super::object::Content::HeadOnly),
            Arc::from("o"),
            (
                0,
                keyfront_domain::caching::freshness::Freshness {
                    fresh_ms: 1_000,
                    while_revalidating_ms: 0,
                    on_error_ms: 0,
                    age_s: 0,
                    conditional: false,
                    shared: true,
                },
            ),
            marks,
        );
        objects.put(Arc::new(object), 0);
    }
    assert!((1..=8).contains(&objects.len()), "{}", objects.len());
}
