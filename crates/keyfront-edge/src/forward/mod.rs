//! What of a viewer's request reaches the origin.
//!
//! A [`ForwardPlan`] is compiled for each behavior and writes the request for any of its origins: path and query as the
//! rules select them, and headers from an empty map, so that nothing passes which no rule lets pass. Framing and
//! hop-by-hop headers never do. What an origin adds (`Host` of its own, custom headers, signatures) is added when it is
//! asked, and bodies are the sender's.

mod cdn_loop;
mod certificate;
mod connection;
mod cookies;
mod query;
mod viewer_headers;

use std::borrow::Cow;

use http::Method;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use keyfront_domain::forwarding::{
    AcceptEncoding, CloudFrontHeader, Defaults, ForwardingRules, Selected, Selection, Treatment,
    is_cloudfront_header, treatment,
};

pub use cdn_loop::{MAX_PASSES, is_loop};
pub(crate) use connection::{ConnectionOptions, remove_connection_headers};
pub(crate) use cookies::selected_cookies;
pub(crate) use query::selected_query;
pub(crate) use viewer_headers::concerns_edge_alone;
pub use viewer_headers::set_viewer_headers;

use crate::message::{RequestHead, Viewer};
use crate::origin::OriginRequest;

pub(crate) const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");
const CLIENT_CERT_CHAIN: HeaderName = HeaderName::from_static("client-cert-chain");
const X_AMZ_CF_ID: HeaderName = HeaderName::from_static("x-amz-cf-id");

/// What origins see as `User-Agent` where the viewer's is not forwarded.
const USER_AGENT: HeaderValue = HeaderValue::from_static("Amazon CloudFront");

/// Who gets the answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// All viewers whose requests have the same cache key. The viewer's conditions and ranges stay behind, and so do
    /// headers that are forwarded by default with policies, unless they are selected.
    Everyone,
    /// The viewer alone.
    Viewer,
}

/// What the edge adds to say who it is.
#[derive(Clone, Copy, Debug)]
pub struct Marks<'m> {
    /// The edge's own part of `Via`: `1.1 0123….cloudfront.net (CloudFront)`.
    pub via: &'m HeaderValue,
    /// `X-Amz-Cf-Id`.
    pub request_id: &'m HeaderValue,
}

/// The compiled rules of a behavior for its requests to origins.
#[derive(Clone, Debug)]
pub struct ForwardPlan {
    selected: Selected,
    keyed_headers: Selection,
    defaults: Defaults,
    accept_encoding: AcceptEncoding,
    names_pem: bool,
}

impl ForwardPlan {
    /// Compiles the rules of a behavior.
    pub fn new(rules: &ForwardingRules) -> ForwardPlan {
        ForwardPlan {
            selected: rules.forward.clone(),
            keyed_headers: rules.key.headers.clone(),
            defaults: rules.defaults,
            accept_encoding: rules.accept_encoding,
            names_pem: rules.cloudfront_headers.contains(&CloudFrontHeader::ViewerCertPem),
        }
    }

    /// The request for an origin, without a body. `head` is as the viewer-request function left it, after
    /// [`set_viewer_headers`] ran before that function.
    pub fn origin_request(
        &self,
        head: &RequestHead,
        viewer: &Viewer,
        audience: Audience,
        marks: Marks<'_>,
    ) -> OriginRequest {
        let query = selected_query(head.query.as_deref(), &self.selected.query_strings);
        OriginRequest {
            method: head.method.clone(),
            path: head.path.clone(),
            query: query.map(Cow::into_owned),
            headers: self.headers(head, viewer, audience, marks),
            secure: viewer.secure,
            body: None,
        }
    }

    fn headers(
        &self,
        head: &RequestHead,
        viewer: &Viewer,
        audience: Audience,
        marks: Marks<'_>,
    ) -> HeaderMap {
        let mut forwarded = HeaderMap::with_capacity(head.headers.len() + 4);
        if self.takes(&header::HOST) {
            let as_named = || HeaderValue::from_str(&head.host).ok();
            if let Some(host) = head.headers.get(header::HOST).cloned().or_else(as_named) {
                forwarded.insert(header::HOST, host);
            }
        }
        let options = ConnectionOptions::of(&head.headers);
        for name in head.headers.keys() {
            if self.passes(name, audience) && !options.drop(name) {
                copy(&head.headers, name, &mut forwarded);
            }
        }
        self.ruled(head, audience, &mut forwarded);
        if let Some(mtls) = &viewer.mtls {
            self.tell_certificates(mtls, &mut forwarded);
        }
        let address = viewer.address.ip().to_canonical().to_string();
        extend(&head.headers, &mut forwarded, X_FORWARDED_FOR, b",", address.as_bytes());
        extend(&head.headers, &mut forwarded, header::VIA, b", ", marks.via.as_bytes());
        extend(&head.headers, &mut forwarded, cdn_loop::CDN_LOOP, b", ", cdn_loop::ID.as_bytes());
        forwarded.insert(X_AMZ_CF_ID, marks.request_id.clone());
        forwarded
    }

