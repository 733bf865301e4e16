//! Runs a server from its configuration until it is asked to stop: what `keyfront dev` and `keyfront serve` share.

mod assemble;
mod edge;
mod edge_process;
mod mode;
mod reload;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use keyfront_api::import;
use keyfront_follow::Feeds;
use keyfront_http::{CancellationToken, Detached, Listener};
use tokio::task::JoinSet;

use crate::config::{Config, TlsSettings};
use crate::data_folder::{self, Control, ControlFile};
use crate::failure::Failure;
use crate::objects::Objects;
use crate::open_files;
use crate::runtime;
use crate::seed::SeedReport;
use crate::server::{self, AdminService, ApiService, Expiry, Names};
use crate::service_manager;
use crate::signals::{self, Signals};
use assemble::{Parts, assemble};
use edge::{EdgeListeners, RunningEdge};
use reload::{HangUps, Part, Reload};

pub(crate) use edge::check_certificates as check_edge_certificates;
pub(crate) use edge_process::run_edge;
pub(crate) use mode::Mode;
pub(crate) use reload::Source;

/// What a server has to say once it answers.
pub(crate) struct Started<'a> {
    /// The address of the API.
    pub(crate) api: SocketAddr,
    /// The admin address.
    pub(crate) admin: SocketAddr,
    /// The address of the edge, where there is one.
    pub(crate) edge: Option<SocketAddr>,
    /// The address of the edge over HTTPS, where there is one.
    pub(crate) edge_tls: Option<SocketAddr>,
    /// What became of the seed.
    pub(crate) seed: Option<&'a SeedReport>,
}

