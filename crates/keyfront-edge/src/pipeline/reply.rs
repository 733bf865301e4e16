//! What goes back to a viewer.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SERVER, SET_COOKIE};
use http::{HeaderValue, Response, StatusCode};
use keyfront_domain::response_headers_policy::{CacheUse, ServerTiming, Upstream};
use serde::Serialize;

use super::trace::{TRACE, Trace, Wish};
use super::viewer_body::ViewerBody;
use super::{Exchange, Place, ending};
use crate::Edge;
use crate::answer::{Page, Refusal, ResultType};
use crate::message::ResponseHead;
use crate::origin::AnswerTimes;

/// Most bytes of a trace with the lines that functions logged: clients bound the headers that they read.
const MAX_TRACE: usize = 4096;

/// A reply to a viewer.
pub(crate) struct Reply {
    /// The head.
    pub(crate) head: Box<ResponseHead>,
    /// The body.
    pub(crate) body: ViewerBody,
    /// How the request ended.
    pub(crate) result: ResultType,
    /// How long the object has been in the cache, in seconds.
    pub(crate) age: Option<u64>,
    /// The words of the logs that say more than the result.
    pub(crate) detailed_result: Option<&'static str>,
    /// What kind of reply it is.
    pub(crate) kind: Kind,
    /// The headers of the behavior's policy are in the head.
    has_policy: bool,
}

/// Kinds of replies, by what may still become of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An object of an origin: a viewer may want a part of it, and a custom error page may take the place of an error.
    Object,
    /// An object that passed beside the cache. Its origin had the viewer's conditions and ranges and judged them, so what it
    /// answers stays as it is: a 200 to a range is the whole object (AWS: "How CloudFront processes partial requests for an
    /// object"). A custom error page may take the place of an error.
    Passed,
    /// An error of the edge's own, for which a custom error page may stand.
    Error,
    /// It stays as it is.
    Settled,
    /// What Keyfront says about itself, which has none of CloudFront's marks.
    AboutKeyfront,
}

impl Reply {
    /// A reply with an object of an origin.
    pub(crate) fn object(
        head: ResponseHead,
        body: ViewerBody,
        result: ResultType,
        age: Option<u64>,
    ) -> Reply {
        Reply {
            head: Box::new(head),
            body,
            result,
            age,
            detailed_result: None,
            kind: Kind::Object,
            has_policy: false,
        }
    }

    /// A page of the edge's own.
    pub(crate) fn page(page: Page, result: ResultType) -> Reply {
        Reply { kind: Kind::Settled, ..Reply::object(page.head, ViewerBody::whole(page.body), result, None) }
    }

