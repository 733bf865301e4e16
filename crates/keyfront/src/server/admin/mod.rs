//! The admin address: health and metrics without credentials, the operator's commands with the token of the data
//! folder.
//!
//! | request                     | answer                                                          |
//! |-----------------------------|-----------------------------------------------------------------|
//! | `GET /health`               | 200 when ready, 503 when not, with the details as JSON          |
//! | `GET /health/live`          | 200 while the process answers                                   |
//! | `GET /health/ready`         | 200 while writes are taken                                      |
//! | `GET /metrics`              | figures, as OpenMetrics or in the older text format of Prometheus |
//! | `POST /backup`              | copies the store into the folder that the body names; token     |
//! | `GET /credentials`          | lists credentials; token                                        |
//! | `POST /credentials`         | makes a credential; token                                       |
//! | `DELETE /credentials/ID`    | deletes a credential; token                                     |
//! | `GET /faults`               | lists the faults in force; for tests                            |
//! | `POST /faults`              | sets a fault; for tests                                         |
//! | `DELETE /faults`            | removes all faults; for tests                                   |
//! | `DELETE /faults/ID`         | removes a fault; for tests                                      |
//! | `GET /snapshots`            | lists the snapshots; for tests                                  |
//! | `POST /snapshots/NAME`      | saves what the store holds; for tests                           |
//! | `POST /snapshots/NAME/restore` | puts it back; for tests                                      |
//! | `DELETE /snapshots/NAME`    | deletes a snapshot; for tests                                   |
//! | `POST /reset`               | empties the store, or puts the seed back; for tests                 |
//!
//! What is for tests is there where `[testing]` of the configuration allows it. It takes the token too, and on
//! a development server the public one. `HEAD` works wherever `GET` does.

mod access;
mod answer;
mod faults;
mod health;
mod metrics;
mod operator;
mod routes;
mod snapshots;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::Body;
use http_body_util::{BodyExt, Full, Limited};
use keyfront_api::Api;
use keyfront_api::credentials::StoredCredentials;
use keyfront_http::{Abort, Found, Peer, RequestBody, Router, Service};
use prometheus_client::registry::Registry;

use crate::config::TestingSettings;
use crate::endpoint::NOT_OF_ADMIN;
use crate::failure::Failure;
use crate::saved_states::SavedStates;
use crate::server::target::Names;
pub(super) use answer::{json, text};
pub(super) use metrics::exposed;
pub(crate) use metrics::{
    CountedInvoker, EdgeFigures, Expiry, FeedFigures, FollowFigures, edge as edge_figures,
    process as process_figures,
};
pub(crate) use operator::{AccessKey, BackupOrder, CredentialChange, NewCredential};
use routes::{Access, Route};

/// Largest body of an admin request, in bytes: a policy and a little more.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// What the admin address answers from.
pub(crate) struct Admin {
    /// The API, for its figures.
    pub(crate) api: Arc<Api>,
    /// Credentials in the store.
    pub(crate) credentials: Arc<StoredCredentials>,
    /// What the control file holds.
    pub(crate) token: String,
    /// What tests may do to this server.
    pub(crate) testing: TestingSettings,
    /// The public token, for what tests do to a development server.
    pub(crate) development_token: Option<&'static str>,
    /// What tests save and put back.
    pub(crate) snapshots: SavedStates,
    /// Figures of the process, of its functions and of its certificates.
    pub(crate) process: Registry,
    /// The edge, where there is one.
    pub(crate) edge: Option<AdminEdge>,
}

/// The edge, as the admin address tells of it.
pub(crate) struct AdminEdge {
    /// Its address.
    pub(crate) address: SocketAddr,
    /// Its figures.
    pub(crate) figures: Registry,
}

/// The admin address as a service.
#[derive(Clone)]
pub(crate) struct AdminService {
    admin: Arc<Admin>,
    router: Arc<Router<Route>>,
    names: Arc<Names>,
}

