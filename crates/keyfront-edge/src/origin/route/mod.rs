//! Routes: where a request to an origin goes to here, and under which names.

use std::sync::Arc;

use http::header::{HOST, HeaderValue};
use keyfront_functions::event::SignedRequests;

use super::bucket::Bucket;
use super::description::{OriginDescription, OriginKind, ProtocolPolicy, ServerOrigin};
use super::exchange::{OriginFailure, OriginRequest};
use super::folder::Folder;
use super::pool::{AddressFamily, Peer};
use super::settings::{BucketFolder, OriginSettings};
use super::sign::Scope;
use super::target::{ServerTarget, Target};
use super::tls::TlsNames;

/// The region that S3 signs for where neither a host nor a setting says one.
const REGION: &str = "us-east-1";

/// Where a request goes to.
#[derive(Debug)]
pub(super) enum Route {
    /// To a server.
    Server(ServerRoute),
    /// To a folder.
    Folder(Folder),
}

/// The way to a server.
#[derive(Debug)]
pub(super) struct ServerRoute {
    pub(super) peer: Peer,
    /// The `Host` header.
    pub(super) host: HeaderValue,
    /// What is put before the path of the request.
    pub(super) prefix: String,
    /// Signed for this, if at all.
    pub(super) scope: Option<Scope>,
}

/// Finds the route of a request.
///
/// # Errors
/// `NotReachableHere`: a setting is missing.
pub(super) fn find(
    settings: &OriginSettings,
    origin: &OriginDescription,
    request: &OriginRequest,
) -> Result<Route, OriginFailure> {
    let bucket = match &origin.kind {
        OriginKind::Vpc { .. } => None,
        OriginKind::Bucket | OriginKind::Server(_) => {
            Bucket::of_host(&origin.domain_name, &settings.s3.bucket_host_suffixes)
        }
    };
    let way = Way { settings, origin, request, signs: signs(origin, request) };
    let (secure, port) = way.scheme();
    match mapping(settings, origin, port) {
        Some(Target::Server(target)) => return way.to_target(target, bucket.as_ref()).map(Route::Server),
        Some(Target::Folder(path)) => {
            let folder = BucketFolder::at(path.clone());
            let website = bucket.as_ref().is_none_or(|bucket| bucket.website);
            return Ok(Route::Folder(way.to_folder(Arc::new(folder), website)));
        }
        None => {}
    }
    if let OriginKind::Vpc { id } = &origin.kind {
        return Err(OriginFailure::NotReachableHere(format!(
            "The origin {} is in a private network, and nothing says where its server is. Map it, for example with \
             --origin {id}=http://127.0.0.1:3000, or in [edge.origins] of the configuration.",
            origin.id
        )));
    }
    if let Some(bucket) = &bucket {
        if let Some(folder) = settings.s3.folders.get(&bucket.name) {
            return Ok(Route::Folder(way.to_folder(Arc::new(folder.clone()), bucket.website)));
        }
        if let Some(Target::Server(endpoint)) = &settings.s3.endpoint
            && !bucket.website
        {
            return way.to_endpoint(endpoint, bucket).map(Route::Server);
        }
        if !settings.reach_unmapped {
            let host = &origin.domain_name;
            return Err(OriginFailure::NotReachableHere(format!(
                "The bucket {} is not asked from here, because nothing says where it is. Give a folder in its place, \
                 for example with --origin {host}=./folder, or a folder or an endpoint in [edge.s3] of the configuration.",
                bucket.name
            )));
        }
    }
    way.to_the_origin(secure, port, bucket.as_ref()).map(Route::Server)
}

/// Whether this request is signed (AWS: "Origin access control": `no-override` leaves requests with an `Authorization`
/// header alone).
fn signs(origin: &OriginDescription, request: &OriginRequest) -> bool {
    origin.signing().is_some_and(|signing| match signing.signs {
        SignedRequests::Always => true,
        SignedRequests::Never => false,
        SignedRequests::NoOverride => !request.headers.contains_key(http::header::AUTHORIZATION),
    })
}

/// A mapping by the id of a VPC origin, by name and port, or by name.
fn mapping<'s>(settings: &'s OriginSettings, origin: &OriginDescription, port: u16) -> Option<&'s Target> {
    let mappings = &settings.mappings;
    if mappings.is_empty() {
        return None;
    }
    let of_vpc = match &origin.kind {
        OriginKind::Vpc { id } => mappings.get(id),
        OriginKind::Bucket | OriginKind::Server(_) => None,
    };
    let name = &origin.domain_name;
    of_vpc.or_else(|| mappings.get(&format!("{name}:{port}"))).or_else(|| mappings.get(name))
}

/// What all routes of a request are made of.
struct Way<'a> {
    settings: &'a OriginSettings,
    origin: &'a OriginDescription,
    request: &'a OriginRequest,
    signs: bool,
}

