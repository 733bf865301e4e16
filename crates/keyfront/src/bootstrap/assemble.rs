//! Makes the parts of a server from its configuration: store, credentials, API, admin, seed.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_api::credentials::{CredentialProvider, DevelopmentCredentials, SealingKey, StoredCredentials};
use keyfront_api::{Api, Clock, Context, Ids, Rules, import};
use keyfront_store::saved_states::SavedEntries;
use keyfront_store::{Engine, copying, migration, replication};
use keyfront_view::View;

use super::edge::{EdgeAddresses, RunningEdge};
use super::mode::Mode;
use crate::clock::{RandomIds, SystemClock};
use crate::config::{Config, DEVELOPMENT_TOKEN};
use crate::data_folder;
use crate::engine;
use crate::failure::Failure;
use crate::objects::Objects;
use crate::saved_states::{SavedStates, Storage};
use crate::seed::{self, Seed, SeedReport};
use crate::server::{Admin, CountedInvoker, Expiry, FeedFigures, NewCredential, process_figures};

/// Everything that a server runs on.
pub(super) struct Parts {
    pub(super) api: Arc<Api>,
    pub(super) admin: Arc<Admin>,
    pub(super) orders: import::ImportOrders,
    pub(super) objects: Arc<Objects>,
    pub(super) token: String,
    pub(super) seed_report: Option<SeedReport>,
    pub(super) edge: Option<RunningEdge>,
}

/// Opens the store and makes everything that a server of this configuration runs on, with an edge where there is an
/// address for it. The admin address tells when `certificates` expire.
pub(super) async fn assemble(
    config: &Config,
    mode: Mode<'_>,
    edge: Option<EdgeAddresses>,
    certificates: &Expiry,
) -> Result<Parts, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    // Before anything is made on disk: a seed with a mistake starts nothing.
    let seed = config.seed.as_ref().map(|folder| seed::read(folder, &config.quotas)).transpose()?;
    let engine = open_store(config).await?;
    let key = if config.store.engine.is_durable() {
        data_folder::sealing_key(&config.store, &*engine).await?
    } else {
        temporary_key()?
    };
    let stored = Arc::new(StoredCredentials::new(Arc::clone(&engine), Arc::clone(&clock), key));
    let credentials: Arc<dyn CredentialProvider> = match mode {
        Mode::Production { file, first } => {
            require_a_credential(config, file, first, &stored).await?;
            Arc::<StoredCredentials>::clone(&stored)
        }
        Mode::Development => {
            let development = DevelopmentCredentials::new(Arc::clone(&stored));
            Arc::new(development.map_err(|error| Failure::because("the development credential", &error))?)
        }
    };
    let (imports, orders) = import::queue();
    let objects = Arc::new(Objects::new(&config.import)?);
    let functions = Arc::new(CountedInvoker::new(config.functions.pool()));
    let context = Context {
        view: View::follow(&engine, &config.functions.view()),
        engine,
        clock,
        ids: Arc::new(RandomIds),
        rules: rules(config)?.into(),
        imports,
        objects: Arc::<Objects>::clone(&objects),
        functions: Arc::<CountedInvoker>::clone(&functions),
        feeds: Arc::default(),
        faults: Arc::default(),
        summaries: Arc::default(),
    };
    let api = Api::new(context, config.api.clone(), credentials);
    let api = Arc::new(api.map_err(|error| Failure::because("the service models", &error))?);
    for rule in &config.faults {
        api.set_fault(rule.clone()).map_err(|error| Failure::because(format!("--fault {rule}"), &error))?;
    }
    let (snapshots, seed_report) = begin(config, seed, api.context()).await?;
    let started = edge.map(|addresses| RunningEdge::start(config, mode, api.context().into(), addresses));
    let edge = started.transpose()?;
    let token = SealingKey::generate().map_err(|error| Failure::because("no token can be made", &error))?;
    let token = STANDARD.encode(token);
    let development_token = match mode {
        Mode::Development => Some(DEVELOPMENT_TOKEN),
        Mode::Production { .. } => None,
    };
    let mut process = process_figures(&functions, certificates);
    process.register_collector(Box::new(FeedFigures(Arc::clone(&api.context().feeds))));
    let admin = Arc::new(Admin {
        api: Arc::clone(&api),
        credentials: stored,
        token: token.clone(),
        testing: config.testing,
        development_token,
        snapshots,
        process,
        edge: edge.as_ref().map(RunningEdge::figures),
    });
    Ok(Parts { api, admin, orders, objects, token, seed_report, edge })
}

