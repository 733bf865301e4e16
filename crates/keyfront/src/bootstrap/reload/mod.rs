//! Reads the configuration and the certificates again at SIGHUP, and puts in force what a running server can change.
//!
//! All or nothing: every part reads and checks what it needs before the first one changes anything. Which settings can
//! change is said in `config::changes`.

mod hang_ups;
mod part;

use std::sync::Arc;

use arc_swap::ArcSwap;
use keyfront_http::CancellationToken;
use tokio::task::JoinHandle;

use crate::config::{Changes, Config, ConfigInForce};
use crate::failure::Failure;
use crate::log::LogFilter;
use crate::service_manager;
use part::Step;

pub(super) use hang_ups::HangUps;
pub(super) use part::Part;

/// Where a reload takes the configuration from, and what it changes outside of the server.
pub(crate) struct Source {
    /// Reads and checks the configuration, as at the start.
    pub(crate) read: Box<dyn Fn() -> Result<Config, Failure> + Send>,
    /// What is logged.
    pub(crate) log: LogFilter,
}

/// What reloads a server.
pub(super) struct Reload {
    pub(super) in_force: ConfigInForce,
    pub(super) parts: Vec<Part>,
    read: Box<dyn Fn() -> Result<Config, Failure> + Send>,
}

impl Reload {
    /// A reload of a configuration that is in force.
    pub(super) fn new(config: &Config, source: Source) -> Reload {
        let Source { read, log } = source;
        let in_force = Arc::new(ArcSwap::from_pointee(config.clone()));
        Reload { in_force, parts: vec![Part::of_log(log)], read }
    }

    /// Reloads at each SIGHUP from now on. `stop` is cancelled by one that asks for the end.
    pub(super) fn begin(self, hang_ups: HangUps, stop: CancellationToken) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut hang_ups = hang_ups;
            while hang_ups.next(&stop).await.is_some() {
                service_manager::reloading();
                self.once();
                service_manager::ready();
            }
        })
    }

    fn once(&self) {
        match self.prepare() {
            Ok((config, changes, steps)) => {
                for step in steps {
                    step();
                }
                self.in_force.store(Arc::new(config));
                log(&changes);
            }
            Err(error) => tracing::error!(%error, "SIGHUP: nothing was reloaded; everything stays as it was"),
        }
    }

    /// Reads everything and changes nothing.
    fn prepare(&self) -> Result<(Config, Changes, Vec<Step>), Failure> {
        let read = (self.read)()?;
        let mut config = Config::clone(&self.in_force.load());
        let changes = config.take_over(&read);
        let steps = self.parts.iter().map(|part| part.prepare(&config)).collect::<Result<_, _>>()?;
        Ok((config, changes, steps))
    }
}

fn log(changes: &Changes) {
    for setting in &changes.taken {
        tracing::info!(setting, "SIGHUP: reloaded the setting");
    }
    if changes.taken.is_empty() {
        tracing::info!("SIGHUP: no setting has changed that can be reloaded");
    }
    if !changes.left.is_empty() {
        let settings = changes.left.join(", ");
        tracing::warn!(settings, "SIGHUP: these settings have changed too, and need a restart");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A part that notes what it was given.
    fn noting(notes: &Arc<Mutex<Vec<u64>>>, refuses: bool) -> Part {
        let notes = Arc::clone(notes);
        let read = move |config: &Config| {
            if refuses { Err(Failure::new("refused")) } else { Ok(config.quotas.key_bytes) }
        };
        Part::new(read, move |bytes| notes.lock().unwrap().push(bytes))
    }

    #[test]
    fn one_part_that_refuses_keeps_everything_as_it_was() {
        for (refuses, expected, in_force) in [(false, &[10, 10][..], 10), (true, &[], 512)] {
            let notes = Arc::default();
            let read = || {
                let mut config = Config::default();
                config.quotas.key_bytes = 10;
                Ok(config)
            };
            let reload = Reload {
                in_force: Arc::new(ArcSwap::from_pointee(Config::default())),
                parts: vec![noting(&notes, false), noting(&notes, refuses), noting(&notes, false)],
                read: Box::new(read),
            };
            reload.once();
            let kept = notes.lock().unwrap().clone();
            assert_eq!(kept.iter().take(2).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
            assert_eq!(reload.in_force.load().quotas.key_bytes, in_force);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_changes_nothing() {
        let notes = Arc::default();
        let reload = Reload {
            in_force: Arc::new(ArcSwap::from_pointee(Config::default())),
            parts: vec![noting(&notes, false)],
            read: Box::new(|| Err(Failure::new("the file is gone"))),
        };
        reload.once();
        assert!(notes.lock().unwrap().is_empty());
    }
}