impl Way<'_> {
    /// Whether the origin is asked over HTTPS, and its port. A bucket is asked as the viewer came, and over HTTPS where
    /// requests are signed.
    fn scheme(&self) -> (bool, u16) {
        let (policy, plain, tls) = match &self.origin.kind {
            OriginKind::Server(ServerOrigin { http_port, https_port, protocol, .. }) => {
                (*protocol, *http_port, *https_port)
            }
            OriginKind::Bucket | OriginKind::Vpc { .. } => (ProtocolPolicy::MatchViewer, 80, 443),
        };
        let secure = match policy {
            ProtocolPolicy::HttpOnly => false,
            ProtocolPolicy::HttpsOnly => true,
            ProtocolPolicy::MatchViewer => self.request.secure || self.signs,
        };
        (secure, if secure { tls } else { plain })
    }

    /// The `Host` header: a signed request has the origin's name, any other the one that a function gave or that is
    /// forwarded, or the origin's name.
    fn host(&self) -> Result<HeaderValue, OriginFailure> {
        if !self.signs {
            let forwarded = || self.request.headers.get(HOST).cloned();
            if let Some(host) = self.origin.host_header.clone().or_else(forwarded) {
                return Ok(host);
            }
        }
        host_value(&self.origin.domain_name)
    }

    /// The names in TLS: that in the `Host` header is asked for; the certificate has it or the origin's (AWS:
    /// "Requirements for using SSL/TLS certificates with CloudFront"). A host of the operator's own may also have its own.
    fn tls_names(&self, host: &HeaderValue, target: Option<&str>) -> TlsNames {
        let origin = self.origin;
        let in_header = host.to_str().unwrap_or_default();
        let in_header = in_header.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let is_name = rustls::pki_types::DnsName::try_from(in_header.as_str()).is_ok();
        let asked = if is_name { in_header } else { origin.domain_name.clone() };
        let sni = origin.sni.clone().unwrap_or_else(|| asked.clone());
        let mut accepted = origin.allowed_certificate_names.clone();
        if accepted.is_empty() {
            accepted = vec![origin.domain_name.clone(), asked];
            accepted.extend(origin.sni.clone());
        }
        accepted.extend(target.map(str::to_owned));
        accepted.sort_unstable();
        accepted.dedup();
        TlsNames { sni, accepted, shown: origin.client_certificate.clone() }
    }

    fn scope(&self, bucket: Option<&Bucket>) -> Option<Scope> {
        let signing = self.origin.signing().filter(|_| self.signs)?;
        let of_host = bucket.and_then(|bucket| bucket.region.as_deref());
        let of_host = of_host.or_else(|| Scope::region_of_host(&self.origin.domain_name));
        Some(Scope { origin: signing.origin, region: of_host.unwrap_or(REGION).to_owned() })
    }

    /// To the server that the operator maps the origin to: only address and scheme are that server's. Without keys the
    /// request is not signed: a server of one's own seldom checks.
    fn to_target(
        &self,
        target: &ServerTarget,
        bucket: Option<&Bucket>,
    ) -> Result<ServerRoute, OriginFailure> {
        let host = self.host()?;
        let tls = target.secure.then(|| self.tls_names(&host, Some(&target.host)));
        let scope = self.scope(bucket).filter(|_| self.settings.s3.credentials.is_some());
        let prefix = format!("{}{}", target.path, self.origin.path);
        let peer = operators_peer(target, tls);
        Ok(ServerRoute { peer, host, prefix, scope })
    }

    /// To the operator's S3-compatible server.
    fn to_endpoint(&self, endpoint: &ServerTarget, bucket: &Bucket) -> Result<ServerRoute, OriginFailure> {
        let path_style = self.settings.s3.path_style.unwrap_or(true);
        let (name, path) = (&bucket.name, &self.origin.path);
        let (authority, prefix) = if path_style {
            (endpoint.authority(), format!("{}/{name}{path}", endpoint.path))
        } else {
            (format!("{name}.{}", endpoint.authority()), format!("{}{path}", endpoint.path))
        };
        let sni = authority.split(':').next().unwrap_or_default().to_owned();
        let accepted = vec![sni.clone(), endpoint.host.clone()];
        let tls = endpoint.secure.then_some(TlsNames { sni, accepted, shown: None });
        let mut scope = self.scope(Some(bucket));
        if let (Some(scope), Some(region)) = (&mut scope, &self.settings.s3.region) {
            scope.region.clone_from(region);
        }
        self.check_credentials(scope.as_ref())?;
        Ok(ServerRoute { peer: operators_peer(endpoint, tls), host: host_value(&authority)?, prefix, scope })
    }

    /// To the origin itself.
    fn to_the_origin(
        &self,
        secure: bool,
        port: u16,
        bucket: Option<&Bucket>,
    ) -> Result<ServerRoute, OriginFailure> {
        let host = self.host()?;
        let scope = self.scope(bucket);
        self.check_credentials(scope.as_ref())?;
        let addresses = match &self.origin.kind {
            OriginKind::Server(server) => AddressFamily::from(server.ip_address_type),
            OriginKind::Bucket | OriginKind::Vpc { .. } => AddressFamily::Any,
        };
        let peer = Peer {
            host: self.origin.domain_name.clone(),
            port,
            tls: secure.then(|| self.tls_names(&host, None)),
            addresses,
            named_by_operator: false,
            http2: false,
        };
        Ok(ServerRoute { peer, host, prefix: self.origin.path.clone(), scope })
    }

    fn to_folder(&self, bucket: Arc<BucketFolder>, website: bool) -> Folder {
        let admitted = website || bucket.public || self.signs;
        Folder { bucket, website, admitted, prefix: self.origin.path.clone() }
    }

    fn check_credentials(&self, scope: Option<&Scope>) -> Result<(), OriginFailure> {
        if scope.is_none() || self.settings.s3.credentials.is_some() {
            return Ok(());
        }
        Err(OriginFailure::NotReachableHere(format!(
            "Requests to the origin {} are signed, and there are no keys to sign them with. Give access_key_id and \
             secret_access_key_file in [edge.s3] of the configuration.",
            self.origin.id
        )))
    }
}

fn operators_peer(target: &ServerTarget, tls: Option<TlsNames>) -> Peer {
    Peer {
        host: target.host.clone(),
        port: target.port,
        tls,
        addresses: AddressFamily::Any,
        named_by_operator: true,
        http2: false,
    }
}

fn host_value(host: &str) -> Result<HeaderValue, OriginFailure> {
    HeaderValue::from_str(host).map_err(|_not_a_value| OriginFailure::Resolve(host.to_owned()))
}

#[cfg(test)]
mod tests;
