//! The edge: what it is made of. How it answers is the pipeline's.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use keyfront_domain::AccountId;
use keyfront_functions::Invoker;
use keyfront_view::trust::TrustedKeys;
use keyfront_view::{StoreError, Version, View};
use tokio::sync::watch;

use crate::access::SignatureMemo;
use crate::answer::{Compressor, Identity};
use crate::cache::{Cache, CacheDisk, CacheSettings, Clock, Statistics};
use crate::catalog::{self, Catalog};
use crate::challenges::Challenges;
use crate::function::FunctionRunner;
use crate::origin::Origins;
use crate::record::Recorder;
use crate::settings::ViewerSettings;
use crate::viewer_tls::ViewerTlsSettings;

/// How long a request for a host that no distribution has waits for the catalog, which is compiled within milliseconds.
const CATCH_UP: Duration = Duration::from_secs(1);

/// What an edge is made of.
pub struct EdgeParts {
    /// The state that it serves.
    pub view: View,
    /// Where functions run.
    pub invoker: Arc<dyn Invoker>,
    /// The way to origins.
    pub origins: Origins,
    /// How much is kept.
    pub cache: CacheSettings,
    /// Where objects are kept that memory has no room for.
    pub disk: Option<CacheDisk>,
    /// Where viewers are.
    pub viewers: ViewerSettings,
    /// What the edge calls its place, such as `SEA19-C1`.
    pub location: String,
    /// Distributions that have a port of their own, by port.
    pub ports: BTreeMap<u16, String>,
    /// The port for HTTPS, to which viewers are sent on that named a port.
    pub secure_port: Option<u16>,
    /// Whether answers may say more than CloudFront's do, and a host of this machine leads to the only distribution.
    pub development: bool,
    /// Where records go.
    pub recorder: Recorder,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// An edge. Clones share it.
#[derive(Clone)]
pub struct Edge(Arc<Shared>);

struct Shared {
    catalog: Arc<ArcSwap<Catalog>>,
    /// The commit that the catalog shows.
    catalog_version: watch::Receiver<Version>,
    /// The commit up to which the cache has the invalidations.
    invalidations_version: watch::Receiver<Version>,
    view: View,
    functions: FunctionRunner,
    origins: Origins,
    cache: Cache,
    compressor: Compressor,
    signatures: SignatureMemo,
    challenges: Challenges,
    identity: Identity,
    viewers: ArcSwap<ViewerSettings>,
    ports: BTreeMap<u16, String>,
    secure_port: Option<u16>,
    development: bool,
    recorder: Recorder,
    location: Arc<str>,
    clock: Arc<dyn Clock>,
}

impl Edge {
    /// Makes an edge and lets it follow the state. It has to be called on a Tokio runtime with timers.
    ///
    /// # Errors
    /// The location cannot stand in a header.
    pub fn new(parts: EdgeParts) -> Result<Edge, http::header::InvalidHeaderValue> {
        let EdgeParts {
            view,
            invoker,
            origins,
            cache,
            disk,
            viewers,
            location,
            ports,
            secure_port,
            development,
            recorder,
            clock,
        } = parts;
        let catalog = Arc::new(ArcSwap::from_pointee(Catalog::default()));
        let cache = Cache::new(&cache, disk, Arc::clone(&clock));
        tokio::spawn(cache.clone().keep_swept());
        tokio::spawn(cache.clone().keep_demoted());
        let (shown, catalog_version) = watch::channel(Version::NEVER);
        tokio::spawn(catalog::follow(view.documents.clone(), Arc::clone(&catalog), shown));
        let (applied, invalidations_version) = watch::channel(Version::NEVER);
        let invalidations = view.invalidations.clone();
        tokio::spawn(catalog::follow_invalidations(invalidations, cache.clone(), applied));
        Ok(Edge(Arc::new(Shared {
            functions: FunctionRunner::new(view.clone(), invoker),
            compressor: Compressor::new(NonZeroUsize::MIN),
            signatures: SignatureMemo::new(),
            challenges: Challenges::default(),
            identity: Identity::new(&location)?,
            location: location.into(),
            catalog,
            catalog_version,
            invalidations_version,
            view,
            origins,
            cache,
            viewers: ArcSwap::from_pointee(viewers),
            ports,
            secure_port,
            development,
            recorder,
            clock,
        })))
    }

    /// What the cache holds and has done.
    pub fn cache_statistics(&self) -> Statistics {
        self.0.cache.statistics()
    }

    /// Waits until what a commit says of distributions and invalidations is in force for new requests.
    pub async fn reached(&self, version: Version) {
        for shown in [&self.0.catalog_version, &self.0.invalidations_version] {
            // The sender lives as long as what it tells of.
            drop(shown.clone().wait_for(|shown| *shown >= version).await);
        }
    }

    /// Waits until the catalog shows all documents that the view shows, or gives up: a request that comes right after its
    /// distribution was created is to find it.
    pub(crate) async fn catch_up(&self) {
        let version = self.0.view.documents.version();
        let mut shown = self.0.catalog_version.clone();
        drop(tokio::time::timeout(CATCH_UP, shown.wait_for(|shown| *shown >= version)).await);
    }

    /// How many distributions and tenants are served.
    pub fn served(&self) -> usize {
        self.0.catalog.load().len()
    }

    /// What viewers that ask for a name in TLS are met with; `None` for a name that no distribution has.
    pub fn viewer_tls(&self, name: &str) -> Option<ViewerTlsSettings> {
        self.catalog().by_host(name).map(|distribution| distribution.viewer_tls.clone())
    }

    /// Proofs to certificate authorities, which the edge answers with.
    pub fn challenges(&self) -> &Challenges {
        &self.0.challenges
    }

    pub(crate) fn catalog(&self) -> Guard<Arc<Catalog>> {
        self.0.catalog.load()
    }

    pub(crate) fn functions(&self) -> &FunctionRunner {
        &self.0.functions
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.0.cache
    }

    pub(crate) fn compressor(&self) -> &Compressor {
        &self.0.compressor
    }

    pub(crate) fn signatures(&self) -> &SignatureMemo {
        &self.0.signatures
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// What takes the records of requests.
    pub(crate) fn recorder(&self) -> &Recorder {
        &self.0.recorder
    }

    /// What the edge calls its place, in logs.
    pub(crate) fn location(&self) -> Arc<str> {
        Arc::clone(&self.0.location)
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    pub(crate) fn viewers(&self) -> Guard<Arc<ViewerSettings>> {
        self.0.viewers.load()
    }

    /// Says anew where viewers are and who may speak for them, for requests that begin from now on.
    pub fn replace_viewers(&self, viewers: ViewerSettings) {
        self.0.viewers.store(Arc::new(viewers));
    }

    pub(crate) fn is_for_development(&self) -> bool {
        self.0.development
    }

    /// Whether anyone is told what became of a request: its viewer, or who reads the log.
    pub(crate) fn tells_requests(&self) -> bool {
        self.0.development || Recorder::tells_requests()
    }

    pub(crate) fn secure_port(&self) -> Option<u16> {
        self.0.secure_port
    }

    pub(crate) fn distribution_of_port(&self, port: u16) -> Option<&str> {
        self.0.ports.get(&port).map(String::as_str)
    }

    pub(crate) fn now_ms(&self) -> i64 {
        i64::try_from(self.0.clock.now_ms()).unwrap_or(i64::MAX)
    }

    /// The keys of an account. They are read once and followed from then on.
    pub(crate) async fn trust(&self, account: AccountId) -> Result<Arc<TrustedKeys>, StoreError> {
        self.0.view.trust.load(account).await
    }
}
