//! The storage engines, by the names that the configuration has for them: the one place that knows all of them.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use keyfront_engine::{Engine, MemoryEngine};
use keyfront_engine_etcd::EtcdEngine;
use keyfront_engine_redb::{Frozen, RedbEngine, Settings};
use serde::Deserialize;

use crate::config::StoreSettings;
use crate::failure::Failure;

/// Which engine keeps the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EngineName {
    /// Memory: everything is gone when the server stops.
    Memory,
    /// A file of redb in the data folder.
    #[default]
    Redb,
    /// A cluster of etcd, which several servers share.
    Etcd,
}

impl EngineName {
    /// Whether what the engine keeps survives the process.
    pub(crate) fn is_durable(self) -> bool {
        match self {
            EngineName::Memory => false,
            EngineName::Redb | EngineName::Etcd => true,
        }
    }

    /// Whether several servers keep their data in the same place.
    pub(crate) fn is_shared(self) -> bool {
        match self {
            EngineName::Memory | EngineName::Redb => false,
            EngineName::Etcd => true,
        }
    }
}

/// Opens the engine that the settings name, creating an empty store where there is none.
pub(crate) fn open(settings: &StoreSettings) -> Result<Arc<dyn Engine>, Failure> {
    match settings.engine {
        EngineName::Memory => Ok(Arc::new(MemoryEngine::new())),
        EngineName::Redb => started(RedbEngine::open(&settings.data, settings.redb.clone())),
        EngineName::Etcd => {
            make_folder(&settings.data)?;
            started(EtcdEngine::open(settings.etcd.clone()))
        }
    }
}

/// Opens the engine that the settings name, which must hold data already.
pub(crate) fn open_existing(settings: &StoreSettings) -> Result<Arc<dyn Engine>, Failure> {
    match settings.engine {
        EngineName::Memory => Err(Failure::new(
            "the memory engine keeps nothing beyond its process; this needs the server that runs on it, or \
             engine = \"redb\" in [store]",
        )),
        EngineName::Redb => started(RedbEngine::open_existing(&settings.data, settings.redb.clone())),
        EngineName::Etcd => started(EtcdEngine::open_existing(settings.etcd.clone())),
    }
}

/// The data folder, which an engine in a file makes by itself: it has what a server keeps beside the store.
fn make_folder(path: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| Failure::because(format!("the folder {} cannot be made", path.display()), &error))
}

/// Opens a data folder or a backup for reading alone, which no process may use meanwhile.
pub(crate) fn open_for_reading(folder: &Path) -> Result<Frozen, keyfront_engine::StoreError> {
    Frozen::open(folder, &Settings::default())
}

/// Verifies a backup, and makes the data folder of the settings hold what it holds. Gives the version of the store.
pub(crate) fn restore(backup: &Path, settings: &StoreSettings) -> Result<u64, Failure> {
    match settings.engine {
        EngineName::Redb => {}
        EngineName::Memory => {
            return Err(Failure::new(
                "the memory engine keeps nothing beyond its process, so nothing is restored",
            ));
        }
        EngineName::Etcd => {
            return Err(Failure::new(
                "a backup is put back into a data folder; for engine = \"etcd\", restore the members from etcd's own \
                 snapshot (`etcdctl snapshot restore`)",
            ));
        }
    }
    let unusable = |error| Failure::because(format!("{} cannot be restored", backup.display()), &error);
    let mut frozen = open_for_reading(backup).map_err(unusable)?;
    frozen.verify(|_entries| {}).map_err(unusable)?;
    let version = frozen.restore_to(&settings.data, &settings.redb);
    version.map(|version| version.0).map_err(|error| Failure::because("nothing was restored", &error))
}

fn started<E: Engine>(opened: Result<E, keyfront_engine::StoreError>) -> Result<Arc<dyn Engine>, Failure> {
    let engine = opened.map_err(|error| Failure::because("the store cannot be opened", &error))?;
    Ok(Arc::new(engine))
}
