//! Custom error pages (AWS: "Generate custom error responses").

use http::header::{
    CONTENT_LENGTH, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
};
use http::{HeaderName, Method, StatusCode};

use super::reply::Kind;
use super::{Exchange, Place, Reply, object};
use crate::Edge;
use crate::answer::ResultType;

/// Headers that are about the object that was asked for, and not about the page.
const OF_THE_OBJECT: [HeaderName; 8] = [
    CONTENT_LENGTH,
    IF_MATCH,
    IF_NONE_MATCH,
    IF_MODIFIED_SINCE,
    IF_UNMODIFIED_SINCE,
    IF_RANGE,
    RANGE,
    HeaderName::from_static("request-range"),
];

/// Puts the distribution's page in the place of an error, if it has one. The page is asked for with GET through the first
/// behavior that matches its path, without functions. Where the page cannot be had, the viewer gets the error.
pub(super) async fn replace(edge: &Edge, exchange: &mut Exchange, place: &Place, reply: Reply) -> Reply {
    if !matches!(reply.kind, Kind::Object | Kind::Passed | Kind::Error) || reply.head.status.as_u16() < 400 {
        return reply;
    }
    let page = place.distribution.errors.find(reply.head.status).and_then(|error| error.page.clone());
    let Some(page) = page else { return reply };
    let (path, query) = match page.path.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (page.path.clone(), None),
    };
    let Some(page_place) = Place::of(place.distribution.clone(), &path) else { return reply };
    let asked = (exchange.head.clone(), exchange.decision.take());
    let head = exchange.head_mut();
    head.method = Method::GET;
    (head.path, head.query) = (path, query);
    for name in OF_THE_OBJECT {
        head.headers.remove(name);
    }
    let trace = exchange.trace.clone();
    let found = object::answer(edge, exchange, &page_place, None).await;
    (exchange.head, exchange.decision) = asked;
    exchange.trace = trace;
    match found {
        Ok(mut found) if found.head.status == StatusCode::OK => {
            exchange.trace.error_page = Some(format!("{} as {}", page.path, page.status));
            found.head.status = page.status;
            found.head.reason = None;
            found.result = ResultType::Error;
            found.kind = Kind::Settled;
            found.detailed_result = reply.detailed_result;
            if exchange.sent.method == Method::HEAD {
                found.body = super::viewer_body::ViewerBody::empty();
            }
            found
        }
        Ok(_) | Err(_) => reply,
    }
}
