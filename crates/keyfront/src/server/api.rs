//! Serves the API: refuses what is meant for another server, hands the rest to the request pipeline.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use keyfront_api::Api;
use keyfront_api::faults::Unanswered;
use keyfront_http::{Abort, Peer, RequestBody, Service};

use super::target::Names;
use super::with_request_id;

/// The API as a service.
#[derive(Clone)]
pub(crate) struct ApiService {
    pub(crate) api: Arc<Api>,
    pub(crate) names: Arc<Names>,
}

impl Service for ApiService {
    type Body = Full<Bytes>;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<Full<Bytes>>, Abort> {
        let peer = keyfront_api::Peer { ip: Some(peer.address.ip()), secure: peer.secure };
        let (parts, body) = request.into_parts();
        let response = match self.names.refuse(&parts) {
            Some(refusal) => with_request_id(refusal),
            None => self.api.handle(Request::from_parts(parts, body), peer).await,
        };
        match response.extensions().get::<Unanswered>() {
            Some(Unanswered) => Err(Abort),
            None => Ok(response.map(Full::new)),
        }
    }
}
