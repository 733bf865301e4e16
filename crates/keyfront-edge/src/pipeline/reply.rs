//! What goes back to a viewer.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SERVER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use keyfront_domain::response_headers_policy::{CacheUse, ServerTiming};

use super::viewer_body::ViewerBody;
use super::{Exchange, Place};
use crate::Edge;
use crate::answer::{Page, Refusal, ResultType};
use crate::message::ResponseHead;

/// The header by which a viewer asks what was decided, and that tells it.
const TRACE: HeaderName = HeaderName::from_static("x-keyfront-trace");

/// A reply to a viewer.
pub(crate) struct Reply {
    /// The head.
    pub(crate) head: ResponseHead,
    /// The body.
    pub(crate) body: ViewerBody,
    /// How the request ended.
    pub(crate) result: ResultType,
    /// How long the object has been in the cache, in seconds.
    pub(crate) age: Option<u64>,
    /// The words of the logs that say more than the result.
    pub(crate) detailed_result: Option<&'static str>,
    /// It has an object, of which a viewer may want a part.
    pub(crate) is_object: bool,
    /// A custom error page may take its place.
    pub(crate) is_replaceable: bool,
    /// The headers of the behavior's policy are in the head.
    has_policy: bool,
    /// It is CloudFront's, and not Keyfront's own about itself.
    is_marked: bool,
}

impl Reply {
    /// A reply with an object of an origin.
    pub(crate) fn object(head: ResponseHead, body: ViewerBody, result: ResultType, age: Option<u64>) -> Reply {
        Reply {
            head,
            body,
            result,
            age,
            detailed_result: None,
            is_object: true,
            is_replaceable: true,
            has_policy: false,
            is_marked: true,
        }
    }

    /// A page of the edge's own.
    pub(crate) fn page(page: Page, result: ResultType) -> Reply {
        Reply {
            is_object: false,
            is_replaceable: false,
            ..Reply::object(page.head, ViewerBody::whole(page.body), result, None)
        }
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
        let mut head = ResponseHead::of(StatusCode::NOT_IMPLEMENTED);
        head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        head.headers.insert(SERVER, HeaderValue::from_static("Keyfront"));
        let body = Bytes::from(format!("Keyfront, not CloudFront: {why}\n"));
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let page = Page { head, body };
        Reply { is_marked: false, ..Reply::page(page, ResultType::Error) }
    }

    /// What a function generated.
    pub(crate) fn generated(mut head: ResponseHead, body: Bytes, is_head: bool) -> Reply {
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let body = if is_head { Bytes::new() } else { body };
        Reply::page(Page { head, body }, ResultType::FunctionGeneratedResponse)
    }

    /// The same, for which a custom error page may stand.
    pub(crate) fn replaceable(mut self) -> Reply {
        self.is_replaceable = true;
        self
    }

    /// Applies the response headers policy of the behavior, once.
    pub(crate) fn apply_headers_policy(&mut self, edge: &Edge, exchange: &Exchange, place: &Place) {
        let policy = place.behavior().and_then(|behavior| behavior.headers_policy.as_ref());
        let Some(policy) = policy.filter(|_| !self.has_policy) else {
            return;
        };
        self.has_policy = true;
        let first_byte_ms = u64::try_from(exchange.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let timing = policy.times(&exchange.sent).then(|| ServerTiming {
            cache: match self.result {
                ResultType::Hit => CacheUse::Hit,
                ResultType::RefreshHit => CacheUse::Refresh,
                _ => CacheUse::Miss,
            },
            upstream: None,
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
        exchange: Exchange,
        place: Option<Place>,
    ) -> Response<ViewerBody> {
        if self.is_marked {
            if let Some(place) = &place {
                self.apply_headers_policy(edge, &exchange, place);
            }
            if self.head.status.as_u16() >= 400 && matches!(self.result, ResultType::Miss | ResultType::Hit) {
                self.result = ResultType::Error;
            }
            edge.identity().mark(&mut self.head, &exchange.id, self.result, self.age);
        }
        if edge.is_for_development()
            && let Some(trace) = trace(&exchange.sent.headers, &exchange)
        {
            self.head.headers.insert(TRACE, trace);
        }
        let mut response = Response::new(self.body);
        *response.status_mut() = self.head.status;
        *response.headers_mut() = self.head.headers;
        if let Some(reason) = self.head.reason
            && let Ok(reason) = hyper::ext::ReasonPhrase::try_from(reason.into_bytes())
        {
            response.extensions_mut().insert(reason);
        }
        edge.record(exchange, place, (self.result, self.detailed_result), &mut response);
        response
    }
}

/// What was decided, if the viewer asks for it.
fn trace(sent: &HeaderMap, exchange: &Exchange) -> Option<HeaderValue> {
    let asked = sent.get(TRACE)?;
    if asked.as_bytes() != b"1" {
        return None;
    }
    let json = serde_json::to_string(&exchange.trace).ok()?;
    // JSON escapes what a header cannot have, but for characters beyond ASCII.
    HeaderValue::from_bytes(json.as_bytes()).ok()
}
