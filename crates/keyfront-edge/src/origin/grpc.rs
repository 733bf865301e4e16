//! Calls of gRPC: HTTP/2 to the origin, bodies that go both ways at the same time, and trailers.
//!
//! Over plain HTTP, which only a mapping leads to here, HTTP/2 is spoken without asking (RFC 9113 section 3.3).

use std::sync::Arc;

use http::header::{CONNECTION, HOST, HeaderValue, TE};
use http::{Request, Uri};
use http_body_util::BodyExt;
use hyper::client::conn::http2::SendRequest;
use tokio::time::Instant;

use super::Origins;
use super::answer_body::{Ends, Held, OriginBody};
use super::connect::Opened;
use super::description::OriginDescription;
use super::exchange::{OriginAnswer, OriginFailure, OriginRequest, RequestBody};
use super::hop_by_hop;
use super::plan::Plan;
use super::pool::Pool;
use super::route::{self, Route};
use super::send::{Attempts, Sending, in_time, silence, text_of};
use super::upload::Progress;
use crate::message::ResponseHead;

impl Origins {
    /// Sends a call of gRPC to the first origin of a plan. Such calls have bodies, so they never fail over.
    ///
    /// The body of the answer ends with trailers. Its time between two frames is the origin's for reading, as with
    /// other answers.
    ///
    /// # Errors
    /// No answer came, or the origin does not speak HTTP/2.
    pub async fn send_grpc(
        &self,
        plan: &Plan,
        mut request: OriginRequest,
    ) -> Result<OriginAnswer, OriginFailure> {
        self.shared().figures.requested();
        let sent = self.call(&plan.first, &mut request).await;
        self.counted(sent)
    }

    async fn call(
        &self,
        origin: &OriginDescription,
        request: &mut OriginRequest,
    ) -> Result<OriginAnswer, OriginFailure> {
        let shared = &*self.shared();
        let Route::Server(mut route) = route::find(&shared.settings, origin, request)? else {
            return Err(OriginFailure::Broken(
                origin.id.to_string(),
                "a folder does not speak gRPC".to_owned(),
            ));
        };
        route.peer.http2 = true;
        let sending = Sending { shared, origin, route: &route, upgrade: None };
        let pool = shared.pools.of(sending.peer());
        let deadline = sending.deadline();
        let answered = in_time(call_by(&sending, request, &pool, deadline), deadline, &route.peer.host).await;
        pool.count(answered.is_err());
        answered
    }
}

async fn call_by(
    sending: &Sending<'_>,
    request: &mut OriginRequest,
    pool: &Pool,
    deadline: Option<Instant>,
) -> Result<OriginAnswer, OriginFailure> {
    let (origin, host) = (sending.origin, &sending.peer().host);
    let room = pool.room(host, sending.shared.settings.wait_for_room).await?;
    let progress = Progress::default();
    let body = request.body.take().map(|body| progress.watch(body));
    let mut message = in_http2(sending.parts(request).build(body)?, sending.peer().tls.is_some());
    let mut may_reuse = true;
    let mut attempts = sending.attempts();
    let (response, asked, times) = loop {
        let (mut sender, reused) = connection(sending, pool, may_reuse, &mut attempts).await?;
        let asked = Instant::now();
        let answered = sender.try_send_request(message);
        let result = tokio::select! {
            biased;
            result = answered => result,
            () = silence(origin.times.read, Some(&progress)) => {
                return Err(OriginFailure::Timeout(host.clone()));
            }
        };
        match result {
            Ok(response) => break (response, asked, attempts.times(asked, reused)),
            Err(mut error) => match error.take_message().filter(|_| reused) {
                // The connection ended before the call was sent.
                Some(unsent) => message = unsent,
                None => return Err(OriginFailure::Broken(host.clone(), text_of(error.error()))),
            },
        }
        may_reuse = false;
        sending.shared.figures.retried();
    };
    let (parts, body) = response.into_parts();
    let head =
        ResponseHead { status: parts.status, reason: None, headers: hop_by_hop::without(parts.headers) };
    let ends = Ends { deadline, asked, last_byte: times.last_byte.clone() };
    let body =
        OriginBody::new(body, Held::Stream { _room: room }, host, origin.times.read, ends).boxed_unsync();
    Ok(OriginAnswer { head, body, origin_id: Arc::clone(&origin.id), times })
}

/// The connection that all calls share, or a new one; whether it carried calls before.
async fn connection(
    sending: &Sending<'_>,
    pool: &Pool,
    may_reuse: bool,
    attempts: &mut Attempts,
) -> Result<(SendRequest<RequestBody>, bool), OriginFailure> {
    if let Some(sender) = may_reuse.then(|| pool.shared()).flatten() {
        sending.shared.figures.reused();
        return Ok((sender, true));
    }
    match sending.connect(attempts).await? {
        Opened::Http2(sender) => {
            pool.share(sender.clone(), sending.origin.times.keep_alive);
            Ok((sender, false))
        }
        Opened::Http1(_) => {
            let text = "it is spoken to in HTTP/1.1".to_owned();
            Err(OriginFailure::Broken(sending.peer().host.clone(), text))
        }
    }
}

/// A request as HTTP/2 has it: the host is in the target, and what is for the connection has no place (RFC 9113
/// sections 8.2.2 and 8.3.1).
fn in_http2(mut request: Request<RequestBody>, secure: bool) -> Request<RequestBody> {
    let host = request.headers_mut().remove(HOST);
    request.headers_mut().remove(CONNECTION);
    request.headers_mut().insert(TE, HeaderValue::from_static("trailers"));
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let uri = Uri::builder()
        .scheme(if secure { "https" } else { "http" })
        .authority(host.as_ref().map_or(&b""[..], HeaderValue::as_bytes))
        .path_and_query(target)
        .build();
    if let Ok(uri) = uri {
        *request.uri_mut() = uri;
    }
    *request.version_mut() = http::Version::HTTP_2;
    request
}
