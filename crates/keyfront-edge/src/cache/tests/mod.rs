//! The cache with a clock that stands and an origin that says what it is told.

mod bodies;
mod collapsing;
mod concurrent;
mod disk;
mod invalidations;
mod lookups;
mod model;
mod revalidation;

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use keyfront_domain::caching::freshness::Ttls;
use tokio::sync::{Semaphore, mpsc};

use super::*;
use crate::body::{ObjectBody, TransferFailed};
use crate::key::CacheKey;
use crate::message::ResponseHead;
use crate::origin::{AnswerBody, AnswerTimes, OriginAnswer};

/// A clock that is set.
pub(super) struct ManualClock(AtomicU64);

impl Clock for ManualClock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body whose frames a test sends.
struct Frames {
    frames: mpsc::UnboundedReceiver<Result<Bytes, OriginFailure>>,
}

impl Body for Frames {
    type Data = Bytes;
    type Error = OriginFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        self.frames.poll_recv(cx).map(|frame| frame.map(|frame| frame.map(Frame::data)))
    }
}

/// What the origin says next.
enum Reply {
    Answer(u16, Vec<(&'static str, String)>, Content),
    Failure(OriginFailure),
}

enum Content {
    Text(Bytes),
    Frames(Frames),
}

type Sender = mpsc::UnboundedSender<Result<Bytes, OriginFailure>>;

/// A 200 with a text of known length.
fn answer(headers: &[(&'static str, &str)], text: &str) -> Reply {
    status(200, headers, text)
}

fn status(status: u16, headers: &[(&'static str, &str)], text: &str) -> Reply {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Reply::Answer(status, headers, Content::Text(Bytes::copy_from_slice(text.as_bytes())))
}

/// A 200 whose body the test sends; its length is said if it is given.
fn frames(control: &str, length: Option<usize>) -> (Sender, Reply) {
    let (sender, frames) = mpsc::unbounded_channel();
    let mut headers = vec![("cache-control", control.to_owned())];
    headers.extend(length.map(|length| ("content-length", length.to_string())));
    (sender, Reply::Answer(200, headers, Content::Frames(Frames { frames })))
}

fn timeout() -> OriginFailure {
    OriginFailure::Timeout("origin".to_owned())
}

/// An origin.
#[derive(Default)]
struct Origin {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Option<Validators>>>,
    targets: Vec<String>,
    /// Each answer needs a permit, if there is one.
    gate: Option<Semaphore>,
}

impl Origin {
    fn of(target: &str) -> Origin {
        Origin { targets: vec![target.to_owned()], ..Origin::default() }
    }

    fn says(&self, reply: Reply) {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner).push_back(reply);
    }

    fn asked(&self) -> Vec<Option<Validators>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self) -> usize {
        self.asked().len()
    }

    fn next(&self, validators: Option<Validators>) -> Result<OriginAnswer, OriginFailure> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(validators);
        let reply = self.replies.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        match reply {
            Some(Reply::Answer(status, headers, content)) => Ok(origin_answer(status, &headers, content)),
            Some(Reply::Failure(failure)) => Err(failure),
            None => Err(OriginFailure::NotReachableHere("nothing is scripted".to_owned())),
        }
    }
}

fn origin_answer(status: u16, headers: &[(&'static str, String)], content: Content) -> OriginAnswer {
    let mut head = ResponseHead::of(StatusCode::from_u16(status).unwrap_or_default());
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("?"));
        head.headers.append(HeaderName::from_static(name), value);
    }
    let body = match content {
        Content::Text(text) => {
            AnswerBody::new(http_body_util::Full::new(text).map_err(|never| match never {}))
        }
        Content::Frames(frames) => AnswerBody::new(frames),
    };
    OriginAnswer { head, body, origin_id: "o".into(), times: AnswerTimes::default() }
}

/// What tasks of the cache share with a test.
struct Scripted(Arc<Origin>);

impl Fetch for Scripted {
    fn fetch(
        &self,
        validators: Option<Validators>,
    ) -> BoxFuture<'static, Result<OriginAnswer, OriginFailure>> {
        let origin = Arc::clone(&self.0);
        Box::pin(async move {
            if let Some(gate) = &origin.gate
                && let Ok(permit) = gate.acquire().await
            {
                permit.forget();
            }
            origin.next(validators)
        })
    }

    fn targets(&self) -> Vec<String> {
        self.0.targets.clone()
    }
}

const USUAL: Ttls = Ttls { min_s: 0, default_s: 86_400, max_s: 31_536_000 };

fn rules(ttls: Ttls) -> CachingRules {
    CachingRules { ttls, error_ttls: ErrorTtls::new([(503, 3), (501, 0)]), collapse: true, revalidate: true }
}

/// A cache, an origin and a clock.
struct Bench {
    cache: Cache,
    clock: Arc<ManualClock>,
    origin: Arc<Origin>,
    rules: Arc<CachingRules>,
}

impl Bench {
    fn new(ttls: Ttls) -> Bench {
        Bench::with(8 * 1024 * 1024, Origin::of("/a"), rules(ttls))
    }

    fn gated(ttls: Ttls) -> Bench {
        Bench::with(
            8 * 1024 * 1024,
            Origin { gate: Some(Semaphore::new(0)), ..Origin::of("/a") },
            rules(ttls),
        )
    }

    fn with(memory_bytes: u64, origin: Origin, rules: CachingRules) -> Bench {
        Bench::on_disk(memory_bytes, None, origin, rules)
    }

    fn on_disk(memory_bytes: u64, disk: Option<CacheDisk>, origin: Origin, rules: CachingRules) -> Bench {
        let clock = Arc::new(ManualClock(AtomicU64::new(784_111_777_000)));
        let settings = CacheSettings { memory_bytes, ..CacheSettings::default() };
        let as_clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let cache = Cache::new(&settings, disk, as_clock);
        Bench { cache, clock, origin: Arc::new(origin), rules: Arc::new(rules) }
    }

    fn pass_s(&self, seconds: u64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    fn release(&self, answers: usize) {
        self.origin.gate.iter().for_each(|gate| gate.add_permits(answers));
    }

    fn wanted(&self, key: &str) -> Wanted {
        Wanted {
            key: CacheKey::with_digest(digest(key), key),
            rules: Arc::clone(&self.rules),
            scopes: Arc::from([Arc::from("E1")]),
            is_head: false,
        }
    }

    async fn get(&self) -> Seen {
        self.get_with(self.wanted("/a")).await
    }

    async fn head(&self) -> Seen {
        self.get_with(Wanted { is_head: true, ..self.wanted("/a") }).await
    }

    async fn get_with(&self, wanted: Wanted) -> Seen {
        let seen = Seen::of(self.serve(wanted).await).await;
        idle().await;
        seen
    }

    /// The answer with a body that is not yet read.
    async fn serve(&self, wanted: Wanted) -> Result<Served, OriginFailure> {
        self.cache.get(wanted, Arc::new(Scripted(Arc::clone(&self.origin)))).await
    }

    /// The same in a task of its own.
    fn spawn(&self, wanted: Wanted) -> tokio::task::JoinHandle<Seen> {
        let (cache, fetch) = (self.cache.clone(), Arc::new(Scripted(Arc::clone(&self.origin))));
        tokio::spawn(async move { Seen::of(cache.get(wanted, fetch).await).await })
    }

    fn invalidate(&self, path: &str) {
        self.cache.invalidations().apply("E1", [path]);
    }
}

/// Different keys in the tests have different digests, but for those that begin with `collide`.
fn digest(key: &str) -> u128 {
    if key.starts_with("collide") {
        return 7;
    }
    key.bytes().fold(11, |digest: u128, byte| digest.wrapping_mul(1_000_003).wrapping_add(u128::from(byte)))
}

/// Lets all tasks run until they wait for the test.
async fn idle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

/// What a viewer saw.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Answer { verdict: Verdict, status: u16, text: String, age_s: Option<u64>, is_stale: bool },
    Broken(TransferFailed),
    Failed(u16),
}

impl Seen {
    async fn of(served: Result<Served, OriginFailure>) -> Seen {
        let served = match served {
            Ok(served) => served,
            Err(failure) => return Seen::Failed(failure.status()),
        };
        match read(served.body).await {
            Ok(text) => Seen::Answer {
                verdict: served.verdict,
                status: served.head.status.as_u16(),
                text,
                age_s: served.age_s,
                is_stale: served.is_stale,
            },
            Err(failed) => Seen::Broken(failed),
        }
    }
}

fn hit(text: &str, age_s: u64) -> Seen {
    seen(Verdict::Hit, text, Some(age_s), false)
}

fn stale(text: &str, age_s: u64) -> Seen {
    seen(Verdict::Hit, text, Some(age_s), true)
}

fn refreshed(text: &str) -> Seen {
    seen(Verdict::RefreshHit, text, Some(0), false)
}

fn miss(text: &str) -> Seen {
    seen(Verdict::Miss, text, None, false)
}

fn seen(verdict: Verdict, text: &str, age_s: Option<u64>, is_stale: bool) -> Seen {
    Seen::Answer { verdict, status: 200, text: text.to_owned(), age_s, is_stale }
}

async fn read(body: ObjectBody) -> Result<String, TransferFailed> {
    Ok(String::from_utf8_lossy(&body.collect().await?.to_bytes()).into_owned())
}
