//! A request arrives: limits, loops, and the distribution that it is for.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use http::header::{ACCEPT_ENCODING, TRANSFER_ENCODING};
use http::{Method, Version};
use keyfront_http::ClientCertificates;

use super::{Exchange, Place, Reply};
use crate::Edge;
use crate::answer::Refusal;
use crate::catalog::{Catalog, Distribution, Pair, remove_session};
use crate::forward;
use crate::message::ViewerMtls;

/// The longest URL, in bytes of its path and query (AWS: Quotas, "Maximum length of a URL").
const MAX_URL_BYTES: usize = 8_192;

/// The most bytes of a request line and headers (AWS: Quotas, "Maximum length of a request, including headers and query
/// strings, but not including the body content").
const MAX_HEAD_BYTES: usize = 32_768;

/// How a path begins that names its distribution, for clients that cannot choose a host.
const DISTRIBUTION_IN_PATH: &str = "/.keyfront/d/";

/// The place that a request is for.
pub(super) async fn place(edge: &Edge, exchange: &mut Exchange) -> Result<Place, Reply> {
    check_limits(exchange).map_err(|refusal| Reply::refusal(exchange, refusal))?;
    if forward::is_loop(&exchange.sent.headers) {
        exchange.trace.refused =
            Some("the request passed this edge before: an origin leads back to it".to_owned());
        return Err(Reply::refusal(exchange, Refusal::Malformed));
    }
    let id = distribution_in_path(edge, exchange);
    let mut catalog = edge.catalog();
    let mut found = find(edge, &catalog, exchange, id.as_deref()).cloned();
    if found.is_none() {
        drop(catalog);
        Box::pin(edge.catch_up()).await;
        catalog = edge.catalog();
        found = find(edge, &catalog, exchange, id.as_deref()).cloned();
    }
    let host = &exchange.sent.host;
    // AWS: "Viewers cannot send requests directly to a staging distribution".
    let is_staging = |distribution: &Distribution| {
        distribution.config.is_staging() && distribution.domain_name.eq_ignore_ascii_case(host)
    };
    let Some(distribution) = found.as_ref().filter(|found| found.enabled && !is_staging(found)) else {
        exchange.trace.refused = Some(match &found {
            Some(found) if is_staging(found) => {
                exchange.trace.distribution = Some(found.id.clone());
                format!("{host} is a staging distribution: ask its primary distribution")
            }
            Some(_) => format!("the distribution of {host} is disabled"),
            None => format!("no distribution has the domain name or alias {host}"),
        });
        return Err(Reply::refusal(exchange, Refusal::UnknownHost));
    };
    // A connection for one distribution is not for the viewers of another (AWS: "HTTP 421").
    let agreed = exchange.server_name.as_deref().and_then(|name| catalog.by_host(name));
    if agreed.is_some_and(|agreed| !Arc::ptr_eq(agreed, distribution)) {
        exchange.trace.refused = Some("the connection was made for another distribution".to_owned());
        return Err(Reply::refusal(exchange, Refusal::Certificate));
    }
    if distribution.viewer_tls.connection_function && exchange.viewer.secure {
        // It may be what keeps viewers out.
        return Err(Reply::not_served(
            exchange,
            "the distribution has a connection function, which is not run here",
        ));
    }
    let Ok(mtls) = mtls(exchange, distribution, agreed.is_some()) else {
        exchange.trace.refused =
            Some("the connection was made without the certificate that the distribution asks for".to_owned());
        return Err(Reply::refusal(exchange, Refusal::Certificate));
    };
    exchange.viewer.mtls = mtls;
    let distribution = staging(exchange, &catalog, distribution).unwrap_or(distribution);
    if edge.is_for_development() {
        exchange.trace.distribution = Some(distribution.id.clone());
        exchange.trace.tenant.clone_from(&distribution.tenant);
    }
    if let Cow::Owned(path) = distribution.object(&exchange.sent.path) {
        exchange.head_mut().path = path;
    }
    if exchange.viewer.version == Version::HTTP_10 {
        // AWS: "CloudFront removes the Accept-Encoding header and doesn't compress".
        exchange.head_mut().headers.remove(ACCEPT_ENCODING);
    }
    let place = Place::of(distribution.clone(), &exchange.head.path);
    let place = place.ok_or_else(|| Reply::refusal(exchange, Refusal::Malformed))?;
    if edge.is_for_development() {
        exchange.trace.behavior = place.behavior().map(|behavior| behavior.pattern.to_string());
    }
    Ok(place)
}

