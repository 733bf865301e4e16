//! The request that an origin gets.

use std::time::SystemTime;

use http::header::{self, HOST, HeaderValue};
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, Request, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Empty};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::description::OriginDescription;
use super::exchange::{OriginFailure, OriginRequest, RequestBody};
use super::hop_by_hop::{is_hop_by_hop, is_of_the_edge, named_in_connection};
use super::route::ServerRoute;
use super::settings::OriginCredentials;
use super::sign::sign_request;

/// What cannot stand in a request line as it is.
const NOT_IN_TARGETS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'`');

/// What is put together into a request.
pub(super) struct Parts<'a> {
    pub(super) origin: &'a OriginDescription,
    pub(super) route: &'a ServerRoute,
    pub(super) request: &'a OriginRequest,
    pub(super) credentials: Option<&'a OriginCredentials>,
    pub(super) now: SystemTime,
    /// The protocol that the viewer wants to change to.
    pub(super) upgrade: Option<&'a HeaderValue>,
}

impl Parts<'_> {
    /// The request with a body, or without one.
    ///
    /// # Errors
    /// `Broken`: it cannot be written or signed.
    pub(super) fn build(&self, body: Option<RequestBody>) -> Result<Request<RequestBody>, OriginFailure> {
        let failure = |text: String| OriginFailure::Broken(self.route.peer.host.clone(), text);
        let target = target(&self.route.prefix, &self.request.path, self.request.query.as_deref());
        let target = target.ok_or_else(|| failure("the path of the request cannot be sent".to_owned()))?;
        let mut headers = self.headers();
        let method = &self.request.method;
        let wants_length = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
        if wants_length && body.as_ref().is_none_or(Body::is_end_stream) {
            // RFC 9110 section 8.6. Other lengths are those of the body.
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if let (Some(scope), Some(credentials)) = (&self.route.scope, self.credentials) {
            sign_request(credentials, scope, self.now, method, target.as_str(), &mut headers)
                .map_err(failure)?;
        }
        let body = body.unwrap_or_else(|| Empty::new().map_err(|never| match never {}).boxed_unsync());
        let mut request = Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() = Uri::from(target);
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// `Host` first, then what is forwarded, then what the origin's settings replace of it.
    fn headers(&self) -> HeaderMap {
        let sent = &self.request.headers;
        let custom = &self.origin.custom_headers;
        let mut headers = HeaderMap::with_capacity(sent.len() + custom.len() + 4);
        headers.insert(HOST, self.route.host.clone());
        let named = named_in_connection(sent);
        for (name, value) in sent {
            let for_the_connection = is_hop_by_hop(name)
                || (named.iter().any(|listed| listed == name.as_str()) && !is_of_the_edge(name.as_str()));
            if for_the_connection || *name == HOST || *name == header::CONTENT_LENGTH {
                continue;
            }
            headers.append(name, value.clone());
        }
        for (name, value) in custom {
            // The service refuses these. A function's would say something else of the message than it is.
            if !is_hop_by_hop(name) && *name != HOST && *name != header::CONTENT_LENGTH {
                headers.insert(name, value.clone());
            }
        }
        match self.upgrade {
            None => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("Keep-Alive"));
            }
            Some(protocol) => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
                headers.insert(header::UPGRADE, protocol.clone());
            }
        }
        headers
    }
}

/// The target of the request line. What stands in paths against the rules is sent as it came if it can be, and encoded
/// otherwise.
fn target(prefix: &str, path: &str, query: Option<&str>) -> Option<PathAndQuery> {
    let text = match query {
        Some(query) => format!("{prefix}{path}?{query}"),
        None => format!("{prefix}{path}"),
    };
    let text = if text.starts_with('/') { text } else { format!("/{text}") };
    if !text.contains('#')
        && let Ok(target) = PathAndQuery::try_from(text.as_str())
    {
        return Some(target);
    }
    PathAndQuery::try_from(utf8_percent_encode(&text, NOT_IN_TARGETS).to_string()).ok()
}
