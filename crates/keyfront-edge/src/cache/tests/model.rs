//! Random histories of requests, time, changes of the origin and invalidations, against a map with times.
//!
//! Requests come one after the other and memory is enough, so the model knows neither collapsing nor eviction. How long
//! an answer may be used it takes from the domain's rule, which has tests of its own.

use std::collections::HashMap;

use keyfront_domain::caching::cache_control::CacheControl;
use keyfront_domain::caching::freshness::{self, Freshness};
use keyfront_domain::caching::invalidation::InvalidationPath;
use proptest::prelude::*;

use super::*;

const PATHS: [&str; 3] = ["/a", "/a/b", "/c"];
const PATTERNS: [&str; 5] = ["/a", "/a*", "/c", "/*", "/d"];
const CONTROLS: [&str; 8] = [
    "max-age=5",
    "max-age=5, stale-while-revalidate=10",
    "max-age=5, stale-if-error=10",
    "max-age=5, stale-if-error=0",
    "no-cache",
    "no-store",
    "",
    "max-age=5, must-revalidate",
];
/// 0 stands for no answer at all.
const STATUSES: [u16; 6] = [200, 200, 200, 404, 503, 0];
const TTLS: [Ttls; 3] =
    [Ttls { min_s: 0, default_s: 8, max_s: 30 }, Ttls { min_s: 7, default_s: 8, max_s: 30 }, Ttls::DISABLED];

#[derive(Clone, Debug)]
enum Step {
    Pass(u64),
    Get { path: usize, is_head: bool },
    Origin { status: usize, control: usize, etag: bool },
    Change,
    Invalidate(usize),
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..12u64).prop_map(Step::Pass),
        6 => (0..PATHS.len(), prop::bool::weighted(0.2))
            .prop_map(|(path, is_head)| Step::Get { path, is_head }),
        2 => (0..STATUSES.len(), 0..CONTROLS.len(), any::<bool>())
            .prop_map(|(status, control, etag)| Step::Origin { status, control, etag }),
        1 => Just(Step::Change),
        1 => (0..PATTERNS.len()).prop_map(Step::Invalidate),
        1 => Just(Step::Sweep),
    ]
}

/// The state of an origin.
#[derive(Clone, Copy)]
struct State {
    version: u32,
    status: u16,
    control: &'static str,
    etag: bool,
}

impl State {
    fn reply(self, validators: Option<&Validators>) -> Reply {
        let etag = format!("\"{}\"", self.version);
        let mut headers = vec![("cache-control", self.control)];
        if self.etag {
            headers.push(("etag", &etag));
        }
        let asked = validators.and_then(|validators| validators.etag.as_ref());
        match self.status {
            0 => Reply::Failure(timeout()),
            200 if self.etag && asked.is_some_and(|asked| asked.as_bytes() == etag.as_bytes()) => {
                status(304, &headers, "")
            }
            code => status(code, &headers, &self.version.to_string()),
        }
    }
}

/// An origin by its state, for one path.
struct Live {
    state: Arc<Mutex<State>>,
    asked: Arc<AtomicU64>,
    target: &'static str,
}

impl Fetch for Live {
    fn fetch(
        &self,
        validators: Option<Validators>,
    ) -> BoxFuture<'static, Result<OriginAnswer, OriginFailure>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let state = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Box::pin(async move {
            match state.reply(validators.as_ref()) {
                Reply::Answer(status, headers, content) => Ok(origin_answer(status, &headers, content)),
                Reply::Failure(failure) => Err(failure),
            }
        })
    }

    fn targets(&self) -> Vec<String> {
        vec![self.target.to_owned()]
    }
}

#[derive(Clone)]
struct Known {
    state: State,
    is_head: bool,
    received_ms: u64,
    freshness: Freshness,
    retry_ms: u64,
}

#[derive(Default)]
struct Model {
    known: HashMap<&'static str, Known>,
    asked: u64,
}

/// What a viewer gets: where from, status or failure, version.
type Outcome = (Option<Verdict>, u16, Option<u32>);

impl Model {
    fn get(&mut self, path: &'static str, is_head: bool, now_ms: u64, state: State, ttls: Ttls) -> Outcome {
        if !ttls.caches() {
            self.asked += 1;
            return Model::outcome(Verdict::Miss, state);
        }
        let known = self.known.get(path).filter(|known| is_head || !known.is_head).cloned();
        if let Some(known) = &known {
            let age_ms = now_ms - known.received_ms;
            let retained = now_ms < known.retry_ms && age_ms < known.freshness.on_error_ms;
            if age_ms < known.freshness.fresh_ms || retained {
                return Model::outcome(Verdict::Hit, known.state);
            }
            if age_ms < known.freshness.while_revalidating_ms {
                self.fetch(path, is_head, now_ms, state, ttls, Some(known.clone()));
                return Model::outcome(Verdict::Hit, known.state);
            }
        }
        self.fetch(path, is_head, now_ms, state, ttls, known)
    }