/// The staging distribution that answers in the place of one; `None` where that one answers itself.
fn staging<'c>(
    exchange: &mut Exchange,
    catalog: &'c Catalog,
    primary: &Distribution,
) -> Option<&'c Arc<Distribution>> {
    let policy = primary.staging.as_ref()?;
    let staging = catalog.by_host(&policy.domain_name).filter(|staging| staging.enabled)?;
    let ids = Pair { primary: &primary.id, staging: &staging.id };
    let viewer = (exchange.at_ms / 1000, exchange.viewer.secure);
    let chosen = policy.choose(&exchange.sent.headers, ids, viewer, fastrand::f64());
    if chosen.cookie.is_some() {
        remove_session(&mut exchange.head_mut().headers);
        exchange.session_cookie = chosen.cookie;
    }
    if !chosen.staging {
        return None;
    }
    exchange.primary = Some(Arc::clone(&primary.recorded));
    Some(staging)
}

/// A viewer shows no certificate to a distribution whose viewers must.
struct NoCertificate;

/// What a viewer showed of itself to a distribution. The handshake asked for it only where it was made for the
/// distribution: a request can come to it over a connection without a name, or one that is older than its settings.
/// Viewers without TLS are for the viewer protocol policy to send away.
fn mtls(
    exchange: &Exchange,
    distribution: &Distribution,
    made_for_it: bool,
) -> Result<Option<ViewerMtls>, NoCertificate> {
    let certificates = if made_for_it { Arc::clone(&exchange.client_certificates) } else { Arc::default() };
    let checked = match &distribution.viewer_tls.client_certificates {
        ClientCertificates::NotAsked => return Ok(None),
        ClientCertificates::Required(_) if certificates.is_empty() && exchange.viewer.secure => {
            return Err(NoCertificate);
        }
        ClientCertificates::Required(_) | ClientCertificates::Optional(_) => true,
        ClientCertificates::Unchecked => false,
    };
    Ok(Some(ViewerMtls { certificates, checked }))
}

/// The id of a distribution that the path begins with, which is cut off. It counts only where no distribution has the
/// host: a viewer who means one host never gets the distribution of another.
fn distribution_in_path(edge: &Edge, exchange: &mut Exchange) -> Option<String> {
    let rest = exchange.sent.path.strip_prefix(DISTRIBUTION_IN_PATH)?;
    if edge.catalog().by_host(&exchange.sent.host).is_some() {
        return None;
    }
    let (id, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (id, path) = (id.to_owned(), format!("/{path}"));
    exchange.path_prefix = format!("{DISTRIBUTION_IN_PATH}{id}");
    Arc::make_mut(&mut exchange.sent).path = path;
    exchange.head = Arc::clone(&exchange.sent);
    Some(id)
}

/// The distribution that a request names: by the id in its path, its host, its port, or by being the only one.
fn find<'c>(
    edge: &Edge,
    catalog: &'c Catalog,
    exchange: &Exchange,
    id: Option<&str>,
) -> Option<&'c Arc<Distribution>> {
    if let Some(id) = id {
        return catalog.by_id(id);
    }
    let host = &exchange.sent.host;
    let by_port = || catalog.by_id(edge.distribution_of_port(exchange.port)?);
    let only = || catalog.only().filter(|_| edge.is_for_development() && is_local(host));
    catalog.by_host(host).or_else(by_port).or_else(only)
}

fn check_limits(exchange: &Exchange) -> Result<(), Refusal> {
    let head = &exchange.sent;
    if exchange.authority().is_empty() || !head.path.starts_with('/') {
        return Err(Refusal::Malformed);
    }
    let codings = head.headers.get_all(TRANSFER_ENCODING).iter();
    if codings.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).any(is_unknown_coding) {
        // It would be passed on as it is coded, and nothing would say so.
        return Err(Refusal::Malformed);
    }
    if head.method == Method::CONNECT || head.method == Method::TRACE {
        return Err(Refusal::Method);
    }
    let url = head.path.len() + head.query.as_ref().map_or(0, |query| query.len() + 1);
    if url > MAX_URL_BYTES {
        return Err(Refusal::UrlTooLong);
    }
    // As HTTP/1.1 writes it: "GET /x HTTP/1.1" and "name: value", each with its line end.
    let line = head.method.as_str().len() + url + " HTTP/1.1\r\n".len() + 1;
    let headers: usize =
        head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum();
    if line + headers > MAX_HEAD_BYTES {
        return Err(Refusal::HeadersTooLong);
    }
    Ok(())
}

/// Whether a body is coded for its transfer in a way that the edge does not read (RFC 9112 section 6.1).
fn is_unknown_coding(coding: &[u8]) -> bool {
    let coding = coding.trim_ascii();
    !coding.is_empty() && !coding.eq_ignore_ascii_case(b"chunked")
}

/// Whether a host names this machine and no distribution.
fn is_local(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok()
}