    /// The page of a refused request.
    pub(crate) fn refusal(exchange: &Exchange, refusal: Refusal) -> Reply {
        let mut reply = Reply::page(Page::refusal(refusal, &exchange.id), refusal.result_type());
        reply.detailed_result = Some(refusal.detailed_result_type());
        if refusal == Refusal::HeadersTooLong || refusal == Refusal::UrlTooLong {
            // AWS: "CloudFront … closes the connection".
            reply.head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        reply
    }

    /// What Keyfront says about itself, in a form that cannot be taken for CloudFront's.
    pub(crate) fn not_served(exchange: &mut Exchange, why: &str) -> Reply {
        exchange.trace.refused = Some(why.to_owned());
        let text = format!("Keyfront, not CloudFront: {why}\n");
        Reply::about_keyfront(StatusCode::NOT_IMPLEMENTED, "text/plain; charset=utf-8", text)
    }

    /// What Keyfront says about itself.
    pub(super) fn about_keyfront(status: StatusCode, content_type: &'static str, text: String) -> Reply {
        let mut head = ResponseHead::of(status);
        head.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        head.headers.insert(SERVER, HeaderValue::from_static("Keyfront"));
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
        let page = Page { head, body: Bytes::from(text) };
        Reply { kind: Kind::AboutKeyfront, ..Reply::page(page, ResultType::Error) }
    }

    /// What a function generated.
    pub(crate) fn generated(mut head: ResponseHead, body: Bytes, is_head: bool) -> Reply {
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let body = if is_head || has_no_body(head.status) { Bytes::new() } else { body };
        Reply::page(Page { head, body }, ResultType::FunctionGeneratedResponse)
    }

    /// The same, for which a custom error page may stand.
    pub(crate) fn replaceable(mut self) -> Reply {
        self.kind = Kind::Error;
        self
    }

    /// Applies the response headers policy of the behavior, once.
    pub(crate) fn apply_headers_policy(&mut self, edge: &Edge, exchange: &Exchange, place: &Place) {
        let policy = place.behavior().and_then(|behavior| behavior.headers_policy.as_ref());
        let Some(policy) = policy.filter(|_| !self.has_policy) else {
            return;
        };
        self.has_policy = true;
        let first_byte_ms = milliseconds(exchange.began.elapsed());
        let timing = policy.times(&exchange.sent).then(|| ServerTiming {
            cache: cache_use(self.result),
            upstream: exchange.origin_times.as_ref().map(upstream),
            location: edge.identity().location(),
            request_id: &exchange.id,
            first_byte_ms,
        });
        policy.apply(&mut self.head, &exchange.sent, exchange.viewer.secure, timing.as_ref());
    }

    /// The response, with everything that each response gets.
    pub(crate) fn finish(
        mut self,
        edge: &Edge,
        mut exchange: Box<Exchange>,
        place: Option<Place>,
    ) -> Response<ViewerBody> {
        if self.kind != Kind::AboutKeyfront {
            if let Some(place) = &place {
                self.apply_headers_policy(edge, &exchange, place);
            }
            let is_object =
                matches!(self.result, ResultType::Miss | ResultType::Hit | ResultType::RefreshHit);
            if self.head.status.as_u16() >= 400 && is_object {
                self.result = ResultType::Error;
            }
            if let Some(session) = exchange.session_cookie.take() {
                self.head.headers.append(SET_COOKIE, session);
            }
            if has_no_body(self.head.status) {
                // RFC 9110 section 8.6: a length would be that of another answer.
                self.head.headers.remove(CONTENT_LENGTH);
            }
            edge.identity().mark(&mut self.head, &exchange.id, self.result, self.age);
        }
        match exchange.wish {
            Wish::Nothing => {}
            Wish::Trace => self.head.headers.extend(traced(&exchange.trace).map(|trace| (TRACE, trace))),
            Wish::Explain => self = explained(&self, &exchange.trace),
        }
        let mut response = Response::new(self.body);
        *response.status_mut() = self.head.status;
        let ResponseHead { reason, headers, .. } = *self.head;
        *response.headers_mut() = headers;
        if let Some(reason) = reason
            && let Ok(reason) = hyper::ext::ReasonPhrase::try_from(reason.into_bytes())
        {
            response.extensions_mut().insert(reason);
        }
        let ended = (self.result, self.detailed_result);
        let ending = ending::of_response(edge, exchange, place, ended, &response);
        response.body_mut().ends_with(ending);
        response
    }
}

/// Whether answers with a status have no body, whatever an origin or a function says (RFC 9110 section 6.4.1).
fn has_no_body(status: StatusCode) -> bool {
    matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// How the cache served a reply. What the edge or a function made counts as not from it.
fn cache_use(result: ResultType) -> CacheUse {
    if result == ResultType::Hit {
        CacheUse::Hit
    } else if result == ResultType::RefreshHit {
        CacheUse::Refresh
    } else {
        CacheUse::Miss
    }
}

/// How long the origin took, as `Server-Timing` has it.
fn upstream(times: &AnswerTimes) -> Upstream {
    Upstream {
        dns_ms: milliseconds(times.dns),
        connect_ms: milliseconds(times.connect),
        first_byte_ms: milliseconds(times.first_byte),
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What was decided, as the value of a header.
fn traced(trace: &Trace) -> Option<HeaderValue> {
    // JSON escapes what a header cannot have, but for DEL, and for characters beyond ASCII, which are bytes that it can.
    let json = serde_json::to_string(trace).ok().filter(|json| json.len() <= MAX_TRACE);
    let without_logs = || serde_json::to_string(&Trace { logs: Vec::new(), ..trace.clone() }).ok();
    HeaderValue::from_str(&json.or_else(without_logs)?.replace('\u{7f}', "\\u007f")).ok()
}

/// What was decided, in the place of a reply, with the status that the viewer would get where no origin decides it.
fn explained(reply: &Reply, trace: &Trace) -> Reply {
    #[derive(Serialize)]
    struct Explanation<'t> {
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        #[serde(flatten)]
        trace: &'t Trace,
    }
    let is_open = trace.target.is_some() && !trace.origin_request.is_empty();
    let status = (!is_open).then(|| reply.head.status.as_u16());
    let text = serde_json::to_string_pretty(&Explanation { status, trace }).unwrap_or_default();
    Reply::about_keyfront(StatusCode::OK, "application/json", text + "\n")
}
