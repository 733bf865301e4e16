//! What an origin's answer means for the one who asked, for those who wait, and for the cache.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{AGE, CACHE_CONTROL, CONTENT_LENGTH, DATE, EXPIRES, VARY};
use http::{HeaderName, HeaderValue, StatusCode};
use http_body::Body as _;
use keyfront_domain::caching::cache_control::CacheControl;
use keyfront_domain::caching::freshness::{self, Answer, Freshness};

use super::Inner;
use super::collapse::Outcome;
use super::fill::Filling;
use super::head::KeptHead;
use super::invalidations::Begun;
use super::object::{Content, Object};
use super::revalidate;
use super::wanted::{Fetch, Served, Verdict, Wanted};
use crate::body::{ObjectBody, Whole};
use crate::message::ResponseHead;
use crate::origin::{AnswerBody, AnswerTimes, OriginAnswer, OriginFailure};

/// One fetch.
pub(super) struct Question<'q> {
    pub(super) wanted: &'q Wanted,
    pub(super) fetch: &'q dyn Fetch,
    /// What is in the cache but too old.
    pub(super) stale: Option<&'q Arc<Object>>,
    pub(super) begun: &'q Begun,
}

/// What came of it.
pub(super) struct Settled {
    /// For the one who asked.
    pub(super) leader: Result<Served, OriginFailure>,
    /// For those who wait.
    pub(super) outcome: Outcome,
    /// A body that is to be read into the cache.
    pub(super) filling: Option<Filling>,
}

impl Settled {
    fn shared(object: Arc<Object>, leader: Result<Served, OriginFailure>) -> Settled {
        Settled { leader, outcome: Outcome::Shared(object), filling: None }
    }

    /// The one who asked gets another head than those who come later.
    fn with_head(mut self, head: ResponseHead) -> Settled {
        if let Ok(served) = &mut self.leader {
            served.head = head;
        }
        self
    }

    /// The one who asked learns how long the origin took.
    fn took(&mut self, times: AnswerTimes) {
        if let Ok(served) = &mut self.leader {
            served.times = Some(times);
        }
    }
}

impl Inner {
    /// Asks the origin.
    pub(super) async fn settle(&self, question: &Question<'_>) -> Settled {
        let stale = question.stale.filter(|stale| {
            question.wanted.rules.revalidate && stale.freshness.conditional && !stale.is_invalidated()
        });
        let asked =
            stale.and_then(|stale| Some((stale, revalidate::validators(|name| stale.head.header(name))?)));
        let mut answer = question.fetch.fetch(asked.as_ref().map(|(_, validators)| validators.clone())).await;
        if let (Some((stale, asked)), Ok(answered)) = (&asked, &answer)
            && answered.head.status == StatusCode::NOT_MODIFIED
        {
            if revalidate::confirms(asked, &answered.head) && !stale.is_invalidated() {
                let mut settled = self.settle_unchanged(question, stale, &answered.head);
                settled.took(answered.times.clone());
                return settled;
            }
            answer = question.fetch.fetch(None).await;
        }
        let failed = match &answer {
            Ok(answer) if answer.head.status.is_server_error() => Some(answer.head.status.as_u16()),
            Ok(_) => None,
            Err(failure) => Some(failure.status()),
        };
        if let Some(status) = failed
            && let Some(settled) = self.settle_with_stale(question, status)
        {
            return settled;
        }
        match answer {
            Ok(answer) => {
                let times = answer.times.clone();
                let mut settled = self.settle_answer(question, answer);
                settled.took(times);
                settled
            }
            Err(failure) => self.settle_failure(question, failure),
        }
    }

