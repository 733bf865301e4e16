//! Metrics: the figures of the API, of the edge, of what is followed and of the process, in the format that the scraper asks for.

mod certificates;
mod edge;
mod exposition;
mod follow;
mod functions;
mod process;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use prometheus_client::encoding::text::encode_registry;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::Admin;
use super::answer::{failed, text};
use exposition::Exposition;

pub(crate) use certificates::Expiry;
pub(crate) use edge::{EdgeFigures, edge};
pub(crate) use follow::{FeedFigures, FollowFigures};
pub(crate) use functions::CountedInvoker;

/// Figures of the process, of its functions and of its certificates.
pub(crate) fn process(functions: &CountedInvoker, certificates: &Expiry) -> Registry {
    let mut registry = Registry::default();
    let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("keyfront_build", "The version of this program", build);
    registry.register_collector(Box::new(process::ProcessFigures));
    functions.register(&mut registry);
    certificates.register(&mut registry);
    registry
}

impl Admin {
    pub(super) async fn metrics(&self, request: &Parts) -> Response<Bytes> {
        let mut figures = match self.api.metrics().render().await {
            Ok(figures) => figures,
            Err(error) => return failed(&error),
        };
        for registry in
            [Some(&self.process), self.edge.as_ref().map(|edge| &edge.figures)].into_iter().flatten()
        {
            // Writing to a String cannot fail.
            encode_registry(&mut figures, registry).ok();
        }
        written(request, &figures)
    }
}

/// The answer with the figures of some registries.
pub(in crate::server) fn exposed(request: &Parts, registries: &[&Registry]) -> Response<Bytes> {
    let mut figures = String::new();
    for registry in registries {
        encode_registry(&mut figures, registry).ok();
    }
    written(request, &figures)
}

/// The answer with figures that were written as OpenMetrics, in the format that the scraper asks for.
fn written(request: &Parts, figures: &str) -> Response<Bytes> {
    let exposition = accepted(&request.headers);
    let mut response = text(StatusCode::OK, exposition.of(figures));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(exposition.content_type()));
    response
}

/// OpenMetrics for scrapers that name it, Prometheus first of all, and the older text format for all others.
fn accepted(headers: &HeaderMap) -> Exposition {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut kinds =
        accepted.flat_map(|value| value.split(',')).map(|kind| kind.split(';').next().unwrap_or_default());
    if kinds.any(|kind| kind.trim().eq_ignore_ascii_case("application/openmetrics-text")) {
        Exposition::OpenMetrics
    } else {
        Exposition::Text
    }
}
