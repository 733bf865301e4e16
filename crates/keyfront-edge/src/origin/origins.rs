//! All origins: a request goes to the first one of its plan, and to the second where the first fails.

use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use http_body::Body;
use http_body_util::BodyExt;

use super::connect::Connector;
use super::description::OriginDescription;
use super::exchange::{AnswerBody, OriginAnswer, OriginFailure, OriginRequest};
use super::figures::{Figures, OriginFigures, PeerFigures};
use super::folder::{Asked, Digests};
use super::plan::Plan;
use super::pool::{PoolFigures, Pools};
use super::resolve::{LookUp, Resolver, system};
use super::route::{self, Route};
use super::send::Sending;
use super::settings::{OriginSettings, OriginSettingsError};
use super::target::Target;
use super::tls::Tls;

/// Bytes of an unwanted answer that are read so that its connection can be used again.
const DRAINED: u64 = 64 * 1024;

/// What time it is, for signatures.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The client side of all origins: connections, names, TLS, signatures. Clones share them.
#[derive(Clone)]
pub struct Origins {
    shared: Arc<ArcSwap<Shared>>,
}

/// What all requests share.
pub(super) struct Shared {
    pub(super) settings: OriginSettings,
    pub(super) clock: Clock,
    pub(super) connector: Connector,
    pub(super) pools: Pools,
    pub(super) figures: Arc<Figures>,
    look_up: LookUp,
    digests: Arc<Digests>,
}

/// Settings that were checked and wait to be put in force.
pub struct NewOriginSettings(Shared);

impl Origins {
    /// With the system's own way to find addresses.
    ///
    /// # Errors
    /// Settings that cannot work.
    pub fn new(settings: OriginSettings, clock: Clock) -> Result<Origins, OriginSettingsError> {
        Origins::with_look_up(settings, clock, system())
    }

    /// With another way to find addresses.
    ///
    /// # Errors
    /// Settings that cannot work.
    pub fn with_look_up(
        settings: OriginSettings,
        clock: Clock,
        look_up: LookUp,
    ) -> Result<Origins, OriginSettingsError> {
        let shared = Shared::new(settings, clock, look_up)?;
        Ok(Origins { shared: Arc::new(ArcSwap::from_pointee(shared)) })
    }

    /// Checks settings for [`Origins::replace`], and reads the files that they name.
    ///
    /// # Errors
    /// Settings that cannot work.
    pub fn prepare(&self, settings: OriginSettings) -> Result<NewOriginSettings, OriginSettingsError> {
        let now = self.shared();
        let new = Shared::new(settings, Arc::clone(&now.clock), Arc::clone(&now.look_up))?;
        let (figures, digests) = (Arc::clone(&now.figures), Arc::clone(&now.digests));
        Ok(NewOriginSettings(Shared { figures, digests, ..new }))
    }

    /// Puts settings in force for requests that begin from now on. Connections are opened anew, since those that are there
    /// may have been made under other settings; what they are used for ends as it would have.
    pub fn replace(&self, new: NewOriginSettings) {
        self.shared.store(Arc::new(new.0));
    }

    pub(super) fn shared(&self) -> Arc<Shared> {
        self.shared.load_full()
    }

    /// Asks the origins of a plan. Redirects are answers as any other.
    ///
    /// A body that breaks off, lies about its length or takes too long ends with an error. Dropping the answer closes
    /// its connection unless the body was read to its end.
    ///
    /// # Errors
    /// No answer came; that of the second origin where both were asked.
    pub async fn send(&self, plan: &Plan, mut request: OriginRequest) -> Result<OriginAnswer, OriginFailure> {
        let method = request.method.clone();
        let has_body = request.body.is_some();
        let first = self.ask(&plan.first, &mut request).await;
        let second = match &first {
            Ok(answer) => plan.after_status(&method, answer.head.status),
            Err(failure) => plan.after_failure(&method, failure),
        };
        let Some(second) = second.filter(|_| !has_body) else { return self.counted(first) };
        if let Ok(answer) = self.counted(first) {
            tokio::spawn(drain(answer.body));
        }
        self.shared().figures.failed_over();
        let answer = self.ask(second, &mut request).await;
        self.counted(answer)
    }

    /// Figures for metrics.
    pub fn figures(&self) -> OriginFigures {
        let shared = self.shared();
        let peers = shared.pools.figures().into_iter();
        let peers = peers.map(|(peer, PoolFigures { idle, under_way, requests, failures })| {
            let peer = format!("{}:{}", peer.host, peer.port);
            PeerFigures { peer, idle, under_way, requests, failures }
        });
        shared.figures.now(peers.collect())
    }

    pub(super) async fn ask(
        &self,
        origin: &OriginDescription,
        request: &mut OriginRequest,
    ) -> Result<OriginAnswer, OriginFailure> {
        let shared = &*self.shared();
        shared.figures.requested();
        match route::find(&shared.settings, origin, request)? {
            Route::Folder(folder) => {
                let OriginRequest { method, path, headers, .. } = request;
                let asked = Asked { method, path, headers };
                folder.answer(&origin.id, asked, &shared.digests, (shared.clock)()).await
            }
            Route::Server(route) => {
                let sending = Sending { shared, origin, route: &route, upgrade: None };
                sending.send(request).await?.into_answer(origin, &route.peer.host)
            }
        }
    }

    pub(super) fn counted<T>(&self, result: Result<T, OriginFailure>) -> Result<T, OriginFailure> {
        if let Err(failure) = &result {
            self.shared().figures.failed(failure);
        }
        result
    }
}

impl Shared {
    fn new(
        mut settings: OriginSettings,
        clock: Clock,
        look_up: LookUp,
    ) -> Result<Shared, OriginSettingsError> {
        settings.check()?;
        settings.mappings = std::mem::take(&mut settings.mappings).into_iter().map(in_lower_case).collect();
        let connector = Connector {
            resolver: Resolver::new(Arc::clone(&look_up)),
            tls: Tls::new(&settings.certificate_authorities, &settings.client_certificates)?,
            private_origins: settings.private_origins.clone(),
            reach_unmapped: settings.reach_unmapped,
        };
        let pools = Pools::new(settings.connections_per_origin);
        let (figures, digests) = (Arc::default(), Arc::default());
        Ok(Shared { settings, clock, connector, pools, figures, look_up, digests })
    }
}

/// The key of a mapping as it is looked for. Names of hosts are in lower case; ids of VPC origins are not.
fn in_lower_case((name, target): (String, Target)) -> (String, Target) {
    let name = if name.starts_with("vo_") { name } else { name.to_ascii_lowercase() };
    (name, target)
}

/// Reads the rest of a short answer that is not passed on, so that its connection can be used again.
async fn drain(mut body: AnswerBody) {
    if body.size_hint().exact().is_none_or(|length| length > DRAINED) {
        return;
    }
    while let Some(Ok(_)) = body.frame().await {}
}
