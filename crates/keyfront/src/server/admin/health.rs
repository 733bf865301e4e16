//! Health.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Response, StatusCode};
use keyfront_api::faults::Listed;
use serde::Serialize;

use super::Admin;
use super::answer::json;

#[derive(Serialize)]
struct Health<'a> {
    live: bool,
    ready: bool,
    version: &'a str,
    engine: &'a str,
    store_version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
    /// The address for viewers.
    #[serde(skip_serializing_if = "Option::is_none")]
    edge: Option<SocketAddr>,
    /// Configured faults in force.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Listed>,
}

impl Admin {
    pub(super) fn health(&self) -> Response<Bytes> {
        let stats = self.api.context().engine.stats();
        let ready = stats.refusing.is_none();
        let health = Health {
            live: true,
            ready,
            version: env!("CARGO_PKG_VERSION"),
            engine: stats.engine,
            store_version: stats.version.0,
            problem: stats.refusing.as_deref(),
            edge: self.edge.as_ref().map(|edge| edge.address),
            faults: self.api.context().faults.list(),
        };
        json(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &health)
    }
}
