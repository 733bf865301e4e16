//! Tests of requests to servers: real sockets on both sides, servers that follow a script.

mod answers;
mod bodies;
mod buckets;
mod connections;
mod failover;
mod grpc;
mod hostile;
mod names;
pub(super) mod server;
mod tunnels;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt, Full};

use self::server::Server;
use super::*;

/// The name of the origin of most tests.
pub(super) const NAME: &str = "api.example.com";

/// 2015-08-30T12:36:00Z, the time of AWS's examples of signatures.
pub(super) const NOW_S: u64 = 1_440_938_160;

pub(super) fn clock() -> Clock {
    Arc::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(NOW_S))
}

/// Origins of which one is mapped to a server.
fn mapped(server: &Server) -> Origins {
    origins(OriginSettings { mappings: mappings(NAME, server), ..OriginSettings::default() })
}

fn mappings(name: &str, server: &Server) -> BTreeMap<String, Target> {
    BTreeMap::from([(name.to_owned(), server.url().parse().unwrap())])
}

pub(super) fn origins(settings: OriginSettings) -> Origins {
    Origins::new(settings, clock()).unwrap()
}

/// A custom origin with times that are long enough not to matter.
pub(super) fn description(name: &str) -> OriginDescription {
    OriginDescription {
        id: format!("id of {name}").into(),
        domain_name: name.to_owned(),
        path: String::new(),
        custom_headers: Vec::new(),
        kind: OriginKind::Server(ServerOrigin {
            http_port: 80,
            https_port: 443,
            protocol: ProtocolPolicy::MatchViewer,
            ip_address_type: None,
        }),
        access_control: None,
        has_identity: false,
        host_header: None,
        sni: None,
        allowed_certificate_names: Vec::new(),
        client_certificate: None,
        connection_attempts: 1,
        times: OriginTimes {
            connection: Duration::from_secs(10),
            read: Duration::from_secs(10),
            completion: None,
            keep_alive: Duration::from_secs(10),
        },
        shield_region: None,
    }
}

pub(super) fn plan(origin: OriginDescription) -> Plan {
    Plan { first: Arc::new(origin), second: None, failover: Vec::new() }
}

pub(super) fn get(path: &str) -> OriginRequest {
    OriginRequest {
        method: Method::GET,
        path: path.to_owned(),
        query: None,
        headers: HeaderMap::new(),
        secure: false,
        body: None,
    }
}

fn post(body: &'static str) -> OriginRequest {
    let body = Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync();
    OriginRequest { method: Method::POST, body: Some(body), ..get("/") }
}

/// What a whole answer says: status and body.
pub(super) async fn read(answer: OriginAnswer) -> Result<(u16, String), OriginFailure> {
    let status = answer.head.status.as_u16();
    let body = answer.body.collect().await?.to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

pub(super) async fn asked(
    origins: &Origins,
    plan: &Plan,
    request: OriginRequest,
) -> Result<(u16, String), OriginFailure> {
    read(origins.send(plan, request).await?).await
}

pub(super) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[expect(clippy::unnecessary_wraps, reason = "it is what is compared with")]
pub(super) fn ok() -> Result<(u16, String), OriginFailure> {
    Ok((200, "ok".to_owned()))
}
