//! The object that a request asks for: from the cache, or from an origin.

use std::sync::Arc;

use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, IF_MODIFIED_SINCE, IF_NONE_MATCH, SET_COOKIE, VARY};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use keyfront_domain::forwarding::is_cloudfront_header;
use keyfront_functions::Failure;

use super::far_range::FarRange;
use super::reply::Kind;
use super::viewer_body::ViewerBody;
use super::{Exchange, Place, Reply};
use crate::Edge;
use crate::answer::{self, Compressor, OriginError, Page, Refusal, ResultType};
use crate::body::ObjectBody;
use crate::cache::{BoxFuture, Fetch, Served, Validators, Verdict, Wanted};
use crate::catalog::Behavior;
use crate::forward::{Audience, Marks};
use crate::message::ResponseHead;
use crate::origin::{OriginAnswer, OriginFailure, OriginRequest, Origins, Plan, PlanError, RequestBody};

/// Answers with the object, or with the error of its origin.
pub(super) async fn answer(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    body: Option<RequestBody>,
) -> Result<Reply, Reply> {
    let Some(behavior) = place.behavior() else { return Err(Reply::refusal(exchange, Refusal::Malformed)) };
    if edge.is_for_development() {
        exchange.trace.target = Some(format!("{} {}", exchange.head.method, exchange.head.target()));
    }
    let is_cached = behavior.forwarding.caches && behavior.caches(&exchange.head.method) && body.is_none();
    if !is_cached {
        return Box::pin(pass(edge, exchange, place, behavior, body)).await;
    }
    let key = behavior.key.key(&exchange.head, &exchange.viewer);
    if edge.is_for_development() {
        exchange.trace.cache_key = Some(key.target().to_owned());
    }
    let wanted = Wanted {
        key,
        rules: Arc::clone(&behavior.caching),
        scopes: Arc::clone(&place.distribution.scopes),
        is_head: exchange.head.method == Method::HEAD,
    };
    // A hit does not need to know how to ask an origin.
    if let Some(served) = edge.cache().find(&wanted) {
        let mut reply = reply(edge, exchange, served)?;
        // AWS: of an error that comes from the cache, logs say `Error` and no more.
        reply.detailed_result = None;
        return Ok(reply);
    }
    // A hit is not to keep and move what only a miss needs.
    Box::pin(fetch(edge, exchange, place, behavior, wanted)).await
}

/// Answers with what an origin says to this viewer alone.
async fn pass(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    behavior: &Behavior,
    body: Option<RequestBody>,
) -> Result<Reply, Reply> {
    let source = source(edge, exchange, place, (behavior, Audience::Viewer), Vec::new())?;
    let served = source.pass(body).await;
    let mut reply = reply(edge, exchange, served)?;
    if reply.kind == Kind::Object {
        reply.kind = Kind::Passed;
    }
    Ok(reply)
}

/// Answers by way of the cache, with an object that is not there or stale.
async fn fetch(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    behavior: &Behavior,
    wanted: Wanted,
) -> Result<Reply, Reply> {
    let targets = targets(exchange, behavior, &wanted);
    let source = source(edge, exchange, place, (behavior, Audience::Everyone), targets)?;
    let served = edge.cache().get(wanted, Arc::new(source.clone())).await;
    if let Ok(coming) = &served
        && let Some(part) = FarRange::of(&exchange.sent, coming)
        && let Some(answer) = source.part(&part, &coming.head).await
    {
        return reply(edge, exchange, Ok(answer));
    }
    reply(edge, exchange, served)
}

/// Notes how the object would be asked for, and ends there.
pub(super) fn explain(edge: &Edge, exchange: &mut Exchange, place: &Place) -> Result<Reply, Reply> {
    let Some(behavior) = place.behavior() else { return Err(Reply::refusal(exchange, Refusal::Malformed)) };
    exchange.trace.target = Some(format!("{} {}", exchange.head.method, exchange.head.target()));
    let is_cached = behavior.forwarding.caches && behavior.caches(&exchange.head.method);
    let audience = if is_cached { Audience::Everyone } else { Audience::Viewer };
    if is_cached {
        let key = behavior.key.key(&exchange.head, &exchange.viewer);
        exchange.trace.cache_key = Some(key.target().to_owned());
    }
    request(edge, exchange, place, audience)?;
    Ok(Reply::about_keyfront(StatusCode::OK, "text/plain; charset=utf-8", String::new()))
}