impl AdminService {
    /// Puts routes in front of what answers them, for requests that name the address by one of `names`.
    pub(crate) fn new(admin: Arc<Admin>, names: Names) -> Result<AdminService, Failure> {
        let router = routes::router().map_err(|error| Failure::because("the admin routes", &error))?;
        Ok(AdminService { admin, router: Arc::new(router), names: Arc::new(names) })
    }

    async fn answer<B>(&self, request: Request<B>) -> Response<Bytes>
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    {
        let (parts, body) = request.into_parts();
        if let Some(refusal) = self.names.refuse_host(&parts) {
            return refusal;
        }
        let path = parts.uri.path();
        // A client that means another path by it normalizes it before it sends it.
        if path.split('/').any(|segment| segment == "." || segment == "..") {
            return text(StatusCode::BAD_REQUEST, "The admin address has no paths with dot segments.\n");
        }
        let (route, parameter) = match self.router.find(&parts.method, path) {
            Found::Route(route, parameters) => {
                (*route, parameters.iter().next().map_or("", |(_, value)| value))
            }
            Found::WrongMethod(allow) => return wrong_method(&allow),
            Found::UnknownPath => {
                let paths = "/health, /health/live, /health/ready and /metrics.\n";
                return text(StatusCode::NOT_FOUND, format!("{NOT_OF_ADMIN}{paths}"));
            }
        };
        if let Some(refusal) = self.admin.refuse(route.access(), &parts) {
            return refusal;
        }
        match route.access() {
            Access::Open => self.admin.run(route, parameter, &parts, &[]).await,
            Access::Operator | Access::Testing(_) => match read(body).await {
                Ok(body) => self.admin.run(route, parameter, &parts, &body).await,
                Err(refusal) => refusal,
            },
        }
    }
}

impl Service for AdminService {
    type Body = Full<Bytes>;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<Full<Bytes>>, Abort> {
        let changes = !request.method().is_safe();
        let asked = changes.then(|| (request.method().clone(), request.uri().path().to_owned()));
        let response = self.answer(request).await;
        if let Some((method, path)) = asked {
            let (status, from) = (response.status().as_u16(), peer.address.ip());
            tracing::info!(%method, path, status, %from, "admin request answered");
        }
        Ok(response.map(Full::new))
    }
}

impl Admin {
    /// Answers a request that may use its route. `parameter` is what stands in the path.
    async fn run(&self, route: Route, parameter: &str, request: &Parts, body: &[u8]) -> Response<Bytes> {
        match route {
            Route::Ready => self.health(),
            Route::Live => text(StatusCode::OK, "live\n"),
            Route::Metrics => self.metrics(request).await,
            Route::Backup => self.backup(body).await,
            Route::ListCredentials => self.list_credentials().await,
            Route::CreateCredential => self.create_credential(body).await,
            Route::ShowCredential => self.show_credential(parameter).await,
            Route::UpdateCredential => self.update_credential(parameter, body).await,
            Route::DeleteCredential => self.delete_credential(parameter).await,
            Route::ListFaults => self.list_faults(),
            Route::SetFault => self.set_fault(body),
            Route::ClearFaults => self.clear_faults(),
            Route::RemoveFault => self.remove_fault(parameter),
            Route::ListSnapshots => self.list_snapshots().await,
            Route::SaveSnapshot => self.save_snapshot(parameter).await,
            Route::RestoreSnapshot => self.restore_snapshot(parameter).await,
            Route::DeleteSnapshot => self.delete_snapshot(parameter).await,
            Route::Reset => self.reset().await,
        }
    }
}

/// The whole body, or its refusal.
async fn read<B>(body: B) -> Result<Bytes, Response<Bytes>>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
{
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(_too_large_or_cut) => {
            Err(text(StatusCode::BAD_REQUEST, "The body is too large or ended early.\n"))
        }
    }
}

pub(super) fn wrong_method(allow: &str) -> Response<Bytes> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "This path does not have that method.\n");
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

#[cfg(test)]
mod tests;