    /// The object has not changed.
    fn settle_unchanged(
        &self,
        question: &Question<'_>,
        stale: &Arc<Object>,
        answer: &ResponseHead,
    ) -> Settled {
        let now_ms = self.clock.now_ms();
        let mut head = revalidate::merged(stale.head.get(), answer);
        if !answer.headers.contains_key(DATE) {
            date(&mut head, now_ms);
        }
        let freshness = freshness(question.wanted, &head, now_ms);
        head.headers.remove(AGE);
        let head = kept(&head).unwrap_or(head);
        let object = Arc::new(Object::new(
            question.wanted.key.clone(),
            (KeptHead::new(&head), stale.content.clone()),
            Arc::clone(&stale.origin_id),
            (now_ms, freshness.unwrap_or(stale.freshness)),
            question.begun.marks(&question.wanted.key, &question.fetch.targets()),
        ));
        let leader = self.answer_with(&object, question.wanted, Verdict::RefreshHit);
        match freshness {
            Some(freshness) => {
                self.keep(&object, now_ms);
                if freshness.shared {
                    return Settled::shared(object, leader);
                }
            }
            None => {
                self.forget(stale);
            }
        }
        self.pass_for_a_while(question.wanted.key.digest());
        Settled { leader, outcome: Outcome::Alone, filling: None }
    }

    /// The origin has failed: a stale object that may be used is, and the origin has a pause.
    fn settle_with_stale(&self, question: &Question<'_>, status: u16) -> Option<Settled> {
        let now_ms = self.clock.now_ms();
        let stale = question.stale?;
        if !stale.outlives_errors(now_ms) || stale.is_invalidated() {
            return None;
        }
        let pause_ms = question.wanted.rules.error_ttls.of(status).saturating_mul(1000);
        stale.retain_until(now_ms.saturating_add(pause_ms));
        let leader = self.answer_with(stale, question.wanted, Verdict::Hit);
        Some(Settled::shared(Arc::clone(stale), leader))
    }

    /// There is no answer and nothing stale: the failure is remembered as an error with its status would be.
    fn settle_failure(&self, question: &Question<'_>, failure: OriginFailure) -> Settled {
        let now_ms = self.clock.now_ms();
        let pause_ms = question.wanted.rules.error_ttls.of(failure.status()).saturating_mul(1000);
        let freshness = Freshness {
            fresh_ms: pause_ms,
            while_revalidating_ms: pause_ms,
            on_error_ms: pause_ms,
            age_s: 0,
            conditional: false,
            shared: true,
        };
        let head = ResponseHead::of(StatusCode::BAD_GATEWAY);
        let object = Arc::new(Object::new(
            question.wanted.key.clone(),
            (KeptHead::new(&head), Content::Failed(Box::new(failure.clone()))),
            Arc::from(""),
            (now_ms, freshness),
            question.begun.marks(&question.wanted.key, &question.fetch.targets()),
        ));
        if pause_ms > 0 {
            self.keep(&object, now_ms);
        }
        self.counters.misses.add();
        Settled::shared(object, Err(failure))
    }

    fn settle_answer(&self, question: &Question<'_>, answer: OriginAnswer) -> Settled {
        let now_ms = self.clock.now_ms();
        let wanted = question.wanted;
        if !answer.head.status.is_server_error() {
            // Whatever was known of the object is no longer so.
            self.forget_key(&wanted.key);
        }
        let Some(freshness) = freshness(wanted, &answer.head, now_ms) else {
            self.pass_for_a_while(wanted.key.digest());
            return self.alone(wanted, answer);
        };
        if !freshness.shared {
            self.pass_for_a_while(wanted.key.digest());
        }
        let length = length(&answer.head).or_else(|| answer.body.size_hint().exact());
        let OriginAnswer { mut head, body, origin_id, times } = answer;
        let age = head.headers.remove(AGE);
        if !head.headers.contains_key(DATE) {
            date(&mut head, now_ms);
        }
        let kept = kept(&head);
        let object = |content| {
            Arc::new(Object::new(
                wanted.key.clone(),
                (KeptHead::new(kept.as_ref().unwrap_or(&head)), content),
                Arc::clone(&origin_id),
                (now_ms, freshness),
                question.begun.marks(&question.wanted.key, &question.fetch.targets()),
            ))
        };
        let at_once = if wanted.is_head {
            Some(Content::HeadOnly)
        } else if length == Some(0) || body.is_end_stream() {
            Some(Content::Whole(Whole::default(), 0))
        } else {
            None
        };
        if let Some(content) = at_once {
            let object = object(content);
            self.keep(&object, now_ms);
            let settled = self.settle_new(wanted, object, None);
            return if kept.is_some() { settled.with_head(head) } else { settled };
        }
        let Some(room) = self.reserve(wanted.key.digest(), length) else {
            if let Some(age) = age {
                head.headers.insert(AGE, age);
            }
            return self.alone(wanted, OriginAnswer { head, body, origin_id, times });
        };
        let (content, into) = self.begin(wanted.key.digest(), room, length);
        let object = object(content);
        let filling = Filling { body, object: Arc::clone(&object), into };
        let settled = self.settle_new(wanted, object, Some(filling));
        if kept.is_some() { settled.with_head(head) } else { settled }
    }

