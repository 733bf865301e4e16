//! An edge, of a server or in a process of its own: its listeners, and what it is made of.

mod certificates;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use keyfront_api::{Clock, Context};
use keyfront_edge::origin::Origins;
use keyfront_edge::record::{LogWriter, Recorder};
use keyfront_edge::{CacheSettings, Edge, EdgeParts};
use keyfront_functions::Invoker;
use keyfront_http::{CancellationToken, Limits, LimitsInForce, Listener, Tls};
use keyfront_view::View;
use tokio::task::JoinSet;

use super::Mode;
use crate::acme::{Folder, Renewal};
use crate::authority::{Authority, Leaves};
use crate::clock::SystemClock;
use crate::config::{Config, ConfigInForce, TlsSettings};
use crate::failure::Failure;
use crate::server::{self, AdminEdge, EdgeFigures, Expiry};

/// The listeners of the edge, bound.
pub(super) struct EdgeListeners {
    own: Listener,
    /// Ports of distributions.
    ports: Vec<Listener>,
    secure: Option<(Listener, Tls)>,
}

/// Where viewers come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct EdgeAddresses {
    /// Over HTTP.
    pub(super) plain: SocketAddr,
    /// Over HTTPS.
    pub(super) tls: Option<SocketAddr>,
}

/// What an edge runs on, beside its configuration.
pub(super) struct EdgeSupplies {
    /// The state that it serves.
    pub(super) view: View,
    /// Where functions run.
    pub(super) functions: Arc<dyn Invoker>,
    /// The time of day.
    pub(super) clock: Arc<dyn Clock>,
}

impl From<&Context> for EdgeSupplies {
    fn from(context: &Context) -> EdgeSupplies {
        let Context { view, functions, clock, .. } = context.clone();
        EdgeSupplies { view, functions, clock }
    }
}

/// A running edge, and the task that writes its logs.
pub(super) struct RunningEdge {
    edge: Edge,
    address: SocketAddr,
    origins: Origins,
    recorder: Recorder,
    writer: Option<LogWriter>,
}

impl EdgeListeners {
    /// Binds the addresses of the settings; `None` where there is to be no edge.
    pub(super) async fn bind(config: &Config, mode: Mode<'_>) -> Result<Option<EdgeListeners>, Failure> {
        let settings = &config.edge;
        if !settings.enabled {
            return Ok(None);
        }
        let (listen, tls_listen) = mode.edge_settings();
        let limits = limits(config);
        let own = server::bind(settings.listen, listen, None, limits).await?.with_title_case_headers();
        let mut ports = Vec::new();
        for port in settings.distributions_by_port()?.into_keys() {
            let address = SocketAddr::new(settings.listen.ip(), port);
            let listener = server::bind(address, "[edge.ports]", None, limits).await?;
            ports.push(listener.with_title_case_headers());
        }
        let mut secure = None;
        if let Some(address) = settings.tls_listen {
            let tls = tls(config, None)?;
            let listener = server::bind(address, tls_listen, Some(tls.clone()), limits).await?;
            secure = Some((listener.with_title_case_headers(), tls));
        }
        Ok(Some(EdgeListeners { own, ports, secure }))
    }

    /// Where viewers come to.
    pub(super) fn addresses(&self) -> EdgeAddresses {
        let tls = self.secure.as_ref().map(|(listener, _)| listener.address());
        EdgeAddresses { plain: self.own.address(), tls }
    }

    /// The limits of all of them.
    pub(super) fn limits(&self) -> Vec<LimitsInForce> {
        let secure = self.secure.iter().map(|(listener, _)| listener);
        [&self.own].into_iter().chain(&self.ports).chain(secure).map(Listener::limits).collect()
    }

    /// What the certificates for viewers can be replaced in.
    pub(super) fn tls(&self) -> Option<Tls> {
        self.secure.as_ref().map(|(_, tls)| tls.clone())
    }

    /// Serves until `stop` is cancelled, and completes the logs.
    pub(super) async fn serve(self, running: RunningEdge, stop: CancellationToken) {
        let mut serving = JoinSet::new();
        let secure = self.secure.map(|(listener, _)| listener);
        for listener in [self.own].into_iter().chain(self.ports).chain(secure) {
            serving.spawn(listener.serve(running.edge.clone(), stop.clone()));
        }
        serving.join_all().await;
        if let Some(writer) = running.writer {
            writer.finish().await;
        }
    }
}

