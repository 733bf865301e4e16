//! The parts of a server that take new settings while they run.

use std::path::PathBuf;

use keyfront_api::RulesInForce;
use keyfront_edge::Edge;
use keyfront_edge::origin::Origins;
use keyfront_http::{LimitsInForce, Tls};

use super::super::assemble;
use super::super::edge::{self, EdgeListeners, RunningEdge};
use crate::config::{Config, TlsSettings};
use crate::failure::Failure;
use crate::log::LogFilter;
use crate::objects::{Objects, Sources};
use crate::server::{self, Expiry, Names};

/// Puts new settings in force; they were checked before, so it does not fail.
pub(super) type Step = Box<dyn FnOnce() + Send>;

type Prepare = dyn Fn(&Config) -> Result<Step, Failure> + Send + Sync;

/// A part of a server that takes new settings.
pub(in crate::bootstrap) struct Part(Box<Prepare>);

impl Part {
    /// A part that reads and checks its settings with `read`, and puts them in force with `put`.
    pub(super) fn new<T: Send + 'static>(
        read: impl Fn(&Config) -> Result<T, Failure> + Send + Sync + 'static,
        put: impl FnOnce(T) + Clone + Send + Sync + 'static,
    ) -> Part {
        Part(Box::new(move |config| {
            let (settings, put) = (read(config)?, put.clone());
            Ok(Box::new(move || put(settings)))
        }))
    }

    /// Reads and checks the settings of a configuration. The step puts them in force.
    pub(super) fn prepare(&self, config: &Config) -> Result<Step, Failure> {
        (self.0)(config)
    }

    /// What is logged.
    pub(super) fn of_log(filter: LogFilter) -> Part {
        Part::new(|config| config.log.check(), move |new| filter.replace(new))
    }

    /// The limits of listeners that have those of `[server]`.
    pub(in crate::bootstrap) fn of_limits(limits: Vec<LimitsInForce>) -> Part {
        let put = move |new| limits.iter().for_each(|limits| limits.replace(new));
        Part::new(|config| Ok(config.server.limits()), put)
    }

    /// The names of this server, of its listeners.
    pub(in crate::bootstrap) fn of_names(listeners: Vec<Names>) -> Part {
        let put = move |new: Vec<String>| listeners.iter().for_each(|names| names.replace_configured(&new));
        Part::new(|config| Ok(config.server.names.clone()), put)
    }

    /// What operations go by.
    pub(in crate::bootstrap) fn of_rules(rules: RulesInForce) -> Part {
        Part::new(assemble::rules, move |new| rules.replace(new))
    }

    /// Where objects of buckets come from.
    pub(in crate::bootstrap) fn of_objects(objects: Objects) -> Part {
        Part::new(|config| Sources::new(&config.import), move |new| objects.replace(new))
    }

    /// What of an edge, and of its listeners, takes new settings. Certificates are not among them.
    pub(in crate::bootstrap) fn of_edge(listeners: &EdgeListeners, running: &RunningEdge) -> [Part; 3] {
        [
            Part::of_edge_limits(listeners.limits()),
            Part::of_viewers(running.edge().clone()),
            Part::of_origins(running.origins().clone()),
        ]
    }

    /// The limits of the listeners of an edge.
    fn of_edge_limits(limits: Vec<LimitsInForce>) -> Part {
        let put = move |new| limits.iter().for_each(|limits| limits.replace(new));
        Part::new(|config| Ok(edge::limits(config)), put)
    }

    /// Where viewers of an edge are, and who may speak for them.
    fn of_viewers(edge: Edge) -> Part {
        Part::new(|config| config.edge.viewers(), move |new| edge.replace_viewers(new))
    }

    /// How origins are reached.
    fn of_origins(origins: Origins) -> Part {
        let checking = origins.clone();
        let read = move |config: &Config| {
            let settings = config.edge.origins(&config.import)?;
            checking.prepare(settings).map_err(|error| Failure::because("[edge]", &error))
        };
        Part::new(read, move |new| origins.replace(new))
    }

    /// The certificate of the API.
    pub(in crate::bootstrap) fn of_api_certificate(tls: Tls, expiry: Expiry) -> Part {
        Part::of_certificate("server.tls", |config| config.server.tls.as_ref(), tls, expiry)
    }

    /// The certificate for edges that follow this one.
    pub(in crate::bootstrap) fn of_relay_certificate(tls: Tls, expiry: Expiry) -> Part {
        Part::of_certificate("relay.tls", |config| config.relay.tls.as_ref(), tls, expiry)
    }

    fn of_certificate(
        name: &'static str,
        of: impl Fn(&Config) -> Option<&TlsSettings> + Send + Sync + 'static,
        tls: Tls,
        expiry: Expiry,
    ) -> Part {
        let read = move |config: &Config| {
            let Some(settings) = of(config) else { return Ok(None) };
            Ok(Some((server::load_tls(settings)?, settings.certificate.clone())))
        };
        Part::new(read, move |new: Option<(Tls, PathBuf)>| {
            let Some((new, file)) = new else { return };
            tls.replace_by(&new);
            expiry.note(name, &file);
            tracing::info!(certificate = %file.display(), "SIGHUP: reloaded the certificate");
        })
    }

    /// The certificates of an edge.
    pub(in crate::bootstrap) fn of_edge_certificates(tls: Tls, edge: Edge, expiry: Expiry) -> Part {
        let read = move |config: &Config| {
            let files = edge::certificate_files(config);
            Ok((edge::tls(config, Some(edge.clone()))?, files))
        };
        Part::new(read, move |(new, files): (Tls, Vec<(String, PathBuf)>)| {
            tls.replace_by(&new);
            for (name, file) in &files {
                expiry.note(name, file);
                tracing::info!(certificate = name, "SIGHUP: reloaded the certificate");
            }
        })
    }
}
