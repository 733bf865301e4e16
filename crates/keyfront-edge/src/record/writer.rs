//! The task that writes logs, and the channel to it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use super::destination::StandardLog;
use super::figures::Figures;
use super::file::{Files, LogFile};
use super::{Destinations, Record};

/// Records that wait to be written; further ones are dropped.
const WAITING: usize = 8192;
/// Records that are written in one go.
const BATCH: usize = 256;

const HOUR_MS: u64 = 60 * 60 * 1000;

/// Where logs are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// The folder, which stands in for all buckets and streams.
    pub folder: PathBuf,
    /// How often the files of standard logs are completed and new ones begun, where there is something to write.
    pub complete_every: Duration,
}

/// A record on its way to its logs.
pub(super) struct Entry {
    pub(super) record: Record,
    pub(super) destinations: Destinations,
}

/// The running task.
#[derive(Debug)]
pub struct LogWriter {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl LogWriter {
    /// Starts the task. It has to be called on a Tokio runtime with timers.
    pub(super) fn start(settings: &LogSettings, figures: Arc<Figures>) -> (mpsc::Sender<Entry>, LogWriter) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(run(settings.clone(), receiver, stopped, figures));
        (sender, LogWriter { stop, task })
    }

    /// Writes what waits, completes all files, and ends the task. Later records are dropped.
    pub async fn finish(self) {
        // The task has ended by itself where the message does not arrive.
        self.stop.send(()).ok();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the task that writes logs ended unexpectedly");
        }
    }
}

async fn run(
    settings: LogSettings,
    mut entries: mpsc::Receiver<Entry>,
    mut stopped: oneshot::Receiver<()>,
    figures: Arc<Figures>,
) {
    let mut files = Files::new(settings.folder);
    let mut complete = interval(settings.complete_every);
    complete.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopping = false;
    loop {
        let mut batch = Vec::new();
        let completes = tokio::select! {
            _ = &mut stopped, if !stopping => {
                stopping = true;
                entries.close();
                continue;
            }
            received = entries.recv_many(&mut batch, BATCH) => received == 0,
            _ = complete.tick() => true,
        };
        let ends = completes && entries.is_closed() && entries.is_empty();
        let counted = Arc::clone(&figures);
        let written = spawn_blocking(move || {
            write(&mut files, &batch, &counted);
            if completes && let Err(error) = files.complete() {
                tracing::warn!(%error, "a log file could not be completed");
            }
            files
        });
        match written.await {
            Ok(same) if !ends => files = same,
            Ok(_) | Err(_) => return,
        }
    }
}

fn write(files: &mut Files, batch: &[Entry], figures: &Figures) {
    let mut failure = None;
    for entry in batch {
        if let Err(error) = write_one(files, entry) {
            figures.count_dropped();
            failure = Some(error);
        }
    }
    if let Some(error) = failure {
        tracing::warn!(%error, "lines of logs could not be written");
    }
}

fn write_one(files: &mut Files, entry: &Entry) -> std::io::Result<()> {
    let Entry { record, destinations } = entry;
    let hour = record.ended_ms / HOUR_MS;
    if let (Some(log), Some(distribution)) = (&destinations.standard, &record.distribution) {
        let file = LogFile { folder: log.folder(), name: distribution.id.clone(), hour };
        files.write(&file, &StandardLog::head(), &log.line(record))?;
    }
    if let Some(log) = &destinations.realtime {
        let file = LogFile { folder: log.folder(), name: log.name().to_owned(), hour };
        files.append(&file, &log.line(record))?;
    }
    Ok(())
}
