//! Calls of gRPC: passed to the origin over HTTP/2 with their trailers, never cached (AWS: "Using gRPC with CloudFront
//! distributions").

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Version};

use super::reply::Kind;
use super::viewer_body::ViewerBody;
use super::{Exchange, Place, Reply, object};
use crate::Edge;
use crate::answer::{OriginError, Page, ResultType};
use crate::forward::Audience;
use crate::origin::RequestBody;

/// Whether a request is a call: the behavior takes calls, and it is a POST of that type over HTTP/2.
pub(super) fn is_call(exchange: &Exchange, place: &Place) -> bool {
    let content_type = exchange.sent.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    place.behavior().is_some_and(|behavior| behavior.grpc)
        && exchange.viewer.version == Version::HTTP_2
        && exchange.sent.method == Method::POST
        && content_type.is_some_and(|value| value.starts_with(b"application/grpc"))
}

/// Passes a call on.
pub(super) async fn call(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    body: Option<RequestBody>,
) -> Result<Reply, Reply> {
    let (plan, mut request) = object::request(edge, exchange, place, Audience::Viewer)?;
    request.body = body;
    match edge.origins().send_grpc(&plan, request).await {
        Ok(answer) => {
            let mut reply =
                Reply::object(answer.head, ViewerBody::passing(answer.body), ResultType::Miss, None);
            reply.kind = Kind::Settled;
            Ok(reply)
        }
        Err(failure) => {
            exchange.trace.origin_failure = Some(failure.to_string());
            let mut reply = Reply::page(Page::origin_failure(&failure, &exchange.id), ResultType::Error);
            reply.detailed_result = Some(OriginError::from(&failure).detailed_result_type);
            Err(reply)
        }
    }
}
