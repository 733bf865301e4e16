//! Runs an edge in a process of its own, which follows servers or relays, until it is asked to stop.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use keyfront_api::Clock;
use keyfront_domain::AccountId;
use keyfront_follow::replica::{Clock as ReplicaClock, Resumable};
use keyfront_follow::{Feeds, Replica};
use keyfront_http::{CancellationToken, Listener, Tls};
use keyfront_store::Engine;
use keyfront_view::View;
use tokio::task::JoinSet;

use super::edge::{self, EdgeListeners, EdgeSupplies, RunningEdge};
use super::mode::Mode;
use super::reload::{HangUps, Part, Reload, Source};
use super::{close, note_expiry};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::engine;
use crate::failure::Failure;
use crate::follow::{FollowTask, Followed, Servers};
use crate::open_files;
use crate::runtime;
use crate::server::{
    self, CountedInvoker, EdgeAdmin, EdgeAdminService, Expiry, FeedFigures, FollowFigures, Names, Relay,
    RelayService, process_figures,
};
use crate::service_manager;
use crate::signals::Signals;

/// How long the start waits until the edge serves what its replica has. Requests wait for it too, so nothing is lost.
const CATCH_UP: Duration = Duration::from_secs(10);

/// What an edge has to say once it answers.
pub(crate) struct StartedEdge {
    /// The address for viewers.
    pub(crate) edge: SocketAddr,
    /// The address for viewers over HTTPS, where there is one.
    pub(crate) edge_tls: Option<SocketAddr>,
    /// The address for further edges, where there is one, and whether it speaks TLS.
    pub(crate) relay: Option<(SocketAddr, bool)>,
    /// The admin address.
    pub(crate) admin: SocketAddr,
}

/// Runs an edge until it is asked to stop. `welcome` is called once it answers.
pub(crate) fn run_edge(
    config: &Config,
    file: &Path,
    source: Source,
    welcome: impl FnOnce(&StartedEdge),
) -> Result<ExitCode, Failure> {
    open_files::raise_limit();
    let mode = Mode::Production { file, first: None };
    runtime::multi_threaded()?.block_on(serve(config, mode, source, welcome))?;
    Ok(ExitCode::SUCCESS)
}

/// The listener of a relay, and its certificate.
struct RelayListener {
    listener: Listener,
    tls: Option<Tls>,
}

impl RelayListener {
    /// What of it takes new settings.
    fn reloadable(&self, certificates: &Expiry) -> Vec<Part> {
        let tls = self.tls.iter().cloned();
        let certificate = tls.map(|tls| Part::of_relay_certificate(tls, certificates.clone()));
        certificate.chain([Part::of_limits(vec![self.listener.limits()])]).collect()
    }
}

/// The replica, and what follows into it.
struct Following {
    engine: Arc<dyn Engine>,
    tasks: Vec<FollowTask>,
    resumable: HashMap<AccountId, Arc<Resumable>>,
}