    fn takes(&self, name: &HeaderName) -> bool {
        self.selected.headers.takes(name.as_str().as_bytes())
    }

    /// Whether a policy says that all headers but some are forwarded, and this is one of them.
    fn blocks(&self, name: &HeaderName) -> bool {
        matches!(self.selected.headers, Selection::Except(_)) && !self.takes(name)
    }

    /// Whether a header passes that has no rule of its own.
    fn passes(&self, name: &HeaderName, audience: Audience) -> bool {
        if is_cloudfront_header(name.as_str()) {
            return self.takes(name);
        }
        let alone = audience == Audience::Viewer;
        let legacy = self.defaults == Defaults::Legacy;
        match treatment(name.as_str()) {
            Treatment::Dropped | Treatment::Ruled => false,
            Treatment::Removed => self.takes(name),
            Treatment::Conditional => {
                self.keyed_headers.takes(name.as_str().as_bytes()) || alone && !self.blocks(name)
            }
            Treatment::Forwarded => self.takes(name) || (alone || legacy) && !self.blocks(name),
            Treatment::Other => self.takes(name) || legacy,
        }
    }

    /// The headers that have rules of their own, but for those that every intermediary adds to.
    fn ruled(&self, head: &RequestHead, audience: Audience, forwarded: &mut HeaderMap) {
        if !self.takes(&header::USER_AGENT) {
            forwarded.insert(header::USER_AGENT, USER_AGENT);
        } else if let Some(user_agent) = head.headers.get(header::USER_AGENT) {
            forwarded.insert(header::USER_AGENT, user_agent.clone());
        }
        if self.forwards_authorization(&head.method, audience) {
            copy(&head.headers, &header::AUTHORIZATION, forwarded);
        }
        let cookies = selected_cookies(&head.headers, &self.selected.cookies);
        if let (false, Ok(cookies)) = (cookies.is_empty(), HeaderValue::from_bytes(&cookies.join(&b"; "[..])))
        {
            forwarded.insert(header::COOKIE, cookies);
        }
        if !self.accept_encoding.is_normalised() {
            if self.takes(&header::ACCEPT_ENCODING) {
                copy(&head.headers, &header::ACCEPT_ENCODING, forwarded);
            }
        } else if let Some(form) = self.accepted_encodings(&head.headers) {
            forwarded.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(form));
        }
    }

    /// "GET and HEAD requests – CloudFront removes the Authorization header"; of OPTIONS only if answers to them are
    /// cached; of other methods not (AWS: Request and response behavior for custom origins).
    fn forwards_authorization(&self, method: &Method, audience: Audience) -> bool {
        let by_default = match *method {
            Method::GET | Method::HEAD => false,
            Method::OPTIONS => audience == Audience::Viewer,
            _ => true,
        };
        self.takes(&header::AUTHORIZATION) || by_default && !self.blocks(&header::AUTHORIZATION)
    }

    /// Policies ask for `identity` where a viewer accepts none of the encodings that are cached; `ForwardedValues` remove
    /// the header. A viewer that says nothing leaves it out in both cases.
    fn accepted_encodings(&self, headers: &HeaderMap) -> Option<&'static str> {
        if !headers.contains_key(header::ACCEPT_ENCODING) {
            return None;
        }
        let values = headers.get_all(header::ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes);
        let identity = (self.defaults == Defaults::Policies).then_some("identity");
        self.accept_encoding.normalise(values).or(identity)
    }
}

fn copy(from: &HeaderMap, name: &HeaderName, to: &mut HeaderMap) {
    for value in from.get_all(name) {
        to.append(name, value.clone());
    }
}

/// Adds an element of the edge's own behind those that came.
fn extend(from: &HeaderMap, to: &mut HeaderMap, name: HeaderName, separator: &[u8], own: &[u8]) {
    let extended = extended(from, &name, separator, own);
    if let Ok(value) = HeaderValue::from_bytes(&extended) {
        to.insert(name, value);
    }
}

/// The elements of a list that came, in one line, and one behind them.
pub(crate) fn extended(from: &HeaderMap, name: &HeaderName, separator: &[u8], own: &[u8]) -> Vec<u8> {
    let came = from.get_all(name).iter().map(|value| value.as_bytes().trim_ascii());
    let lines: Vec<_> = came.filter(|line| !line.is_empty()).chain([own]).collect();
    lines.join(separator)
}

#[cfg(test)]
mod tests;
