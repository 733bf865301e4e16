//! The front ends, as services of `keyfront-http`: the API and the admin address of a server, the relay and the admin
//! address of an edge in a process of its own.

mod admin;
mod api;
mod browser;
mod changes;
mod control;
mod edge_admin;
mod host;
mod relay;
mod target;

use std::io::ErrorKind;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::{Either, Full};
use keyfront_api::Ids;
use keyfront_http::{Limits, Listener, Tls};

use crate::clock::RandomIds;
use crate::config::{TlsSettings, read_secret};
use crate::failure::Failure;

pub(crate) use admin::{
    AccessKey, Admin, AdminEdge, AdminService, BackupOrder, CountedInvoker, CredentialChange, EdgeFigures,
    Expiry, FeedFigures, FollowFigures, NewCredential, edge_figures, process_figures,
};
pub(crate) use api::ApiService;
pub(crate) use changes::ResponseBody;
pub(crate) use control::ask;
pub(crate) use edge_admin::{EdgeAdmin, EdgeAdminService};
pub(crate) use relay::{Relay, RelayService};
pub(crate) use target::{Names, PROXIED_NAME};

/// Binds an address, which `setting` names.
pub(crate) async fn bind(
    address: SocketAddr,
    setting: &str,
    tls: Option<Tls>,
    limits: Limits,
) -> Result<Listener, Failure> {
    Listener::bind(address, tls, limits).await.map_err(|error| {
        let advice = if error.cause.kind() == ErrorKind::AddrInUse {
            format!("another program listens there; choose another address with {setting}, or port 0")
        } else {
            format!("choose another address with {setting}")
        };
        Failure::because(format!("{error} ({advice})"), &error.cause)
    })
}

/// Reads the certificate and its private key.
pub(crate) fn load_tls(settings: &TlsSettings) -> Result<Tls, Failure> {
    let TlsSettings { certificate, private_key } = settings;
    let certificates = std::fs::read(certificate)
        .map_err(|error| Failure::because(format!("{} cannot be read", certificate.display()), &error))?;
    Tls::from_pem(&certificates, &read_secret(private_key)?).map_err(|error| {
        let files = format!("{} with {}", certificate.display(), private_key.display());
        Failure::because(files, &error)
    })
}

/// The response to a request whose task panicked.
pub(crate) fn internal_error() -> Response<Full<Bytes>> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    with_request_id(response).map(Full::new)
}

/// The same, where a response may be a stream.
pub(crate) fn internal_error_of_api() -> Response<ResponseBody> {
    internal_error().map(Either::Left)
}

/// Adds the id that every response carries to one that no operation gave.
fn with_request_id(mut response: Response<Bytes>) -> Response<Bytes> {
    if let Ok(id) = HeaderValue::from_str(&RandomIds.uuid().to_string()) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}
