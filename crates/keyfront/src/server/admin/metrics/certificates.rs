//! When the certificates that are served expire, so that an alert comes before a viewer's error does.

use std::path::Path;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::validity;

/// Where a certificate comes from: `server.tls`, `relay.tls`, its id in `[edge.certificates]`, or `acme:` and its name.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    certificate: String,
}

/// When each certificate expires. A clone is the same figures.
#[derive(Clone, Default)]
pub(crate) struct Expiry(Family<Named, Gauge>);

impl Expiry {
    /// Adds the figures to those of a server.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "keyfront_certificate_expiry_timestamp",
            "When a certificate expires, in seconds after the epoch",
            Unit::Seconds,
            self.0.clone(),
        );
    }

    /// Notes a certificate that is served from now on. It was read before, so one that cannot be read any more keeps its
    /// figure.
    pub(crate) fn note(&self, name: &str, file: &Path) {
        let validity = std::fs::read(file).ok().and_then(|pem| validity::of(&pem));
        if let Some(validity) = validity {
            self.0.get_or_create(&Named { certificate: name.to_owned() }).set(validity.not_after_s);
        }
    }
}