/// How to ask the origins for the object.
fn source(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    (behavior, audience): (&Behavior, Audience),
    targets: Vec<String>,
) -> Result<Source, Reply> {
    let (plan, request) = request(edge, exchange, place, audience)?;
    Ok(Source(Arc::new(Asked {
        origins: edge.origins().clone(),
        compressor: edge.compressor().clone(),
        plan,
        compresses: behavior.compress && exchange.viewer.version != Version::HTTP_10,
        changes: AnswerChanges::of(behavior),
        method: request.method,
        path: request.path,
        query: request.query,
        headers: request.headers,
        secure: request.secure,
        targets,
    })))
}

/// The origins to ask, and what they are asked but for its body.
pub(super) fn request(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    audience: Audience,
) -> Result<(Plan, OriginRequest), Reply> {
    let Some(behavior) = place.behavior() else { return Err(Reply::refusal(exchange, Refusal::Malformed)) };
    let plan = plan(exchange, place, behavior)?;
    exchange.trace.origin = Some(plan.first.id.to_string());
    let Ok(id) = HeaderValue::from_str(&exchange.id) else {
        return Err(Reply::refusal(exchange, Refusal::Malformed));
    };
    let marks = Marks { via: edge.identity().via(), request_id: &id };
    let request = behavior.forward.origin_request(&exchange.head, &exchange.viewer, audience, marks);
    if edge.is_for_development() {
        exchange.trace.origin_request = lines(&request, &exchange.sent.headers);
    }
    Ok((plan, request))
}

/// The reply of what was served.
fn reply(
    edge: &Edge,
    exchange: &mut Exchange,
    served: Result<Served, OriginFailure>,
) -> Result<Reply, Reply> {
    match served {
        Ok(served) => {
            if edge.is_for_development() {
                let stale = if served.is_stale { ", stale" } else { "" };
                exchange.trace.cache = Some(format!("{:?}{stale}", served.verdict));
            }
            if edge.is_for_development() || served.verdict != Verdict::Hit {
                exchange.trace.origin = Some(served.origin_id.to_string());
            }
            exchange.origin_times = served.times;
            let result = match served.verdict {
                Verdict::Hit => ResultType::Hit,
                Verdict::RefreshHit => ResultType::RefreshHit,
                Verdict::Miss => ResultType::Miss,
            };
            Ok(Reply::object(served.head, ViewerBody::object(served.body), result, served.age_s))
        }
        Err(failure) => {
            exchange.trace.origin_failure = Some(failure.to_string());
            tracing::info!(request = &*exchange.id, %failure, "an origin gave no answer");
            if let OriginFailure::NotReachableHere(why) = &failure {
                return Err(Reply::not_served(exchange, why));
            }
            let page = Page::origin_failure(&failure, &exchange.id);
            let mut reply = Reply::page(page, ResultType::Error).replaceable();
            reply.detailed_result = Some(OriginError::from(&failure).detailed_result_type);
            Ok(reply)
        }
    }
}

/// The origins to ask. An origin that a function named and that is not there is the function's failure.
fn plan(exchange: &Exchange, place: &Place, behavior: &Behavior) -> Result<Plan, Reply> {
    let decision = exchange.decision.as_ref();
    let plan = place.distribution.origins.plan(&behavior.target_origin_id, decision);
    plan.map_err(|error: PlanError| {
        let sentence = format!("The CloudFront function returned an invalid value: {error}.");
        let failure = Failure::Validation(sentence);
        Reply::page(Page::function_failure(&failure, &exchange.id), ResultType::from(&failure))
    })
}

/// What invalidations call the object: path and query as far as it is in the cache key (AWS: "What you need to know when
/// invalidating files"), as the viewer asked for it and as a function rewrote that.
fn targets(exchange: &Exchange, behavior: &Behavior, wanted: &Wanted) -> Vec<String> {
    let mut targets = vec![wanted.key.target().to_owned()];
    if exchange.head.path != exchange.sent.path || exchange.head.query != exchange.sent.query {
        targets.push(behavior.key.key(&exchange.sent, &exchange.viewer).target().to_owned());
    }
    targets
}

/// Where an object comes from: the request for its origins, and what becomes of their answers.
#[derive(Clone)]
struct Source(Arc<Asked>);

struct Asked {
    origins: Origins,
    compressor: Compressor,
    plan: Plan,
    compresses: bool,
    changes: AnswerChanges,
    method: Method,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    secure: bool,
    /// What invalidations call the object.
    targets: Vec<String>,
}

