//! Running a server: what `dev` and `serve` share.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_api::credentials::{CredentialProvider, DevelopmentCredentials, SealingKey, StoredCredentials};
use keyfront_api::{Api, Clock, Context, import};
use keyfront_http::{CancellationToken, Detached, Listener};
use keyfront_store::snapshots::Image;
use keyfront_store::{EmbeddedEngine, Engine, MemoryEngine};
use keyfront_view::View;

use super::signals::Signals;
use crate::clock::{RandomIds, SystemClock};
use crate::config::Config;
use crate::data_folder::{self, Control, ControlFile};
use crate::failure::Failure;
use crate::objects::Objects;
use crate::seed::{Planted, Seed};
use crate::server::{self, Admin, AdminService, ApiService, Names};
use crate::snapshots::{Shelf, Snapshots};

/// What tests say to the admin address of a development server, which everybody knows, as they know the
/// credentials. The operator's commands need the token of the data folder there too.
pub(super) const DEVELOPMENT_TOKEN: &str = "test";

/// What kind of server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode<'a> {
    /// For development: the well-known credential is accepted too.
    Development {
        /// Keep everything in memory.
        ephemeral: bool,
    },
    /// For real: only stored credentials, and at least one of them.
    Production {
        /// The configuration file, for the advice that a person gets.
        file: &'a Path,
    },
}

impl Mode<'_> {
    /// What a person changes to have the API and the admin address elsewhere.
    fn settings(self) -> (&'static str, &'static str) {
        match self {
            Mode::Development { .. } => ("--listen", "--admin"),
            Mode::Production { .. } => ("listen in [server]", "listen in [admin]"),
        }
    }
}

/// Everything that a server runs on.
struct Parts {
    api: Arc<Api>,
    admin: Arc<Admin>,
    orders: import::ImportOrders,
    objects: Arc<Objects>,
    token: String,
    planted: Option<Planted>,
}

/// Runs a server until it is asked to stop. `welcome` is called with the API's and the admin address once
/// both answer, and with what became of the seed.
pub(super) fn run(
    config: &Config,
    mode: Mode<'_>,
    welcome: impl FnOnce(&Listener, &Listener, Option<&Planted>),
) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::because("the runtime cannot be started", &error))?;
    runtime.block_on(serve(config, mode, welcome))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(
    config: &Config,
    mode: Mode<'_>,
    welcome: impl FnOnce(&Listener, &Listener, Option<&Planted>),
) -> Result<(), Failure> {
    let tls = config.server.tls.as_ref().map(server::load_tls).transpose()?;
    let secure = tls.is_some();
    let (listen, admin) = mode.settings();
    let limits = config.server.limits();
    let listener = server::bind(config.server.listen, listen, tls, limits).await?;
    let admin_listener = server::bind(config.admin.listen, admin, None, limits).await?;
    let parts = assemble(config, mode).await?;
    let _control = control_file(config, mode, &admin_listener, &parts.token)?;
    let names = Names::new(listener.address(), secure, &config.server.names);
    let names = Arc::new(match mode {
        Mode::Development { .. } => names.closed_to_pages(),
        Mode::Production { .. } => names,
    });
    let imports = tokio::spawn(import::run(parts.api.context().clone(), parts.objects, parts.orders));
    let stop = CancellationToken::new();
    let signals = Signals::listen()?;
    welcome(&listener, &admin_listener, parts.planted.as_ref());
    let api = Detached::new(ApiService { api: parts.api, names }, server::internal_error);
    let admin = Detached::new(AdminService(parts.admin), server::internal_error);
    let serving = async {
        tokio::join!(
            listener.serve(api, stop.clone()),
            admin_listener.serve(admin, stop.clone()),
            signals.stop(stop.clone()),
        )
    };
    serving.await;
    // An import that is cut off here begins again at the next start.
    imports.abort();
    Ok(())
}