/// Runs a server until it is asked to stop. `welcome` is called once it answers.
pub(crate) fn run(
    config: &Config,
    mode: Mode<'_>,
    source: Source,
    welcome: impl FnOnce(&Started<'_>),
) -> Result<ExitCode, Failure> {
    open_files::raise_limit();
    runtime::multi_threaded()?.block_on(serve(config, mode, source, welcome))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(
    config: &Config,
    mode: Mode<'_>,
    source: Source,
    welcome: impl FnOnce(&Started<'_>),
) -> Result<(), Failure> {
    // A signal that comes while the server starts is answered when it has started.
    let (hang_ups, mut reload) = (HangUps::listen(mode)?, Reload::new(config, source));
    let tls = config.server.tls.as_ref().map(server::load_tls).transpose()?;
    let secure = tls.is_some();
    let (listen, admin) = mode.settings();
    let limits = config.server.limits();
    let listener = server::bind(config.server.listen, listen, tls.clone(), limits).await?;
    let admin_listener = server::bind(config.admin.listen, admin, None, limits).await?;
    let edge = EdgeListeners::bind(config, mode).await?;
    let edge_addresses = edge.as_ref().map(EdgeListeners::addresses);
    let edge_tls = edge.as_ref().and_then(EdgeListeners::tls);
    let certificates = Expiry::default();
    let parts = assemble(config, mode, edge_addresses, &certificates).await?;
    let mut renewals = JoinSet::new();
    if let (Some(tls), Some(running)) = (edge_tls, &parts.edge) {
        // From here on the distributions have a say.
        tls.replace_by(&edge::tls(config, Some(running.edge().clone()))?);
        renewals = edge::renew(&reload.in_force, running.edge(), &tls, &certificates)?;
        reload.parts.push(Part::of_edge_certificates(tls, running.edge().clone(), certificates.clone()));
    }
    note_expiry(config, &certificates);
    reload.parts.extend(tls.map(|tls| Part::of_api_certificate(tls, certificates)));
    reload.parts.push(Part::of_limits(vec![listener.limits(), admin_listener.limits()]));
    reload.parts.extend(reloadable(&parts, edge.as_ref()));
    let _control = control_file(config, &admin_listener, &parts.token)?;
    let names = Names::new(listener.address(), secure, &config.server.names);
    let admin_names = Names::new(admin_listener.address(), false, &config.server.names);
    reload.parts.push(Part::of_names(vec![names.clone(), admin_names.clone()]));
    let names = Arc::new(match mode {
        Mode::Development => names.closed_to_pages(),
        Mode::Production { .. } => names,
    });
    let imports = tokio::spawn(import::run(parts.api.context().clone(), parts.objects, parts.orders));
    let stop = CancellationToken::new();
    let signals = Signals::listen()?;
    if config.exit_with_stdin {
        signals::stop_with_stdin(stop.clone());
    }
    let reloads = hang_ups.map(|hang_ups| reload.begin(hang_ups, stop.clone()));
    welcome(&Started {
        api: listener.address(),
        admin: admin_listener.address(),
        edge: edge_addresses.map(|addresses| addresses.plain),
        edge_tls: edge_addresses.and_then(|addresses| addresses.tls),
        seed: parts.seed_report.as_ref(),
    });
    service_manager::ready();
    let testable = config.testing.faults || config.testing.snapshots;
    let told = testable.then(|| admin_listener.address());
    let feeds = Arc::clone(&parts.api.context().feeds);
    let api = ApiService { api: parts.api, names, admin: told };
    let api = Detached::new(api, server::internal_error_of_api);
    let admin = Detached::new(AdminService::new(parts.admin, admin_names)?, server::internal_error);
    let serving = async {
        tokio::join!(
            listener.serve(api, stop.clone()),
            admin_listener.serve(admin, stop.clone()),
            serve_edge(edge.zip(parts.edge), stop.clone()),
            signals.stop(stop.clone()),
            close(&feeds, &stop),
        )
    };
    serving.await;
    // An import that is cut off here begins again at the next start.
    imports.abort();
    renewals.abort_all();
    if let Some(reloads) = reloads {
        reloads.abort();
    }
    Ok(())
}

/// What of the parts, and of the listeners of an edge, takes new settings.
fn reloadable(parts: &Parts, edge: Option<&EdgeListeners>) -> Vec<Part> {
    let of_edge = edge.zip(parts.edge.as_ref()).map(|(listeners, running)| Part::of_edge(listeners, running));
    let rules = Part::of_rules(parts.api.context().rules.clone());
    let objects = Part::of_objects(Objects::clone(&parts.objects));
    of_edge.into_iter().flatten().chain([rules, objects]).collect()
}

/// Notes when the certificates of a configuration expire.
fn note_expiry(config: &Config, expiry: &Expiry) {
    let of = |name: &str, tls: &TlsSettings| (name.to_owned(), tls.certificate.clone());
    let api = config.server.tls.iter().map(|tls| of("server.tls", tls));
    let relay = config.relay.tls.iter().map(|tls| of("relay.tls", tls));
    let edge = if config.edge.enabled { edge::certificate_files(config) } else { Vec::new() };
    for (name, file) in api.chain(relay).chain(edge) {
        expiry.note(&name, &file);
    }
}

/// Ends the change streams when it is time to stop: no request would ever finish them.
async fn close(feeds: &Feeds, stop: &CancellationToken) {
    stop.cancelled().await;
    feeds.close();
}

async fn serve_edge(edge: Option<(EdgeListeners, RunningEdge)>, stop: CancellationToken) {
    if let Some((listeners, running)) = edge {
        listeners.serve(running, stop).await;
    }
}

/// The admin address of a development server that keeps everything in memory.
#[cfg(test)]
pub(crate) async fn ephemeral_admin(mut config: Config) -> Result<Arc<server::Admin>, Failure> {
    config.store.engine = crate::engine::EngineName::Memory;
    let parts = assemble(&config, Mode::Development, None, &Expiry::default()).await?;
    Ok(parts.admin)
}

fn control_file(config: &Config, admin: &Listener, token: &str) -> Result<Option<ControlFile>, Failure> {
    if !config.store.engine.is_durable() {
        return Ok(None);
    }
    let control = Control { address: admin.address(), token: token.to_owned() };
    data_folder::publish_control(&config.store.data, &control).map(Some)
}
