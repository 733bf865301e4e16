//! The edge: what it is made of, and how a listener asks it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Request, Response};
use keyfront_domain::AccountId;
use keyfront_functions::Invoker;
use keyfront_http::{Abort, Peer, RequestBody, Service};
use keyfront_view::trust::TrustedKeys;
use keyfront_view::{StoreError, Version, View};
use tokio::sync::watch;

use crate::access::SignatureMemo;
use crate::answer::{Compressor, Identity, ResultType};
use crate::cache::{Cache, CacheSettings, Clock, Statistics};
use crate::catalog::{self, Catalog};
use crate::function::FunctionRunner;
use crate::origin::Origins;
use crate::pipeline::{self, Exchange, Place, ViewerBody};
use crate::record::{Destinations, Ending, OriginExchange, Record, Recorder};
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
    identity: Identity,
    viewers: ViewerSettings,
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
            viewers,
            location,
            ports,
            secure_port,
            development,
            recorder,
            clock,
        } = parts;
        let catalog = Arc::new(ArcSwap::from_pointee(Catalog::default()));
        let cache = Cache::new(&cache, Arc::clone(&clock));
        tokio::spawn(cache.clone().keep_swept());
        let (shown, catalog_version) = watch::channel(Version::NEVER);
        tokio::spawn(catalog::follow(view.documents.clone(), Arc::clone(&catalog), shown));
        let (applied, invalidations_version) = watch::channel(Version::NEVER);
        let invalidations = view.invalidations.clone();
        tokio::spawn(catalog::follow_invalidations(invalidations, cache.clone(), applied));
        Ok(Edge(Arc::new(Shared {
            functions: FunctionRunner::new(view.clone(), invoker),
            compressor: Compressor::new(NonZeroUsize::MIN),
            signatures: SignatureMemo::new(),
            identity: Identity::new(&location)?,
            location: location.into(),
            catalog,
            catalog_version,
            invalidations_version,
            view,
            origins,
            cache,
            viewers,
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
        self.catalog().by_host(name).map(|distribution| ViewerTlsSettings::of(&distribution.config))
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

    pub(crate) fn viewers(&self) -> &ViewerSettings {
        &self.0.viewers
    }

    pub(crate) fn is_for_development(&self) -> bool {
        self.0.development
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

    /// Lets the end of a response complete its record.
    pub(crate) fn record(
        &self,
        exchange: Exchange,
        place: Option<Place>,
        (result, detail): (ResultType, Option<&'static str>),
        response: &mut Response<ViewerBody>,
    ) {
        let head_bytes = |headers: &HeaderMap| -> usize {
            headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
        };
        let bytes = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        let length =
            response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let sent_length = exchange.sent.headers.get(CONTENT_LENGTH);
        let sent_length = sent_length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let line =
            exchange.sent.method.as_str().len() + exchange.sent.target().len() + "  HTTP/1.1\r\n\r\n".len();
        let received_bytes = bytes(line + head_bytes(&exchange.sent.headers));
        let function =
            exchange.trace.viewer_request.clone().or_else(|| exchange.trace.viewer_response.clone());
        let why = exchange.trace.refused.clone().or_else(|| exchange.trace.origin_failure.clone());
        let record = Record {
            ended_ms: 0,
            took: Duration::ZERO,
            first_byte: None,
            viewer: exchange.viewer,
            request: exchange.sent,
            received_bytes: received_bytes.saturating_add(sent_length.unwrap_or_default()),
            request_id: exchange.id,
            location: Arc::clone(&self.0.location),
            distribution: place.as_ref().map(|place| Arc::clone(&place.distribution.recorded)),
            behavior: place.as_ref().and_then(Place::behavior).map(|behavior| Arc::clone(&behavior.pattern)),
            status: response.status().as_u16(),
            response_headers: response.headers().clone(),
            sent_bytes: bytes("HTTP/1.1 200 OK\r\n\r\n".len() + head_bytes(response.headers())),
            result,
            response_result: result,
            detail,
            encryption: exchange.encryption,
            origin: exchange
                .trace
                .origin
                .clone()
                .filter(|_| result != ResultType::Hit)
                .map(|id| OriginExchange { id, first_byte: exchange.origin_first_byte, last_byte: None }),
            function,
            why,
        };
        let mut destinations = Destinations::default();
        if let Some(place) = place.filter(|_| self.0.recorder.writes_logs()) {
            destinations.standard.clone_from(&place.distribution.standard_log);
            destinations.realtime = place.behavior().and_then(|behavior| behavior.realtime_log.clone());
        }
        let parts = (self.0.recorder.clone(), Arc::clone(&self.0.clock), exchange.began);
        let ending = Ending::new((record, destinations), length, parts);
        response.body_mut().ends_with(ending);
    }
}

impl Service for Edge {
    type Body = ViewerBody;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<ViewerBody>, Abort> {
        Ok(pipeline::answer(&self, request, peer).await)
    }
}