impl RunningEdge {
    /// Makes an edge.
    pub(super) fn start(
        config: &Config,
        mode: Mode<'_>,
        supplies: EdgeSupplies,
        addresses: EdgeAddresses,
    ) -> Result<RunningEdge, Failure> {
        let settings = &config.edge;
        let (recorder, writer) = Recorder::new(settings.logs().as_ref());
        let EdgeSupplies { view, functions, clock } = supplies;
        let origins = origins(config, clock)?;
        let disk = settings.cache.open()?;
        let parts = EdgeParts {
            view,
            invoker: functions,
            origins: origins.clone(),
            cache: CacheSettings { memory_bytes: settings.cache_bytes(), ..CacheSettings::default() },
            disk,
            viewers: settings.viewers()?,
            location: settings.location.clone(),
            ports: settings.distributions_by_port()?,
            secure_port: addresses.tls.map(|address| address.port()),
            development: matches!(mode, Mode::Development),
            recorder: recorder.clone(),
            clock: Arc::new(keyfront_edge::SystemClock::new()),
        };
        let edge = Edge::new(parts).map_err(|error| Failure::because("[edge] location", &error))?;
        Ok(RunningEdge { edge, address: addresses.plain, origins, recorder, writer })
    }

    /// What answers viewers.
    pub(super) fn edge(&self) -> &Edge {
        &self.edge
    }

    /// How it reaches origins.
    pub(super) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// What the admin address tells of it.
    pub(super) fn figures(&self) -> AdminEdge {
        let figures = EdgeFigures {
            edge: self.edge.clone(),
            origins: self.origins.clone(),
            requests: Arc::clone(self.recorder.figures()),
        };
        AdminEdge { address: self.address, figures: server::edge_figures(figures) }
    }
}

/// Reads the certificates of a configuration, to find out whether they can be served.
pub(crate) fn check_certificates(config: &Config) -> Result<(), Failure> {
    certificates::tls(&config.edge.certificates, &BTreeMap::new(), None, None).map(|_usable| ())
}

/// The limits of every listener of the edge.
pub(super) fn limits(config: &Config) -> Limits {
    config.edge.limits(config.server.limits().shutdown_timeout)
}

/// The certificates of the edge, by what metrics call them, those that it gets itself among them.
pub(super) fn certificate_files(config: &Config) -> Vec<(String, PathBuf)> {
    let issued = issued(config);
    let files = config.edge.certificates.iter().chain(&issued);
    files.map(|(id, files)| (id.clone(), files.certificate.clone())).collect()
}

/// Reads the certificates. An authority is opened where the configuration has its folder.
pub(super) fn tls(config: &Config, edge: Option<Edge>) -> Result<Tls, Failure> {
    let folder = config.edge.authority.as_ref();
    let authority = folder.map(|folder| Authority::open(folder, SystemClock.now())).transpose()?;
    let mut issued = issued(config);
    issued.retain(|_id, files| files.certificate.exists());
    certificates::tls(&config.edge.certificates, &issued, authority.map(Leaves::new), edge)
}

/// The files of the certificates that the edge gets itself, by what metrics call them; some may not be there yet.
fn issued(config: &Config) -> BTreeMap<String, TlsSettings> {
    let folder = Folder::of(&config.store.data, &config.edge.acme.directory);
    let names = config.edge.acme.names.iter();
    names.map(|name| (issued_id(name), folder.certificate(name))).collect()
}

fn issued_id(name: &str) -> String {
    format!("acme:{name}")
}

/// Gets certificates over ACME for the names of the configuration, and serves them from then on, until the set is dropped.
pub(super) fn renew(
    in_force: &ConfigInForce,
    edge: &Edge,
    tls: &Tls,
    expiry: &Expiry,
) -> Result<JoinSet<()>, Failure> {
    let mut tasks = JoinSet::new();
    let config = in_force.load_full();
    let acme = &config.edge.acme;
    if !acme.is_on() {
        return Ok(tasks);
    }
    let (in_force, served, tls, expiry) =
        (ConfigInForce::clone(in_force), edge.clone(), tls.clone(), expiry.clone());
    let (store, challenges) = (config.store.clone(), edge.challenges().clone());
    let settings = acme.clone();
    let renewed = move |name: &str| {
        let config = in_force.load_full();
        match self::tls(&config, Some(served.clone())) {
            Ok(new) => tls.replace_by(&new),
            Err(error) => tracing::error!(%error, "the certificates stay as they were"),
        }
        let id = issued_id(name);
        if let Some(files) = issued(&config).get(&id) {
            expiry.note(&id, &files.certificate);
        }
    };
    let renewal = Renewal::new(&settings, &store, challenges, Arc::new(SystemClock), Box::new(renewed))?;
    tasks.spawn(renewal.run());
    Ok(tasks)
}

fn origins(config: &Config, clock: Arc<dyn Clock>) -> Result<Origins, Failure> {
    let origins = Origins::new(config.edge.origins(&config.import)?, Arc::new(move || clock.now().into()));
    origins.map_err(|error| Failure::because("[edge]", &error))
}
