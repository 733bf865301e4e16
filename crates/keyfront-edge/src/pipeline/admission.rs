//! Whether a viewer is let in: protocol, method, country, signature.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Method, Request, StatusCode, Version};
use http_body::Body as _;
use keyfront_http::RequestBody;

use super::{Exchange, Place, Reply};
use crate::Edge;
use crate::access::{self, Trusted};
use crate::answer::{Page, Refusal, ResultType};
use crate::catalog::ViewerProtocol;

/// Lets a viewer in, or gives the reply that ends the request.
pub(super) async fn admit(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    request: &Request<RequestBody>,
) -> Result<(), Reply> {
    let Some(behavior) = place.behavior() else { return Err(Reply::refusal(exchange, Refusal::Malformed)) };
    check_protocol(edge, exchange, behavior.viewer_protocol)?;
    if !behavior.methods.contains(&exchange.head.method) {
        exchange.trace.refused =
            Some(format!("the behavior {} does not allow {}", behavior.pattern, exchange.head.method));
        return Err(Reply::refusal(exchange, Refusal::Method));
    }
    if has_body_of_get(exchange, request) {
        return Err(Reply::refusal(exchange, Refusal::BodyOfGet));
    }
    if !place.distribution.geography.allows(&exchange.viewer.country) {
        let country = &exchange.viewer.country;
        exchange.trace.refused = Some(format!("the distribution is not for viewers in {country}"));
        return Err(Reply::refusal(exchange, Refusal::Country).replaceable());
    }
    if let Trusted::KeyGroups(groups) = &behavior.trusted {
        // What most requests do not need is not among what all of them keep and move.
        Box::pin(check_signature(edge, exchange, place, groups)).await?;
        if leaves_its_folder(&exchange.sent.path) {
            exchange.trace.refused = Some("a signed path has no dot segments".to_owned());
            let page = Page::error(403, "Bad request.", &exchange.id);
            return Err(Reply::page(page, ResultType::Error).replaceable());
        }
    }
    if let Some(function) = &behavior.lambda {
        return Err(Reply::not_served(
            exchange,
            &format!(
                "the behavior {} runs the Lambda@Edge function {function}, which Keyfront does not run; remove the \
                 association, or make it a CloudFront Function, to try this behavior here",
                behavior.pattern
            ),
        ));
    }
    Ok(())
}

/// The viewer protocol policy (AWS: "Viewer protocol policy"). A redirect keeps the host as it was sent; a viewer that
/// named a port is sent to the one for HTTPS.
fn check_protocol(edge: &Edge, exchange: &mut Exchange, policy: ViewerProtocol) -> Result<(), Reply> {
    if exchange.viewer.secure || policy == ViewerProtocol::AllowAll {
        return Ok(());
    }
    let is_read = matches!(exchange.head.method, Method::GET | Method::HEAD);
    let is_old = exchange.viewer.version == Version::HTTP_10 || exchange.viewer.version == Version::HTTP_09;
    if policy == ViewerProtocol::HttpsOnly || (!is_read && is_old) {
        exchange.trace.refused = Some("the behavior takes requests over HTTPS alone".to_owned());
        return Err(Reply::refusal(exchange, Refusal::HttpsOnly));
    }
    let status = if is_read { StatusCode::MOVED_PERMANENTLY } else { StatusCode::TEMPORARY_REDIRECT };
    let authority = match (exchange.authority().rsplit_once(':'), edge.secure_port()) {
        (Some((host, port)), Some(secure)) if port.parse::<u16>().is_ok() => format!("{host}:{secure}"),
        (_, _) => exchange.authority().to_owned(),
    };
    let location = format!("https://{authority}{}{}", exchange.path_prefix, exchange.sent.target());
    let page = Page::redirect(status, &location, &exchange.id);
    let result = if page.head.status == status { ResultType::Redirect } else { ResultType::Error };
    Err(Reply::page(page, result))
}

/// Whether a GET or HEAD request has a body (AWS: "GET requests that include a body").
fn has_body_of_get(exchange: &Exchange, request: &Request<RequestBody>) -> bool {
    if !matches!(exchange.head.method, Method::GET | Method::HEAD) || request.body().is_end_stream() {
        return false;
    }
    let headers = &exchange.sent.headers;
    headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
        || request.body().size_hint().lower() > 0
}

/// Whether a path has `.` or `..` for a segment, plain or encoded. A policy is compared with the path as it was sent, and
/// an origin may resolve it to another. AWS does not say what it does; a signature for one folder must not open another.
fn leaves_its_folder(path: &str) -> bool {
    let plain = path.replace("%2e", ".").replace("%2E", ".").replace("%2f", "/").replace("%2F", "/");
    plain.split(['/', '\\']).any(|segment| segment == "." || segment == "..")
}

async fn check_signature(
    edge: &Edge,
    exchange: &mut Exchange,
    place: &Place,
    groups: &[String],
) -> Result<(), Reply> {
    let keys = match edge.trust(place.distribution.account).await {
        Ok(keys) => keys,
        Err(error) => {
            tracing::error!(%error, "the keys of an account cannot be read");
            return Err(Reply::refusal(exchange, Refusal::Capacity));
        }
    };
    let checked = access::check(
        &exchange.sent,
        exchange.authority(),
        &exchange.viewer,
        (groups, &keys, edge.signatures()),
        exchange.at_ms,
    );
    match checked {
        Ok(granted) => {
            let query = granted.target.split_once('?').map(|(_, query)| query);
            if exchange.head.query.as_deref() != query {
                exchange.head_mut().query = query.map(str::to_owned);
            }
            if edge.is_for_development() {
                exchange.trace.signature = Some(format!("signed with the key {}", granted.key_pair_id));
            }
            Ok(())
        }
        Err(denial) => {
            exchange.trace.signature = Some(denial.to_string());
            exchange.trace.refused = Some(denial.to_string());
            Err(Reply::page(Page::denial(&denial), ResultType::Error).replaceable())
        }
    }
}
