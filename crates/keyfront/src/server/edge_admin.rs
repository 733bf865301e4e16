//! The admin address of an edge in a process of its own: health and metrics, without credentials. There is nothing to
//! change here.
//!
//! | request             | answer                                                                      |
//! |---------------------|-----------------------------------------------------------------------------|
//! | `GET /health`       | 200 when there is something to serve, 503 when not, with the details as JSON |
//! | `GET /health/ready` | the same                                                                    |
//! | `GET /health/live`  | 200 while the process answers                                               |
//! | `GET /metrics`      | figures, as OpenMetrics or in the older text format of Prometheus           |

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use keyfront_http::{Abort, Found, Peer, RequestBody, Router, Service};
use keyfront_store::Engine;
use prometheus_client::registry::Registry;
use serde::Serialize;

use super::admin::{AdminEdge, exposed, json, text, wrong_method};
use super::target::Names;
use crate::failure::Failure;
use crate::follow::{Followed, FollowedNow};

/// What the admin address of an edge answers from.
pub(crate) struct EdgeAdmin {
    /// The replica.
    pub(crate) engine: Arc<dyn Engine>,
    /// The accounts that are followed.
    pub(crate) followed: Vec<Arc<Followed>>,
    /// The edge.
    pub(crate) edge: AdminEdge,
    /// The address of the relay, where there is one.
    pub(crate) relay: Option<SocketAddr>,
    /// Figures of the process, of what is followed and of the relay.
    pub(crate) figures: Registry,
}

/// The admin address as a service.
#[derive(Clone)]
pub(crate) struct EdgeAdminService {
    admin: Arc<EdgeAdmin>,
    router: Arc<Router<Route>>,
    names: Arc<Names>,
}

#[derive(Clone, Copy, Debug)]
enum Route {
    Ready,
    Live,
    Metrics,
}

#[derive(Serialize)]
struct Health {
    live: bool,
    ready: bool,
    version: &'static str,
    engine: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    edge: SocketAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    relay: Option<SocketAddr>,
    follows: Vec<HealthOfAccount>,
}

#[derive(Serialize)]
struct HealthOfAccount {
    account: String,
    connected: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    store_version: u64,
    /// Nothing before the first image.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_seconds: Option<f64>,
}

impl From<FollowedNow> for HealthOfAccount {
    fn from(now: FollowedNow) -> HealthOfAccount {
        let FollowedNow { account, server, problem, version, age, connections: _ } = now;
        HealthOfAccount {
            account: account.to_string(),
            connected: server.is_some(),
            server,
            problem,
            store_version: version,
            age_seconds: age.map(|age| age.as_secs_f64()),
        }
    }
}

impl EdgeAdminService {
    /// Puts routes in front of what answers them, for requests that name the address by one of `names`.
    pub(crate) fn new(admin: EdgeAdmin, names: Names) -> Result<EdgeAdminService, Failure> {
        let router = Router::new([
            (Method::GET, "/health", Route::Ready),
            (Method::GET, "/health/ready", Route::Ready),
            (Method::GET, "/health/live", Route::Live),
            (Method::GET, "/metrics", Route::Metrics),
        ]);
        let router = router.map_err(|error| Failure::because("the admin routes", &error))?;
        Ok(EdgeAdminService { admin: Arc::new(admin), router: Arc::new(router), names: Arc::new(names) })
    }

    fn answer(&self, parts: &Parts) -> Response<Bytes> {
        if let Some(refusal) = self.names.refuse_host(parts) {
            return refusal;
        }
        match self.router.find(&parts.method, parts.uri.path()) {
            Found::Route(Route::Ready, _) => self.admin.health(),
            Found::Route(Route::Live, _) => text(StatusCode::OK, "live\n"),
            Found::Route(Route::Metrics, _) => {
                exposed(parts, &[&self.admin.figures, &self.admin.edge.figures])
            }
            Found::WrongMethod(allow) => wrong_method(&allow),
            Found::UnknownPath => {
                let paths = "/health, /health/live, /health/ready and /metrics.\n";
                text(StatusCode::NOT_FOUND, format!("The admin address of an edge has {paths}"))
            }
        }
    }
}

impl Service for EdgeAdminService {
    type Body = Full<Bytes>;

    async fn call(self, request: Request<RequestBody>, _peer: Peer) -> Result<Response<Full<Bytes>>, Abort> {
        Ok(self.answer(&request.into_parts().0).map(Full::new))
    }
}

impl EdgeAdmin {
    /// An edge is ready while it has something of every account to serve, however old that is.
    fn health(&self) -> Response<Bytes> {
        let stats = self.engine.stats();
        let follows: Vec<HealthOfAccount> =
            self.followed.iter().map(|followed| followed.now().into()).collect();
        let ready = follows.iter().all(|account| account.age_seconds.is_some());
        let health = Health {
            live: true,
            ready,
            version: env!("CARGO_PKG_VERSION"),
            engine: stats.engine,
            problem: stats.refusing.as_deref().map(str::to_owned),
            edge: self.edge.address,
            relay: self.relay,
            follows,
        };
        json(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &health)
    }
}
