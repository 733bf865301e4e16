//! The life of a viewer request: its steps, in order.
//!
//! A request takes its distribution once and goes on with it to its end. A step that ends the request gives its reply as
//! an error; what every reply gets comes after the steps.
//!
//! | module | step |
//! |---|---|
//! | `arrival` | limits of URL and headers, loops, the distribution by host, staging |
//! | `admission` | viewer protocol, methods, geography, signatures |
//! | `functions` | the function before the cache, and the one before the viewer |
//! | `object` | key, cache, origin, compression |
//! | `far_range` | parts that are far ahead of what has come of an object |
//! | `form` | field-level encryption of forms |
//! | `errors` | custom error pages |
//! | `selection` | conditions and ranges of the viewer |
//! | `tunnel`, `grpc` | what passes beside the cache |
//! | `reply`, `viewer_body` | what goes back |
//! | `ending` | what is known of the request when its response has ended |
//! | `exchange`, `trace` | the request on its way, and what was decided about it |

mod admission;
mod arrival;
mod ending;
mod errors;
mod exchange;
mod far_range;
mod form;
mod functions;
mod grpc;
mod object;
mod reply;
mod selection;
mod trace;
mod tunnel;
mod viewer_body;

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response};
use http_body::Body as _;
use keyfront_http::{Abort, Peer, RequestBody, Service};

pub(crate) use exchange::{Exchange, Place};
pub(crate) use reply::Reply;
pub use trace::Trace;
pub use viewer_body::ViewerBody;

use trace::Wish;
use tunnel::Opened;

use crate::Edge;

impl Service for Edge {
    type Body = ViewerBody;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<ViewerBody>, Abort> {
        Ok(answer(&self, request, peer).await)
    }
}

/// Answers a viewer.
async fn answer(edge: &Edge, mut request: Request<RequestBody>, peer: Peer) -> Response<ViewerBody> {
    let viewer = edge.viewers().viewer(&peer, request.version(), request.headers());
    let mut exchange = Exchange::begin(&mut request, (viewer, &peer), edge.now_ms());
    if let Some(proof) = edge.challenges().proof(&exchange.sent) {
        let mut response = Response::new(ViewerBody::whole(proof));
        // RFC 8555, section 8.3.
        let kind = HeaderValue::from_static("application/octet-stream");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        return response;
    }
    if edge.is_for_development() {
        let sent = Arc::make_mut(&mut exchange.sent);
        let (wish, taken) = Wish::take(&mut sent.headers);
        if let Some(method) = taken.method {
            sent.method = method;
        }
        exchange.wish = wish;
        exchange.viewer.secure |= taken.secure;
        exchange.head = Arc::clone(&exchange.sent);
    }
    let place = match arrival::place(edge, &mut exchange).await {
        Ok(place) => place,
        Err(reply) => return reply.finish(edge, exchange, None),
    };
    let reply = match steps(edge, &mut exchange, &place, request).await {
        Ok(reply) | Err(reply) => reply,
    };
    reply.finish(edge, exchange, Some(place))
}

/// The steps from the distribution to the reply.
async fn steps(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    mut request: Request<RequestBody>,
) -> Result<Reply, Reply> {
    if let Err(reply) = admission::admit(edge, exchange, place, &request).await {
        if exchange.wish == Wish::Explain {
            return Err(reply);
        }
        return Err(Box::pin(errors::replace(edge, exchange, place, reply)).await);
    }
    functions::viewer_request(edge, exchange, place).await?;
    if exchange.wish == Wish::Explain {
        return object::explain(edge, exchange, place);
    }
    let reply = if tunnel::is_upgrade(exchange) {
        match Box::pin(tunnel::open(edge, exchange, place, &mut request)).await? {
            Opened::Switched(reply) => return Ok(reply),
            Opened::Answered(reply) => reply,
        }
    } else {
        let body = if request.body().is_end_stream() {
            None
        } else {
            Box::pin(form::body(exchange, place, request.into_body())).await?
        };
        if grpc::is_call(exchange, place) {
            return Box::pin(grpc::call(edge, exchange, place, body)).await;
        }
        object::answer(edge, exchange, place, body).await?
    };
    let is_error = |reply: &Reply| reply.head.status.as_u16() >= 400;
    let origin_failed = is_error(&reply);
    let reply = if origin_failed {
        let reply = Box::pin(errors::replace(edge, exchange, place, reply)).await;
        selection::select(exchange, reply)
    } else {
        selection::select(exchange, reply)
    };
    let is_refused = is_error(&reply);
    // What the viewer wants of the object may be an error of its own.
    let mut reply = if is_refused && !origin_failed {
        Box::pin(errors::replace(edge, exchange, place, reply)).await
    } else {
        reply
    };
    reply.apply_headers_policy(edge, exchange, place);
    if !origin_failed && !is_refused && exchange.event_request.is_some() {
        return Box::pin(functions::viewer_response(edge, exchange, place, reply)).await;
    }
    Ok(reply)
}
