//! Serves the API: refuses what is meant for another server, hands the rest to the request pipeline. A server that
//! tests may change also tells its admin address.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use keyfront_api::Api;
use keyfront_api::faults::Unanswered;
use keyfront_follow::Subscription;
use keyfront_http::{Abort, Peer, RequestBody, Service};

use super::admin::json;
use super::changes::{ChangeStream, ResponseBody};
use super::target::Names;
use super::with_request_id;
use crate::endpoint::{ADMIN_PATH, AdminAddress};

/// The paths of Keyfront's extensions.
const EXTENSIONS: &str = "/keyfront/";

/// The API as a service.
#[derive(Clone)]
pub(crate) struct ApiService {
    pub(crate) api: Arc<Api>,
    pub(crate) names: Arc<Names>,
    /// The admin address, of a server that tests may change: its endpoint tells it to the commands that do.
    pub(crate) admin: Option<SocketAddr>,
}

impl ApiService {
    /// The answer to a request for the admin address, where it is told.
    fn admin_address(&self, parts: &Parts) -> Option<Response<Bytes>> {
        let admin = self.admin.filter(|_| parts.method == Method::GET && parts.uri.path() == ADMIN_PATH)?;
        Some(with_request_id(json(StatusCode::OK, &AdminAddress { admin })))
    }

    /// An extension may read a whole store, of which one request at a time has the right. It keeps that right to its end,
    /// also when its client leaves before: what it reads goes on to take memory.
    async fn handle(&self, request: Request<RequestBody>, peer: keyfront_api::Peer) -> Response<Bytes> {
        if !request.uri().path().starts_with(EXTENSIONS) {
            return self.api.handle(request, peer).await;
        }
        let api = Arc::clone(&self.api);
        let handled = tokio::spawn(async move { api.handle(request, peer).await }).await;
        // The task is never cancelled, so it panicked, and so does this one.
        handled.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}

impl Service for ApiService {
    type Body = ResponseBody;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<ResponseBody>, Abort> {
        let peer = keyfront_api::Peer {
            ip: Some(peer.address.ip()),
            counted_as: Some(peer.counted_as()),
            secure: peer.secure(),
        };
        let (parts, body) = request.into_parts();
        let refusal = self.names.refuse(&parts).map(with_request_id);
        let mut response = match refusal.or_else(|| self.admin_address(&parts)) {
            Some(response) => response,
            None => self.handle(Request::from_parts(parts, body), peer).await,
        };
        if let Some(Unanswered) = response.extensions().get::<Unanswered>() {
            return Err(Abort);
        }
        let stream = response.extensions_mut().remove::<Subscription>();
        Ok(response.map(|whole| match stream {
            Some(subscription) => Either::Right(ChangeStream::open(subscription)),
            None => Either::Left(Full::new(whole)),
        }))
    }
}
