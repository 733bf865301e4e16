//! The admin address: health and metrics for everybody who reaches it, the operator's commands for whoever
//! can read the data folder.
//!
//! | request                     | answer                                                          |
//! |-----------------------------|-----------------------------------------------------------------|
//! | `GET /health`               | 200 when ready, 503 when not, with the details as JSON          |
//! | `GET /health/live`          | 200 while the process answers                                   |
//! | `GET /health/ready`         | 200 while writes are taken                                      |
//! | `GET /metrics`              | figures in the Prometheus text format                           |
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
//! a development server the one that everybody knows.

mod answer;
mod faults;
mod operator;
mod snapshots;

use std::sync::Arc;

use aws_lc_rs::constant_time;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use keyfront_api::Api;
use keyfront_api::credentials::StoredCredentials;
use keyfront_api::faults::Listed;
use keyfront_http::{Abort, Peer, Service};
use serde::Serialize;

use crate::config::TestingSettings;
use crate::saved_states::SavedStates;
use crate::server::browser::{from_a_page, to_this_machine};
use answer::{failed, json, text};
pub(crate) use operator::{BackupOrder, NewCredential};

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
    /// The token that everybody knows, for what tests do to a development server.
    pub(crate) development_token: Option<&'static str>,
    /// What tests save and put back.
    pub(crate) snapshots: SavedStates,
}

#[derive(Serialize)]
struct Health<'a> {
    live: bool,
    ready: bool,
    version: &'a str,
    engine: &'a str,
    store_version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
    /// What goes wrong on purpose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Listed>,
}

/// The admin address as a service.
#[derive(Clone)]
pub(crate) struct AdminService(pub(crate) Arc<Admin>);

impl Service for AdminService {
    type Body = Full<Bytes>;

    async fn call(self, request: Request<Incoming>, _peer: Peer) -> Result<Response<Full<Bytes>>, Abort> {
        Ok(self.0.handle(request).await.map(Full::new))
    }
}

impl Admin {
    /// Answers a request.
    pub(crate) async fn handle(&self, request: Request<Incoming>) -> Response<Bytes> {
        let path = request.uri().path().to_owned();
        match (request.method(), path.as_str()) {
            (&Method::GET, "/health" | "/health/ready") => self.health(),
            (&Method::GET, "/health/live") => text(StatusCode::OK, "live\n"),
            (&Method::GET, "/metrics") => self.metrics().await,
            (_, "/backup" | "/credentials") => self.command(request).await,
            (_, path) if path.starts_with("/credentials/") => self.command(request).await,
            _ if Testing::of(&path).is_some() => self.test(request).await,
            _ => text(
                StatusCode::NOT_FOUND,
                "The admin address has /health, /health/live, /health/ready and /metrics.\n",
            ),
        }
    }

    fn health(&self) -> Response<Bytes> {
        let stats = self.api.context().engine.stats();
        let ready = stats.refusing.is_none();
        let health = Health {
            live: true,
            ready,
            version: env!("CARGO_PKG_VERSION"),
            engine: stats.engine,
            store_version: stats.version.0,
            problem: stats.refusing.as_deref(),
            faults: self.api.context().faults.list(),
        };
        json(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &health)
    }

    async fn metrics(&self) -> Response<Bytes> {
        match self.api.metrics().render().await {
            Ok(figures) => {
                let mut response = text(StatusCode::OK, figures);
                let kind =
                    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
                response
            }
            Err(error) => failed(&error),
        }
    }

    async fn command(&self, request: Request<Incoming>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        if !bears(&parts, &self.token) {
            return text(
                StatusCode::UNAUTHORIZED,
                "This needs the token in the file \"control\" of the data folder.\n",
            );
        }
        let body = match read(body).await {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        match (&parts.method, parts.uri.path()) {
            (&Method::POST, "/backup") => self.backup(&body).await,
            (&Method::GET, "/credentials") => match self.credentials.list().await {
                Ok(listed) => json(StatusCode::OK, &listed),
                Err(error) => failed(&error),
            },
            (&Method::POST, "/credentials") => self.create_credential(&body).await,
            (&Method::DELETE, path) => match path.strip_prefix("/credentials/") {
                Some(id) => self.delete_credential(id).await,
                None => no_such_method(),
            },
            _ => no_such_method(),
        }
    }

    /// Does what a test asks of this server, if it may.
    async fn test(&self, request: Request<Incoming>) -> Response<Bytes> {
        let Some(testing) = Testing::of(request.uri().path()) else { return no_such_method() };
        if !testing.allowed(self.testing) {
            let setting = testing.setting();
            return text(
                StatusCode::FORBIDDEN,
                format!(
                    "This is for tests, and off: set {setting} = true in [testing] of the configuration.\n"
                ),
            );
        }
        let (parts, body) = request.into_parts();
        if from_a_page(&parts) {
            return text(StatusCode::FORBIDDEN, "This is not for web pages.\n");
        }
        // The token that everybody knows counts only under a name that no web page can have.
        let known = self.development_token.filter(|_| to_this_machine(&parts));
        if !known.is_some_and(|token| bears(&parts, token)) && !bears(&parts, &self.token) {
            return text(
                StatusCode::UNAUTHORIZED,
                "This needs a token, as `Authorization: Bearer TOKEN`: the one in the file \"control\" of the data \
                 folder; `test` is enough for `keyfront dev`, under its address or localhost.\n",
            );
        }
        let body = match read(body).await {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        match testing {
            Testing::Faults => self.faults(&parts.method, parts.uri.path(), &body),
            Testing::SavedStates => self.snapshots(&parts.method, parts.uri.path()).await,
        }
    }
}

/// What tests can ask for, by the first part of the path.
#[derive(Clone, Copy)]
enum Testing {
    Faults,
    SavedStates,
}

impl Testing {
    fn of(path: &str) -> Option<Testing> {
        match path.split('/').nth(1) {
            Some("faults") => Some(Testing::Faults),
            Some("snapshots" | "reset") => Some(Testing::SavedStates),
            Some(_) | None => None,
        }
    }

    /// The setting in `[testing]` that allows it.
    fn setting(self) -> &'static str {
        match self {
            Testing::Faults => "faults",
            Testing::SavedStates => "snapshots",
        }
    }

    fn allowed(self, settings: TestingSettings) -> bool {
        match self {
            Testing::Faults => settings.faults,
            Testing::SavedStates => settings.snapshots,
        }
    }
}

/// The whole body, or its refusal.
async fn read(body: Incoming) -> Result<Bytes, Response<Bytes>> {
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(_too_large_or_cut) => {
            Err(text(StatusCode::BAD_REQUEST, "The body is too large or ended early.\n"))
        }
    }
}

fn no_such_method() -> Response<Bytes> {
    text(StatusCode::METHOD_NOT_ALLOWED, "This path does not have that method.\n")
}

/// Whether a request carries this token.
fn bears(request: &Parts, token: &str) -> bool {
    let given = request.headers.get(header::AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
    let expected = format!("Bearer {token}");
    constant_time::verify_slices_are_equal(given, expected.as_bytes()).is_ok()
}