/// What operations go by; a reload can change it.
pub(super) fn rules(config: &Config) -> Result<Rules, Failure> {
    Ok(Rules {
        quotas: config.quotas.clone(),
        settling: config.settling,
        certificates: config.certificates.load()?,
        s3_hosts: config.import.s3_hosts(),
    })
}

/// Opens the store, in the format of this version.
async fn open_store(config: &Config) -> Result<Arc<dyn Engine>, Failure> {
    let engine = engine::open(&config.store)?;
    let is_store = replication::refuse_replica(&*engine).await;
    let is_whole = copying::refuse_unfinished(&*engine).await;
    is_store.and(is_whole).map_err(|error| Failure::because("no server can run on it", &error))?;
    let migrated = migration::migrate(&*engine).await;
    migrated
        .map_err(|error| Failure::because("the data of an earlier version cannot be migrated", &error))?;
    // Before the first write, so that edges can tell this run from the one that a backup was made of.
    let timeline = replication::begin_timeline(&*engine, RandomIds.uuid()).await;
    timeline.map_err(|error| Failure::because("the store cannot be written", &error))?;
    Ok(engine)
}

/// Fills the store from the seed, and remembers what a reset goes back to.
async fn begin(
    config: &Config,
    seed: Option<Seed>,
    context: &Context,
) -> Result<(SavedStates, Option<SeedReport>), Failure> {
    let storage = if config.store.engine.is_durable() {
        Storage::folder(data_folder::snapshots_folder(&config.store))
    } else {
        Storage::memory()
    };
    let (mut beginning, mut seed_report) = (SavedEntries::empty(), None);
    if let Some(seed) = seed {
        let (image, report) = seed.begin(context, &config.functions.view()).await?;
        (beginning, seed_report) = (image, Some(report));
    }
    Ok((SavedStates::new(context.clone(), storage, beginning), seed_report))
}

fn temporary_key() -> Result<SealingKey, Failure> {
    let key = SealingKey::generate().and_then(|bytes| SealingKey::from_bytes(&bytes));
    key.map_err(|error| Failure::because("no sealing key can be made", &error))
}

async fn require_a_credential(
    config: &Config,
    file: &Path,
    first: Option<&NewCredential>,
    stored: &StoredCredentials,
) -> Result<(), Failure> {
    let listed =
        stored.list().await.map_err(|error| Failure::because("credentials cannot be read", &error))?;
    if !listed.is_empty() {
        return Ok(());
    }
    if let Some(first) = first {
        let created = first.clone().create_in(stored).await;
        let created =
            created.map_err(|error| Failure::because("the first credential was not made", &error))?;
        tracing::info!(access_key_id = created.access_key_id, user = first.user, "made the first credential");
        return Ok(());
    }
    if !config.store.engine.is_durable() {
        return Err(Failure::new(
            "`keyfront serve` needs credentials, and the memory engine begins without any: set engine = \"redb\" in \
             [store], give the first credential in KEYFRONT_INITIAL_… (keyfront serve --help), or use `keyfront dev`",
        ));
    }
    let (data, file) = (config.store.data.display(), file.display());
    Err(Failure::new(format!(
        "there are no credentials in {data}, and a server without any would refuse every request.\nCreate one first:\n\n    \
         keyfront credentials example-policy > policy.json\n    \
         keyfront credentials create --config {file} --account 123456789012 --user NAME --policy policy.json\n"
    )))
}