async fn assemble(config: &Config, mode: Mode<'_>) -> Result<Parts, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    // Before anything is made on disk: a seed with a mistake starts nothing.
    let seed = config.seed.as_ref().map(|folder| Seed::read(folder, &config.quotas)).transpose()?;
    let (engine, on_disk): (Arc<dyn Engine>, Option<Arc<EmbeddedEngine>>) = match mode {
        Mode::Development { ephemeral: true } => (Arc::new(MemoryEngine::new()), None),
        Mode::Development { ephemeral: false } | Mode::Production { .. } => {
            let engine = EmbeddedEngine::open(&config.store.data, config.store.embedded.clone());
            let engine = engine.map_err(|error| Failure::because("the store cannot be opened", &error))?;
            let engine = Arc::new(engine);
            (Arc::<EmbeddedEngine>::clone(&engine), Some(engine))
        }
    };
    let key = match mode {
        Mode::Development { ephemeral: true } => temporary_key()?,
        Mode::Development { ephemeral: false } | Mode::Production { .. } => {
            data_folder::sealing_key(&config.store, &*engine).await?
        }
    };
    let stored = Arc::new(StoredCredentials::new(Arc::clone(&engine), Arc::clone(&clock), key));
    let credentials: Arc<dyn CredentialProvider> = match mode {
        Mode::Production { file } => {
            require_a_credential(config, file, &stored).await?;
            Arc::<StoredCredentials>::clone(&stored)
        }
        Mode::Development { .. } => {
            let development = DevelopmentCredentials::new(Arc::clone(&stored));
            Arc::new(development.map_err(|error| Failure::because("the development credential", &error))?)
        }
    };
    let (imports, orders) = import::queue();
    let context = Context {
        view: View::follow(Arc::clone(&engine)),
        engine,
        clock,
        ids: Arc::new(RandomIds),
        quotas: Arc::new(config.quotas.clone()),
        imports,
        functions: Arc::new(config.functions.start()),
        faults: Arc::default(),
    };
    let api = Api::new(context, config.api.clone(), credentials);
    let api = Arc::new(api.map_err(|error| Failure::because("the service models", &error))?);
    for rule in &config.faults {
        api.set_fault(rule.clone()).map_err(|error| Failure::because(format!("--fault {rule}"), &error))?;
    }
    let (snapshots, planted) = begin(config, mode, seed, api.context()).await?;
    let token = SealingKey::generate().map_err(|error| Failure::because("no token can be made", &error))?;
    let token = STANDARD.encode(token);
    let development_token = match mode {
        Mode::Development { .. } => Some(DEVELOPMENT_TOKEN),
        Mode::Production { .. } => None,
    };
    let admin = Arc::new(Admin {
        api: Arc::clone(&api),
        credentials: stored,
        engine: on_disk,
        token: token.clone(),
        testing: config.testing,
        development_token,
        snapshots,
    });
    Ok(Parts { api, admin, orders, objects: Arc::new(Objects::new(&config.import)?), token, planted })
}

/// Fills the store from the seed, and remembers what a reset goes back to.
async fn begin(
    config: &Config,
    mode: Mode<'_>,
    seed: Option<Seed>,
    context: &Context,
) -> Result<(Snapshots, Option<Planted>), Failure> {
    let shelf = match mode {
        Mode::Development { ephemeral: true } => Shelf::memory(),
        Mode::Development { ephemeral: false } | Mode::Production { .. } => {
            Shelf::folder(data_folder::snapshots_folder(&config.store))
        }
    };
    let (mut beginning, mut planted) = (Image::empty(), None);
    if let Some(seed) = seed {
        let now_ms = context.now_ms();
        beginning = seed.image(&config.quotas, now_ms).await?;
        planted = Some(seed.plant(&*context.engine, &config.quotas, now_ms).await?);
    }
    Ok((Snapshots::new(context.clone(), shelf, beginning), planted))
}

fn temporary_key() -> Result<SealingKey, Failure> {
    let key = SealingKey::generate().and_then(|bytes| SealingKey::from_bytes(&bytes));
    key.map_err(|error| Failure::because("no sealing key can be made", &error))
}

async fn require_a_credential(
    config: &Config,
    file: &Path,
    stored: &StoredCredentials,
) -> Result<(), Failure> {
    let listed =
        stored.list().await.map_err(|error| Failure::because("credentials cannot be read", &error))?;
    if !listed.is_empty() {
        return Ok(());
    }
    let (data, file) = (config.store.data.display(), file.display());
    Err(Failure::new(format!(
        "there are no credentials in {data}, and a server without any would refuse everybody.\nMake one first:\n\n    \
         keyfront credentials create --config {file} --account 123456789012 --user NAME --policy policy.json\n"
    )))
}

fn control_file(
    config: &Config,
    mode: Mode<'_>,
    admin: &Listener,
    token: &str,
) -> Result<Option<ControlFile>, Failure> {
    match mode {
        Mode::Development { ephemeral: true } => Ok(None),
        Mode::Development { ephemeral: false } | Mode::Production { .. } => {
            let control = Control { address: admin.address(), token: token.to_owned() };
            data_folder::publish_control(&config.store.data, &control).map(Some)
        }
    }
}
