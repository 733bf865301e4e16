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

use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::constant_time;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use keyfront_api::Api;
use keyfront_api::credentials::StoredCredentials;
use keyfront_api::error::chain;
use keyfront_domain::AccountId;
use keyfront_store::EmbeddedEngine;
use serde::{Deserialize, Serialize};

/// Largest body of an admin request, in bytes: a policy and a little more.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// What the admin address answers from.
pub(crate) struct Admin {
    /// The API, for its figures.
    pub(crate) api: Arc<Api>,
    /// Credentials in the store.
    pub(crate) credentials: Arc<StoredCredentials>,
    /// The engine on disk, if the store has one.
    pub(crate) engine: Option<Arc<EmbeddedEngine>>,
    /// What the control file holds.
    pub(crate) token: String,
}

/// A credential to make.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCredential {
    pub(crate) account: AccountId,
    pub(crate) user: String,
    pub(crate) policy: String,
}

/// Where to copy the store.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupOrder {
    pub(crate) folder: PathBuf,
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
        let given = request.headers().get(header::AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
        let expected = format!("Bearer {}", self.token);
        if constant_time::verify_slices_are_equal(given, expected.as_bytes()).is_err() {
            return text(
                StatusCode::UNAUTHORIZED,
                "This needs the token in the file \"control\" of the data folder.\n",
            );
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY_BYTES).collect().await else {
            return text(StatusCode::BAD_REQUEST, "The body is too large or ended early.\n");
        };
        let body = body.to_bytes();
        match (&parts.method, parts.uri.path()) {
            (&Method::POST, "/backup") => self.backup(&body).await,
            (&Method::GET, "/credentials") => match self.credentials.list().await {
                Ok(listed) => json(StatusCode::OK, &listed),
                Err(error) => failed(&error),
            },
            (&Method::POST, "/credentials") => self.create(&body).await,
            (&Method::DELETE, path) => self.delete(path.trim_start_matches("/credentials/")).await,
            _ => text(StatusCode::METHOD_NOT_ALLOWED, "This path does not have that method.\n"),
        }
    }

    async fn backup(&self, body: &[u8]) -> Response<Bytes> {
        let order: BackupOrder = match serde_json::from_slice(body) {
            Ok(order) => order,
            Err(error) => return text(StatusCode::BAD_REQUEST, format!("{error}\n")),
        };
        let Some(engine) = &self.engine else {
            return text(StatusCode::CONFLICT, "An ephemeral server has nothing on disk to copy.\n");
        };
        match engine.backup_to(&order.folder, |_bytes| {}).await {
            Ok(version) => json(StatusCode::OK, &version.0),
            Err(error) => failed(&error),
        }
    }

    async fn create(&self, body: &[u8]) -> Response<Bytes> {
        let new: NewCredential = match serde_json::from_slice(body) {
            Ok(new) => new,
            Err(error) => return text(StatusCode::BAD_REQUEST, format!("{error}\n")),
        };
        match self.credentials.create(new.account, &new.user, &new.policy).await {
            Ok(created) => json(StatusCode::CREATED, &created),
            Err(error) => text(StatusCode::BAD_REQUEST, format!("{}\n", chain(&error))),
        }
    }

    async fn delete(&self, access_key_id: &str) -> Response<Bytes> {
        match self.credentials.delete(access_key_id).await {
            Ok(true) => json(StatusCode::OK, &access_key_id),
            Ok(false) => text(StatusCode::NOT_FOUND, format!("there is no credential {access_key_id}\n")),
            Err(error) => failed(&error),
        }
    }
}

fn failed(error: &dyn std::error::Error) -> Response<Bytes> {
    text(StatusCode::INTERNAL_SERVER_ERROR, format!("{}\n", chain(error)))
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn json(status: StatusCode, body: &impl Serialize) -> Response<Bytes> {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let mut response = text(status, body);
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(error) => failed(&error),
    }
}