async fn serve(
    config: &Config,
    mode: Mode<'_>,
    source: Source,
    welcome: impl FnOnce(&StartedEdge),
) -> Result<(), Failure> {
    // A signal that comes while the edge starts is answered when it has started.
    let (hang_ups, mut reload) = (HangUps::listen(mode)?, Reload::new(config, source));
    let limits = config.server.limits();
    let listeners = EdgeListeners::bind(config, mode).await?;
    let listeners = listeners.ok_or_else(|| Failure::new("[edge] enabled: an edge has to be enabled"))?;
    let admin_listener = server::bind(config.admin.listen, "listen in [admin]", None, limits).await?;
    let relay_listener = bind_relay(config).await?;
    let (addresses, tls) = (listeners.addresses(), listeners.tls());
    let following = follow(config).await?;
    let view = View::follow(&following.engine, &config.functions.view());
    let functions = Arc::new(CountedInvoker::new(config.functions.pool()));
    let invoker = Arc::<CountedInvoker>::clone(&functions);
    let supplies = EdgeSupplies { view, functions: invoker, clock: Arc::new(SystemClock) };
    let running = RunningEdge::start(config, mode, supplies, addresses)?;
    let certificates = Expiry::default();
    let mut tasks = JoinSet::new();
    if let Some(tls) = tls {
        tls.replace_by(&edge::tls(config, Some(running.edge().clone()))?);
        tasks = edge::renew(&reload.in_force, running.edge(), &tls, &certificates)?;
        reload.parts.push(Part::of_edge_certificates(tls, running.edge().clone(), certificates.clone()));
    }
    reload.parts.extend(Part::of_edge(&listeners, &running));
    note_expiry(config, &certificates);
    reload.parts.push(Part::of_limits(vec![admin_listener.limits()]));
    reload.parts.extend(relay_listener.iter().flat_map(|relay| relay.reloadable(&certificates)));
    let feeds: Arc<Feeds> = Arc::default();
    let relay_address = relay_listener.as_ref().map(|relay| relay.listener.address());
    let followed: Vec<Arc<Followed>> = following.tasks.iter().map(FollowTask::followed).collect();
    let mut figures = process_figures(&functions, &certificates);
    figures.register_collector(Box::new(FollowFigures(followed.clone())));
    if relay_address.is_some() {
        figures.register_collector(Box::new(FeedFigures(Arc::clone(&feeds))));
    }
    let engine = Arc::clone(&following.engine);
    let admin = EdgeAdmin { engine, followed, edge: running.figures(), relay: relay_address, figures };
    let names = Names::new(admin_listener.address(), false, &config.server.names);
    reload.parts.push(Part::of_names(vec![names.clone()]));
    let admin = EdgeAdminService::new(admin, names)?;
    let followers = config.relay.credentials()?;
    let engine = Arc::clone(&following.engine);
    let relay = Relay::new(engine, Arc::clone(&feeds), following.resumable, &followers);
    let relay = RelayService(Arc::new(relay));
    for task in following.tasks {
        tasks.spawn(task.run());
    }
    let stop = CancellationToken::new();
    let signals = Signals::listen()?;
    let reloads = hang_ups.map(|hang_ups| reload.begin(hang_ups, stop.clone()));
    let shown = running.edge().reached(following.engine.stats().version);
    tokio::time::timeout(CATCH_UP, shown).await.ok();
    welcome(&StartedEdge {
        edge: addresses.plain,
        edge_tls: addresses.tls,
        relay: relay_listener.as_ref().map(|relay| (relay.listener.address(), relay.tls.is_some())),
        admin: admin_listener.address(),
    });
    service_manager::ready();
    tokio::join!(
        listeners.serve(running, stop.clone()),
        admin_listener.serve(admin, stop.clone()),
        serve_relay(relay_listener, relay, stop.clone()),
        signals.stop(stop.clone()),
        close(&feeds, &stop),
    );
    // What a task has in part is nowhere yet; the next start goes on from the last whole commit.
    tasks.shutdown().await;
    if let Some(reloads) = reloads {
        reloads.abort();
    }
    Ok(())
}

async fn bind_relay(config: &Config) -> Result<Option<RelayListener>, Failure> {
    let Some(address) = config.relay.listen else { return Ok(None) };
    let tls = config.relay.tls.as_ref().map(server::load_tls).transpose()?;
    let limits = config.server.limits();
    let listener = server::bind(address, "listen in [relay]", tls.clone(), limits).await?;
    Ok(Some(RelayListener { listener, tls }))
}

async fn serve_relay(relay: Option<RelayListener>, service: RelayService, stop: CancellationToken) {
    if let Some(RelayListener { listener, .. }) = relay {
        listener.serve(service, stop).await;
    }
}

/// Opens the replica, and makes what follows each account.
async fn follow(config: &Config) -> Result<Following, Failure> {
    let servers = Arc::new(Servers::new(&config.follow)?);
    let credentials = config.follow.credentials()?;
    let accounts: Vec<AccountId> = credentials.iter().map(|credential| credential.account).collect();
    let engine = engine::open(&config.store)?;
    let clock: ReplicaClock = Arc::new(|| {
        let milliseconds = SystemClock.now().unix_timestamp_nanos() / 1_000_000;
        i64::try_from(milliseconds).unwrap_or(i64::MAX)
    });
    let failed = |error| Failure::because("the replica cannot be used", &error);
    let replica = Replica::open(Arc::clone(&engine), &accounts, clock).await.map_err(failed)?;
    let (mut tasks, mut resumable) = (Vec::new(), HashMap::new());
    for credential in credentials {
        let account = credential.account;
        let follower = replica.follower(account).await.map_err(failed)?;
        resumable.insert(account, Arc::clone(follower.resumable()));
        tasks.push(FollowTask::new(Arc::clone(&servers), credential, follower));
    }
    Ok(Following { engine, tasks, resumable })
}