    fn fetch(
        &mut self,
        path: &'static str,
        is_head: bool,
        now_ms: u64,
        state: State,
        ttls: Ttls,
        outdated: Option<Known>,
    ) -> Outcome {
        self.asked += 1;
        let is_error = state.status == 0 || state.status >= 500;
        if is_error
            && let Some(mut outdated) = outdated.clone()
            && now_ms - outdated.received_ms < outdated.freshness.on_error_ms
        {
            let status = if state.status == 0 { 504 } else { state.status };
            outdated.retry_ms = now_ms + if status == 503 { 3_000 } else { 10_000 };
            let outcome = Model::outcome(Verdict::Hit, outdated.state);
            self.known.insert(path, outdated);
            return outcome;
        }
        let control = CacheControl::parse([state.control]);
        let answer = freshness::Answer {
            status: state.status,
            cache_control: &control,
            expires: None,
            date: None,
            age: None,
            varies_on_everything: false,
        };
        let error_ttl_s = if state.status == 503 { 3 } else { 10 };
        let kept_ms = |ms| Freshness {
            fresh_ms: ms,
            while_revalidating_ms: ms,
            on_error_ms: ms,
            age_s: 0,
            conditional: false,
            shared: true,
        };
        let freshness = match state.status {
            0 => Some(kept_ms(10_000)),
            _ => freshness::of(&answer, ttls, error_ttl_s, now_ms),
        };
        let freshness = freshness.filter(|freshness| {
            freshness.on_error_ms > 0 || (freshness.conditional && state.etag && state.status == 200)
        });
        let unchanged = outdated.filter(|outdated| {
            let asked = outdated.state.etag && outdated.state.status == 200 && outdated.freshness.conditional;
            asked && state.status == 200 && state.etag && outdated.state.version == state.version
        });
        // A failure says nothing of the body either, but it is the same for all methods.
        let is_head_only = match &unchanged {
            Some(outdated) => outdated.is_head,
            None => is_head && state.status != 0,
        };
        match freshness {
            Some(freshness) => {
                let known =
                    Known { state, is_head: is_head_only, received_ms: now_ms, freshness, retry_ms: 0 };
                self.known.insert(path, known);
            }
            None if !is_error => drop(self.known.remove(path)),
            None => {}
        }
        Model::outcome(if unchanged.is_some() { Verdict::RefreshHit } else { Verdict::Miss }, state)
    }

    fn outcome(verdict: Verdict, state: State) -> Outcome {
        match state.status {
            0 => (None, 504, None),
            status => (Some(verdict), status, Some(state.version)),
        }
    }

    fn invalidate(&mut self, pattern: &str) {
        let pattern = InvalidationPath::parse(pattern);
        self.known.retain(|path, _| !pattern.matches(path));
    }
}

async fn run(ttls: Ttls, steps: &[Step]) -> Result<(), TestCaseError> {
    let bench = Bench::new(ttls);
    let first = State { version: 1, status: 200, control: CONTROLS[0], etag: true };
    let (state, asked) = (Arc::new(Mutex::new(first)), Arc::new(AtomicU64::new(0)));
    let mut model = Model::default();
    for (at, step) in steps.iter().enumerate() {
        let now_ms = bench.clock.now_ms();
        match *step {
            Step::Pass(seconds) => bench.pass_s(seconds),
            Step::Change => state.lock().unwrap_or_else(PoisonError::into_inner).version += 1,
            Step::Origin { status, control, etag } => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                (state.status, state.control, state.etag) = (STATUSES[status], CONTROLS[control], etag);
                // Headers of an object do not change without its version.
                state.version += 1;
            }
            Step::Invalidate(pattern) => {
                bench.invalidate(PATTERNS[pattern]);
                model.invalidate(PATTERNS[pattern]);
            }
            Step::Sweep => bench.cache.sweep().await,
            Step::Get { path, is_head } => {
                let live = Live { state: Arc::clone(&state), asked: Arc::clone(&asked), target: PATHS[path] };
                let wanted = Wanted { is_head, ..bench.wanted(PATHS[path]) };
                let served = Seen::of(bench.cache.get(wanted, Arc::new(live)).await).await;
                idle().await;
                let seen: (Option<Verdict>, u16, Option<String>) = match served {
                    Seen::Answer { verdict, status, text, .. } => (Some(verdict), status, Some(text)),
                    Seen::Failed(status) => (None, status, None),
                    Seen::Broken(_) => (None, 0, None),
                };
                let current = *state.lock().unwrap_or_else(PoisonError::into_inner);
                let (verdict, status, version) = model.get(PATHS[path], is_head, now_ms, current, ttls);
                let text = version.map(|version| if is_head { String::new() } else { version.to_string() });
                prop_assert_eq!(seen, (verdict, status, text), "step {} of {:?}", at, steps);
                prop_assert_eq!(asked.load(Ordering::Relaxed), model.asked, "step {} of {:?}", at, steps);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_cache_answers_as_a_map_with_times_does(
        ttls in 0..TTLS.len(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.map_err(|error| TestCaseError::fail(error.to_string()))?.block_on(run(TTLS[ttls], &steps))?;
    }
}