impl Source {
    /// Asks the origins, with a body or conditions.
    async fn ask(
        &self,
        body: Option<RequestBody>,
        conditions: Option<HeaderMap>,
    ) -> Result<OriginAnswer, OriginFailure> {
        let Asked { method, path, query, headers, secure, .. } = &*self.0;
        let (method, path, query, mut headers) =
            (method.clone(), path.clone(), query.clone(), headers.clone());
        headers.extend(conditions.into_iter().flatten());
        let request = OriginRequest { method, path, query, headers, secure: *secure, body };
        let mut answer = self.0.origins.send(&self.0.plan, request).await?;
        self.0.changes.apply(&mut answer.head.headers);
        let accepted = self.0.headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let encoding = if self.0.compresses { answer::compression(accepted, &answer.head) } else { None };
        Ok(match encoding {
            Some(encoding) if self.0.method == Method::HEAD => {
                answer::compress_head(&mut answer.head, encoding);
                answer
            }
            Some(encoding) => self.0.compressor.compress(answer, encoding),
            None => answer,
        })
    }

    /// Asks the origins for one viewer alone.
    async fn pass(&self, body: Option<RequestBody>) -> Result<Served, OriginFailure> {
        Ok(self.passed(self.ask(body, None).await?))
    }

    /// Asks the origins for a part of an object, for one viewer alone. `None` where they do not answer with it.
    async fn part(&self, part: &FarRange, object: &ResponseHead) -> Option<Served> {
        let answer = self.ask(None, Some(part.headers(object)?)).await.ok()?;
        part.is_answered_by(&answer.head).then(|| self.passed(answer))
    }

    fn passed(&self, answer: OriginAnswer) -> Served {
        let length = answer.head.text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let body = if self.0.method == Method::HEAD {
            ObjectBody::silent(length)
        } else {
            ObjectBody::passing(answer.body, length)
        };
        Served {
            head: answer.head,
            body,
            verdict: Verdict::Miss,
            age_s: None,
            origin_id: answer.origin_id,
            is_stale: false,
            times: Some(answer.times),
        }
    }
}

impl Fetch for Source {
    fn fetch(
        &self,
        validators: Option<Validators>,
    ) -> BoxFuture<'static, Result<OriginAnswer, OriginFailure>> {
        let source = self.clone();
        Box::pin(async move { source.ask(None, validators.map(conditions)).await })
    }

    fn targets(&self) -> Vec<String> {
        self.0.targets.clone()
    }
}

/// Asks whether what the validators name has changed.
fn conditions(validators: Validators) -> HeaderMap {
    let etag = validators.etag.map(|etag| (IF_NONE_MATCH, etag));
    let modified = validators.last_modified.map(|modified| (IF_MODIFIED_SINCE, modified));
    etag.into_iter().chain(modified).collect()
}

/// What becomes of the headers of answers, by a behavior.
struct AnswerChanges {
    /// `Set-Cookie` reaches viewers only where cookies are forwarded (AWS: "Cache content based on cookies").
    keeps_cookies: bool,
    /// Whether `Vary: *` is kept.
    keeps_asterisk: bool,
    forwarded: keyfront_domain::forwarding::Selection,
}

impl AnswerChanges {
    fn of(behavior: &Behavior) -> AnswerChanges {
        AnswerChanges {
            keeps_cookies: behavior.forwarding.forwards_cookies(),
            keeps_asterisk: behavior.forwarding.ttls.min_s == 0,
            forwarded: behavior.forwarding.forward.headers.clone(),
        }
    }

    fn apply(&self, headers: &mut HeaderMap) {
        if !self.keeps_cookies {
            headers.remove(SET_COOKIE);
        }
        if headers.contains_key(VARY) {
            answer::reduce_vary(headers, |name| self.forwarded.takes(name.as_bytes()), self.keeps_asterisk);
        }
    }
}

/// Headers that the edge writes itself, whose values are no secrets.
const KNOWN: [&str; 7] =
    ["accept-encoding", "cdn-loop", "host", "user-agent", "via", "x-amz-cf-id", "x-forwarded-for"];

/// Changes the headers of an answer that passes beside the cache as those of one that goes through it.
pub(super) fn change_answer(place: &Place, headers: &mut HeaderMap) {
    if let Some(behavior) = place.behavior() {
        AnswerChanges::of(behavior).apply(headers);
    }
}

/// A request as people read it, without values that may be secrets.
fn lines(request: &OriginRequest, sent: &HeaderMap) -> Vec<String> {
    let query = request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let first = format!("{} {}{query}", request.method, request.path);
    let headers = request.headers.iter().map(|(name, value)| {
        // What a function added may come from a store, and what a viewer proves itself with is its own.
        let is_known = sent.get_all(name).iter().any(|of_viewer| of_viewer == value)
            || KNOWN.contains(&name.as_str())
            || is_cloudfront_header(name.as_str());
        let is_secret = !is_known || matches!(name.as_str(), "authorization" | "cookie");
        let value = if is_secret { "…" } else { value.to_str().unwrap_or("…") };
        format!("{name}: {value}")
    });
    std::iter::once(first).chain(headers).collect()
}