    fn settle_new(&self, wanted: &Wanted, object: Arc<Object>, filling: Option<Filling>) -> Settled {
        let leader = self.answer_with(&object, wanted, Verdict::Miss);
        let outcome = if object.freshness.shared { Outcome::Shared(object) } else { Outcome::Alone };
        Settled { leader, outcome, filling }
    }

    /// An answer that is not kept.
    fn alone(&self, wanted: &Wanted, answer: OriginAnswer) -> Settled {
        self.counters.misses.add();
        Settled { leader: Ok(passed(wanted, answer)), outcome: Outcome::Alone, filling: None }
    }
}

/// How long an answer may be used. `None` if it is of no use to any other request.
fn freshness(wanted: &Wanted, head: &ResponseHead, now_ms: u64) -> Option<Freshness> {
    let control = CacheControl::parse(texts(head, &CACHE_CONTROL));
    let answer = Answer {
        status: head.status.as_u16(),
        cache_control: &control,
        expires: head.text(EXPIRES),
        date: head.text(DATE),
        age: head.text(AGE),
        varies_on_everything: texts(head, &VARY).any(|vary| vary.split(',').any(|name| name.trim() == "*")),
    };
    let rules = &wanted.rules;
    let freshness = freshness::of(&answer, rules.ttls, rules.error_ttls.of(head.status.as_u16()), now_ms)?;
    let can_be_asked = rules.revalidate
        && freshness.conditional
        && revalidate::validators(|name| head.headers.get(name).cloned()).is_some();
    (freshness.on_error_ms > 0 || can_be_asked).then_some(freshness)
}

/// Says when a head came: an answer without a date is dated by who receives it (RFC 9110 section 6.6.1). Without that a hit
/// would be dated anew each time, and be taken for younger than it is.
fn date(head: &mut ResponseHead, now_ms: u64) {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms);
    if let Ok(now) = HeaderValue::try_from(httpdate::fmt_http_date(now)) {
        head.headers.insert(DATE, now);
    }
}

/// The head that is kept, where that is not the whole: headers that `no-cache` names are for the one who asked.
fn kept(head: &ResponseHead) -> Option<ResponseHead> {
    let control = CacheControl::parse(texts(head, &CACHE_CONTROL));
    if control.not_kept.is_empty() {
        return None;
    }
    let mut kept = head.clone();
    for name in &control.not_kept {
        kept.headers.remove(name);
    }
    Some(kept)
}

/// An answer that only passes through.
pub(super) fn passed(wanted: &Wanted, answer: OriginAnswer) -> Served {
    let OriginAnswer { mut head, body, origin_id, times, .. } = answer;
    let age_s = head.text(AGE).and_then(|age| age.trim().parse().ok());
    head.headers.remove(AGE);
    let body = pass_body(wanted, &head, body);
    Served { head, body, verdict: Verdict::Miss, age_s, origin_id, is_stale: false, times: Some(times) }
}

fn pass_body(wanted: &Wanted, head: &ResponseHead, body: AnswerBody) -> ObjectBody {
    let bodiless = matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if wanted.is_head {
        ObjectBody::silent(None)
    } else if bodiless {
        ObjectBody::empty()
    } else {
        ObjectBody::passing(body, length(head))
    }
}

fn length(head: &ResponseHead) -> Option<u64> {
    head.text(CONTENT_LENGTH)?.trim().parse().ok()
}

fn texts<'h>(head: &'h ResponseHead, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    head.headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
}
