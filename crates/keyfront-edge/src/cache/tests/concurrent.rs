//! Many threads at once: what a viewer gets is never older than the last invalidation before its request, and never
//! mixed or short.

use super::*;

const PATHS: [&str; 3] = ["/a", "/b", "/c"];
const FRAMES: usize = 6;
const FRAME: usize = 2_000;
const VIEWERS: usize = 8;
const REQUESTS: usize = 600;

/// An origin whose objects say their version in each byte, and change.
struct Changing {
    version: Arc<AtomicU64>,
    path: &'static str,
    is_known: bool,
}

impl Fetch for Changing {
    fn fetch(&self, _: Option<Validators>) -> BoxFuture<'static, Result<OriginAnswer, OriginFailure>> {
        let (version, is_known) = (Arc::clone(&self.version), self.is_known);
        Box::pin(async move {
            let version = version.load(Ordering::SeqCst);
            tokio::task::yield_now().await;
            let (sender, frames) = mpsc::unbounded_channel();
            let frame = Bytes::from(version.to_be_bytes().repeat(FRAME / 8));
            tokio::spawn(async move {
                for _ in 0..FRAMES {
                    // A viewer that has left takes no more.
                    drop(sender.send(Ok(frame.clone())));
                    tokio::task::yield_now().await;
                }
            });
            let mut headers = vec![("cache-control", "max-age=60".to_owned())];
            if is_known {
                headers.push(("content-length", (FRAMES * FRAME).to_string()));
            }
            Ok(origin_answer(200, &headers, Content::Frames(Frames { frames })))
        })
    }

    fn targets(&self) -> Vec<String> {
        vec![self.path.to_owned()]
    }
}

/// The version of a whole body, if all its bytes are there and have the same.
async fn version(body: ObjectBody) -> Option<u64> {
    let bytes = body.collect().await.ok()?.to_bytes();
    let (versions, rest) = bytes.as_chunks::<8>();
    let first = versions.first()?;
    let is_one = rest.is_empty() && versions.iter().all(|version| version == first);
    (is_one && bytes.len() == FRAMES * FRAME).then(|| u64::from_be_bytes(*first))
}

/// One path: its key, the version that the origin has, and the one that viewers must at least get.
#[derive(Clone)]
struct Path {
    name: &'static str,
    wanted: Wanted,
    version: Arc<AtomicU64>,
    invalidated: Arc<AtomicU64>,
}

/// Requests one after the other, of which each third leaves early.
async fn view(cache: Cache, paths: Vec<Path>, requests: Arc<Semaphore>, number: usize) {
    for (round, path) in paths.iter().cycle().skip(number).take(REQUESTS).enumerate() {
        let fetch = Arc::new(Changing {
            version: Arc::clone(&path.version),
            path: path.name,
            is_known: (round + number).is_multiple_of(2),
        });
        let at_least = path.invalidated.load(Ordering::SeqCst);
        requests.add_permits(1);
        let served = cache.get(path.wanted.clone(), fetch).await;
        let Ok(mut served) = served else { unreachable!("the origin always answers") };
        if (round + number).is_multiple_of(3) {
            drop(served.body.frame().await);
            continue;
        }
        let version = version(served.body).await;
        // Hits wait for nothing, and the changes need a turn.
        tokio::task::yield_now().await;
        assert!(version >= Some(at_least), "{}: {version:?} after {at_least}", path.name);
    }
}

/// Changes the origin, and then invalidates, once for some requests.
async fn change(cache: Cache, paths: Vec<Path>, requests: Arc<Semaphore>) {
    for (round, path) in paths.iter().cycle().take(VIEWERS * REQUESTS / 4).enumerate() {
        let some = requests.acquire_many(4).await;
        some.into_iter().for_each(tokio::sync::SemaphorePermit::forget);
        let version = path.version.fetch_add(1, Ordering::SeqCst) + 1;
        cache.invalidations().apply("E1", [if round % 10 == 0 { "/*" } else { path.name }]);
        path.invalidated.fetch_max(version, Ordering::SeqCst);
        if round % 50 == 0 {
            cache.sweep().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_viewer_gets_what_was_invalidated_before_its_request() {
    let bench = Bench::with(8 * 1024 * 1024, Origin::default(), rules(USUAL));
    let of = |name| Path {
        name,
        wanted: bench.wanted(name),
        version: Arc::new(AtomicU64::new(1)),
        invalidated: Arc::new(AtomicU64::new(1)),
    };
    let paths: Vec<Path> = PATHS.into_iter().map(of).collect();
    let requests = Arc::new(Semaphore::new(0));
    let changing = tokio::spawn(change(bench.cache.clone(), paths.clone(), Arc::clone(&requests)));
    let view_one =
        |number| tokio::spawn(view(bench.cache.clone(), paths.clone(), Arc::clone(&requests), number));
    let viewing: Vec<_> = (0..VIEWERS).map(view_one).collect();
    for task in viewing.into_iter().chain([changing]) {
        assert!(task.await.is_ok(), "a task has failed");
    }
    let statistics = bench.cache.statistics();
    assert!(statistics.collapsed > 0 && statistics.misses > 100, "{statistics:?}");
}
