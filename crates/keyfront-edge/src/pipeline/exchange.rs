//! One request on its way through the steps: what came, what it has become, and what was decided.

use std::sync::Arc;
use std::time::Instant;

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Request};
use keyfront_functions::event::OriginDecision;
use keyfront_http::{Peer, RequestBody};
use rustls_pki_types::CertificateDer;

use super::trace::{Trace, Wish};
use crate::answer::RequestId;
use crate::catalog::{Behavior, Distribution};
use crate::message::{RequestHead, Viewer};
use crate::origin::AnswerTimes;
use crate::record::{Encryption, RecordedDistribution};

/// One request.
pub(crate) struct Exchange {
    /// Its id, which the viewer gets as `X-Amz-Cf-Id`.
    pub(crate) id: RequestId,
    /// When it began.
    pub(crate) began: Instant,
    /// When it began, in milliseconds since the epoch.
    pub(crate) at_ms: i64,
    /// Who asks.
    pub(crate) viewer: Viewer,
    /// The request as it was sent.
    pub(crate) sent: Arc<RequestHead>,
    /// The request as it goes on: the same until something changes it.
    pub(crate) head: Arc<RequestHead>,
    /// The request as the viewer-response function sees it, where there is such a function.
    pub(crate) event_request: Option<keyfront_functions::event::Request>,
    /// Which origin the viewer-request function chose.
    pub(crate) decision: Option<OriginDecision>,
    /// What stood before the path to name the distribution; empty for nothing.
    pub(crate) path_prefix: String,
    /// The port that the viewer connected to.
    pub(crate) port: u16,
    /// The name that the viewer asked for in the TLS handshake.
    pub(crate) server_name: Option<String>,
    /// The certificates that the viewer showed in it.
    pub(crate) client_certificates: Arc<[CertificateDer<'static>]>,
    /// What field-level encryption did.
    pub(crate) encryption: Option<Encryption>,
    /// The distribution that the viewer asked, where its staging distribution answers.
    pub(crate) primary: Option<Arc<RecordedDistribution>>,
    /// What keeps the viewer with one of the two.
    pub(crate) session_cookie: Option<HeaderValue>,
    /// How long the origin took, where it was asked.
    pub(crate) origin_times: Option<AnswerTimes>,
    /// What was decided, for people.
    pub(crate) trace: Trace,
    /// Which of it the viewer asks for.
    pub(crate) wish: Wish,
}

/// Where a request belongs: its distribution and the cache behavior of its path.
#[derive(Clone)]
pub(crate) struct Place {
    /// The distribution, as it was when the request began.
    pub(crate) distribution: Arc<Distribution>,
    /// The place of the behavior among the distribution's.
    index: usize,
}

impl Place {
    /// The place of a path.
    pub(crate) fn of(distribution: Arc<Distribution>, path: &str) -> Option<Place> {
        let (index, _) = distribution.behavior(path)?;
        Some(Place { distribution, index })
    }

    /// The cache behavior.
    pub(crate) fn behavior(&self) -> Option<&Behavior> {
        self.distribution.behaviors.get(self.index)
    }
}

impl Exchange {
    /// A request as it arrives. Its headers go into the exchange; nothing else asks for them.
    #[expect(clippy::disallowed_methods, reason = "logs tell how long each request took")]
    pub(crate) fn begin(
        request: &mut Request<RequestBody>,
        (viewer, peer): (Viewer, &Peer),
        at_ms: i64,
    ) -> Box<Exchange> {
        let mut headers = std::mem::take(request.headers_mut());
        let target = request.uri().authority().map(Authority::as_str);
        if let Some(target) = target.and_then(|target| HeaderValue::from_str(target).ok()) {
            // RFC 9112, 3.2.2: the authority of the target stands in the place of Host. Functions, cache keys and
            // origins must not see another host than the one that the distribution is found by.
            headers.insert(HOST, target);
        }
        let host = host_of(authority(&headers));
        let path = request.uri().path();
        let sent = Arc::new(RequestHead {
            method: request.method().clone(),
            host,
            path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
            query: request.uri().query().map(str::to_owned),
            headers,
        });
        Box::new(Exchange {
            id: RequestId::draw(),
            began: Instant::now(),
            at_ms,
            viewer,
            head: Arc::clone(&sent),
            sent,
            event_request: None,
            decision: None,
            port: peer.listener.port(),
            path_prefix: String::new(),
            server_name: peer.tls.as_ref().and_then(|tls| tls.server_name.clone()),
            client_certificates: peer
                .tls
                .as_ref()
                .map_or_else(Arc::default, |tls| Arc::clone(&tls.client_certificates)),
            encryption: None,
            primary: None,
            session_cookie: None,
            origin_times: None,
            trace: Trace::default(),
            wish: Wish::Nothing,
        })
    }

    /// The `Host` as it was sent, with its port.
    pub(crate) fn authority(&self) -> &str {
        authority(&self.sent.headers)
    }

    /// The request as it goes on, to be changed.
    pub(crate) fn head_mut(&mut self) -> &mut RequestHead {
        Arc::make_mut(&mut self.head)
    }
}

fn authority(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// The host of an authority, in lower case, without its port and a dot at its end.
fn host_of(authority: &str) -> String {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        Some(_) | None => authority,
    };
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_neither_port_nor_capitals() {
        for (authority, host) in [
            ("Example.com", "example.com"),
            ("example.com:8080", "example.com"),
            ("E1.localhost.:80", "e1.localhost"),
            ("[::1]:4702", "[::1]"),
            ("[::1]", "[::1]"),
            ("", ""),
        ] {
            assert_eq!(host_of(authority), host, "{authority}");
        }
    }
}
