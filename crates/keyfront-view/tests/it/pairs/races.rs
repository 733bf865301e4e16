//! Writers and readers at once: a reader sees whole commits, and never an older one than before.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

const WRITES: u32 = 300;

/// Reads what a writer keeps equal until the writers are done; answers how many different commits it saw.
fn reader(view: &Pairs, done: &Arc<AtomicBool>, id: u128) -> std::thread::JoinHandle<u32> {
    let (view, done) = (view.clone(), Arc::clone(done));
    std::thread::spawn(move || {
        let (mut commits, mut last, mut version) = (0, -1, Version::NEVER);
        loop {
            let ending = done.load(Ordering::Acquire);
            let now = view.version();
            assert!(now >= version, "the view went back from {version:?} to {now:?}");
            version = now;
            let image = view.get(&arn(id)).unwrap();
            let value = |key: &str| image.get(key).unwrap().parse::<i64>().unwrap();
            let (left, right) = (value("left"), value("right"));
            assert_eq!(left, right, "half a batch");
            assert_eq!(left, image.modified_ms(), "pairs and head of two commits");
            assert!(left >= last, "the store went back from {last} to {left}");
            commits += u32::from(left > last);
            last = left;
            if ending {
                assert_eq!(left, i64::from(WRITES));
                return commits;
            }
        }
    })
}

async fn writer(engine: Arc<dyn Engine>, id: u128) {
    for round in 1..=WRITES {
        let value = round.to_string();
        write(&*engine, id, &[("left", &value), ("right", &value)], &[], round.into()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_see_whole_commits_and_never_an_older_one() {
    // Small windows: the view lags now and then, and has to read afresh.
    for watch_batches in [4096, 1] {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            keyfront_engine_redb::Settings { watch_batches, ..keyfront_engine_redb::Settings::default() };
        let engines: [Arc<dyn Engine>; 2] =
            [Arc::new(MemoryEngine::new()), Arc::new(RedbEngine::open(folder.path(), settings).unwrap())];
        for engine in engines {
            let view = Pairs::follow(Arc::clone(&engine), None);
            for id in [1, 2] {
                let new = NewKeyValueStore { now_ms: 0, ..new(id) };
                create(&*engine, &new, &[("left", "0"), ("right", "0")]).await;
                view.load(&arn(id)).await.unwrap().unwrap();
            }
            let done = Arc::new(AtomicBool::new(false));
            let readers = [reader(&view, &done, 1), reader(&view, &done, 2)];
            let writers = [1, 2].map(|id| tokio::spawn(writer(Arc::clone(&engine), id)));
            for writer in writers {
                writer.await.unwrap();
            }
            catch_up(&view, &*engine).await;
            done.store(true, Ordering::Release);
            for reader in readers {
                let commits = tokio::task::spawn_blocking(move || reader.join().unwrap()).await.unwrap();
                assert!(commits >= 1);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_loaded_and_forgotten_while_it_is_written_misses_nothing() {
    let (engines, _folder) = engines();
    for engine in engines {
        let view = Pairs::follow(Arc::clone(&engine), None);
        create(&*engine, &NewKeyValueStore { now_ms: 0, ..new(1) }, &[("left", "0"), ("right", "0")]).await;
        let writer = tokio::spawn(writer(Arc::clone(&engine), 1));
        while !writer.is_finished() {
            let image = view.load(&arn(1)).await.unwrap().unwrap();
            assert_eq!(image.get("left"), image.get("right"));
            catch_up(&view, &*engine).await;
            view.forget(&arn(1)).await;
        }
        writer.await.unwrap();
        let image = view.load(&arn(1)).await.unwrap().unwrap();
        assert_eq!(&**image.get("left").unwrap(), WRITES.to_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_load_the_same_store_get_the_same_image() {
    let (engines, _folder) = engines();
    for engine in engines {
        create(&*engine, &new(1), &[("a", "1")]).await;
        let view = Pairs::follow(Arc::clone(&engine), None);
        let loads: Vec<_> = (0..32)
            .map(|_| {
                let view = view.clone();
                tokio::spawn(async move { view.load(&arn(1)).await.unwrap().unwrap() })
            })
            .collect();
        let mut images = Vec::new();
        for load in loads {
            images.push(load.await.unwrap());
        }
        assert!(images.iter().all(|image| Arc::ptr_eq(image, &images[0])));
    }
}
