//! The functions of a behavior: the one before the cache is asked, and the one before the viewer gets the response.

use std::sync::Arc;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, TRANSFER_ENCODING};
use http::{HeaderValue, Method, StatusCode};
use keyfront_functions::Failure;
use keyfront_functions::event::{EdgeAction, Event, EventType, NewBody};

use super::viewer_body::ViewerBody;
use super::{Exchange, Place, Reply};
use crate::Edge;
use crate::answer::{Page, ResultType};
use crate::catalog::Behavior;
use crate::forward;
use crate::function::{self, Ran};

/// Runs the viewer-request function: changes the request, or gives the reply that ends it.
pub(super) async fn viewer_request(edge: &Edge, exchange: &mut Exchange, place: &Place) -> Result<(), Reply> {
    let Some(behavior) = place.behavior() else { return Ok(()) };
    let named = &behavior.forwarding.cloudfront_headers;
    if forward::concerns_edge_alone(&exchange.head.headers, &exchange.viewer, named) {
        let head = Arc::make_mut(&mut exchange.head);
        forward::remove_connection_headers(&mut head.headers);
        forward::set_viewer_headers(head, &exchange.viewer, named);
    }
    if behavior.viewer_request.is_none() && behavior.viewer_response.is_none() {
        return Ok(());
    }
    // What most requests do not need is not among what all of them keep and move.
    Box::pin(run_viewer_request(edge, exchange, place, behavior)).await
}

async fn run_viewer_request(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    behavior: &Behavior,
) -> Result<(), Reply> {
    let request = function::request(&exchange.head);
    let Some(arn) = &behavior.viewer_request else {
        exchange.event_request = Some(request);
        return Ok(());
    };
    let event = Event {
        context: function::context(&place.distribution, EventType::ViewerRequest, &exchange.id),
        viewer_ip: exchange.viewer.address.ip().to_string(),
        request,
        response: None,
    };
    // The other function sees the request as this one left it.
    let seen_later = behavior.viewer_response.is_some().then(|| event.request.clone());
    let ran = edge.functions().run(arn, event, exchange.at_ms).await;
    let result = note(exchange, ran);
    match result {
        Ok(EdgeAction::Forward(forward)) => {
            let changed = function::change_request(exchange.head_mut(), &forward);
            changed.map_err(|failure| failed(exchange, &failure))?;
            if let Some(decision) = &forward.origin {
                let origins = &place.distribution.origins;
                let signed = origins.has_access_control(&behavior.target_origin_id);
                let has_header = |name: &str| exchange.head.headers.contains_key(name);
                decision.validate(signed, has_header).map_err(|failure| failed(exchange, &failure))?;
            }
            if edge.tells_requests() {
                let passes_on = forward == keyfront_functions::event::Forward::default();
                exchange.trace.viewer_request = Some(if passes_on {
                    "passed the request on".to_owned()
                } else {
                    format!("changed the request to {}", exchange.head.target())
                });
            }
            exchange.event_request = seen_later.map(|request| request.changed_by(&forward));
            exchange.decision = forward.origin;
            Ok(())
        }
        Ok(EdgeAction::Respond(generated)) => {
            exchange.trace.viewer_request = Some(format!("answered with {}", generated.status_code));
            let head = function::generated_head(&generated).map_err(|failure| failed(exchange, &failure))?;
            let is_head = exchange.sent.method == Method::HEAD;
            Err(Reply::generated(head, generated.body.into(), is_head))
        }
        Ok(EdgeAction::Response(_)) => {
            let failure = Failure::Validation(
                "The CloudFront function returned an invalid value: a response to a request.".to_owned(),
            );
            Err(failed(exchange, &failure))
        }
        Err(failure) => {
            exchange.trace.viewer_request = Some(failure.message());
            Err(failed(exchange, &failure))
        }
    }
}

/// Runs the viewer-response function on a reply.
pub(super) async fn viewer_response(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    mut reply: Reply,
) -> Result<Reply, Reply> {
    let function = place.behavior().and_then(|behavior| behavior.viewer_response.as_ref());
    let (Some(arn), Some(request)) = (function, exchange.event_request.take()) else { return Ok(reply) };
    let event = Event {
        context: function::context(&place.distribution, EventType::ViewerResponse, &exchange.id),
        viewer_ip: exchange.viewer.address.ip().to_string(),
        request,
        response: Some(function::response(&reply.head)),
    };
    let ran = edge.functions().run(arn, event, exchange.at_ms).await;
    let change = match note(exchange, ran) {
        Ok(EdgeAction::Response(change)) => change,
        Ok(EdgeAction::Forward(_) | EdgeAction::Respond(_)) => {
            let sentence =
                "The CloudFront function returned an invalid value: a request in place of a response.";
            return Err(failed(exchange, &Failure::Validation(sentence.to_owned())));
        }
        Err(failure) => {
            exchange.trace.viewer_response = Some(failure.message());
            return Err(failed(exchange, &failure));
        }
    };
    let length = reply.head.headers.get(CONTENT_LENGTH).cloned();
    function::change_response(&mut reply.head, &change).map_err(|failure| failed(exchange, &failure))?;
    // How the message is framed is not for a function to say.
    let headers = &mut reply.head.headers;
    headers.remove(TRANSFER_ENCODING);
    headers.remove(CONTENT_LENGTH);
    headers.extend(length.map(|length| (CONTENT_LENGTH, length)));
    exchange.trace.viewer_response = Some(format!("passed on {}", change.status_code));
    let body = match change.body {
        NewBody::Kept => return Ok(reply),
        NewBody::Dropped => Vec::new(),
        NewBody::Replaced(body) => body,
    };
    let headers = &mut reply.head.headers;
    headers.remove(CONTENT_RANGE);
    if matches!(reply.head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        headers.remove(CONTENT_LENGTH);
        reply.body = ViewerBody::empty();
        return Ok(reply);
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    reply.body = if exchange.sent.method == Method::HEAD {
        ViewerBody::empty()
    } else {
        ViewerBody::whole(body.into())
    };
    Ok(reply)
}

/// Notes the lines that a function logged, and gives what came of it.
fn note(exchange: &mut Exchange, ran: Ran) -> Result<EdgeAction, Failure> {
    exchange.trace.logs.extend(ran.logs);
    ran.result
}

fn failed(exchange: &Exchange, failure: &Failure) -> Reply {
    Reply::page(Page::function_failure(failure, &exchange.id), ResultType::from(failure))
}
