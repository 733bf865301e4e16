//! WebSocket and whatever else a viewer upgrades to: after the origin's 101 the edge passes bytes both ways (AWS: "Use
//! WebSockets with CloudFront distributions").

use http::header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderValue, Method, Request, Version};
use hyper_util::rt::TokioIo;
use keyfront_http::RequestBody;

use super::reply::Kind;
use super::viewer_body::ViewerBody;
use super::{Exchange, Place, Reply, object};
use crate::Edge;
use crate::answer::{OriginError, Page, ResultType};
use crate::body::ObjectBody;
use crate::forward::Audience;
use crate::origin::UpgradeAnswer;

/// Whether a request asks for a WebSocket: the one protocol that CloudFront changes to, over HTTP/1.1 alone.
pub(super) fn is_upgrade(exchange: &Exchange) -> bool {
    let headers = &exchange.sent.headers;
    let names = |value: &HeaderValue, wanted: &[u8]| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|name| name.trim_ascii().eq_ignore_ascii_case(wanted))
    };
    exchange.viewer.version == Version::HTTP_11
        && exchange.sent.method == Method::GET
        && headers.get(UPGRADE).is_some_and(|value| names(value, b"websocket"))
        && headers.get_all(CONNECTION).iter().any(|value| names(value, b"upgrade"))
}

/// What an origin says to a viewer that asks for another protocol.
pub(super) enum Opened {
    /// It agrees, and bytes pass from now on.
    Switched(Reply),
    /// It answers as to any request.
    Answered(Reply),
}

/// Asks the origin, and passes bytes from then on if it agrees.
pub(super) async fn open(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    request: &mut Request<RequestBody>,
) -> Result<Opened, Reply> {
    let (plan, mut asked) = object::request(edge, exchange, place, Audience::Viewer)?;
    asked.headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    // Without these two there is no handshake; further ones pass where a policy names them.
    for name in [SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION] {
        if let Some(value) = exchange.head.headers.get(&name) {
            asked.headers.insert(name, value.clone());
        }
    }
    match edge.origins().send_upgrade(&plan, asked).await {
        Ok(UpgradeAnswer::Switched { mut head, mut tunnel }) => {
            head.headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
            let viewer = hyper::upgrade::on(request);
            tokio::spawn(async move {
                match viewer.await {
                    Ok(viewer) => {
                        let mut viewer = TokioIo::new(viewer);
                        let copied = tokio::io::copy_bidirectional(&mut viewer, &mut tunnel).await;
                        tracing::debug!(?copied, "a WebSocket has ended");
                    }
                    Err(error) => tracing::debug!(%error, "a viewer left before its WebSocket began"),
                }
            });
            let mut reply = Reply::object(head, ViewerBody::empty(), ResultType::Miss, None);
            reply.kind = Kind::Settled;
            Ok(Opened::Switched(reply))
        }
        Ok(UpgradeAnswer::Answered(mut answer)) => {
            object::change_answer(place, &mut answer.head.headers);
            let body = ViewerBody::object(ObjectBody::passing(answer.body, None));
            Ok(Opened::Answered(Reply::object(answer.head, body, ResultType::Miss, None)))
        }
        Err(failure) => {
            exchange.trace.origin_failure = Some(failure.to_string());
            let page = Page::origin_failure(&failure, &exchange.id);
            let mut reply = Reply::page(page, ResultType::Error).replaceable();
            reply.detailed_result = Some(OriginError::from(&failure).detailed_result_type);
            Ok(Opened::Answered(reply))
        }
    }
}
