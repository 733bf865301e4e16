//! Takes records and hands them on.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::figures::{Counted, Figures};
use super::writer::{Entry, LogSettings, LogWriter};
use super::{Destinations, Record, request_line};

/// Takes the records of all viewer requests. Clones share everything.
#[derive(Clone)]
pub struct Recorder {
    figures: Arc<Figures>,
    entries: Option<mpsc::Sender<Entry>>,
}

impl Recorder {
    /// A recorder that writes logs where `settings` say so, with the task that writes them, which the caller
    /// [finishes](LogWriter::finish). It has to be called on a Tokio runtime with timers.
    pub fn new(settings: Option<&LogSettings>) -> (Recorder, Option<LogWriter>) {
        let figures = Arc::<Figures>::default();
        let started = settings.map(|settings| LogWriter::start(settings, Arc::clone(&figures)));
        let (entries, writer) = started.unzip();
        (Recorder { figures, entries }, writer)
    }

    /// Counters of what was recorded.
    pub fn figures(&self) -> &Arc<Figures> {
        &self.figures
    }

    /// Whether logs are written at all. Without, a caller need not look for destinations.
    pub fn writes_logs(&self) -> bool {
        self.entries.is_some()
    }

    /// Counts a request.
    pub(crate) fn count(&self, counted: &Counted) {
        self.figures.count(counted);
    }

    /// Whether a developer is told of requests.
    pub(crate) fn tells_requests() -> bool {
        request_line::is_told()
    }

    /// Whether a request that these logs ask for is to be recorded beside being counted.
    pub(crate) fn wants_record(destinations: &Destinations) -> bool {
        destinations.standard.is_some() || destinations.realtime.is_some() || Recorder::tells_requests()
    }

    /// Records a request: tells a developer, and sends it to the logs that want it. It never waits: a record that
    /// finds the queue full is dropped and counted.
    pub fn record(&self, record: Record, mut destinations: Destinations) {
        request_line::tell(&record);
        let Some(entries) = &self.entries else { return };
        destinations.realtime = destinations.realtime.filter(|log| log.samples());
        if destinations.standard.is_none() && destinations.realtime.is_none() {
            return;
        }
        if entries.try_send(Entry { record, destinations }).is_err() {
            self.figures.count_dropped();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use keyfront_domain::distribution::Logging;
    use keyfront_domain::realtime_log_config::RealtimeLogConfig;

    use super::super::testing::{counted, record};
    use super::super::{RealtimeLog, StandardLog};
    use super::*;

    fn destinations() -> Destinations {
        let bucket = "logs.s3.amazonaws.com".to_owned();
        let logging = Logging { enabled: true, include_cookies: false, bucket, prefix: String::new() };
        let (name, fields) = ("rt".to_owned(), vec!["c-ip".to_owned()]);
        let config = RealtimeLogConfig { end_points: Vec::new(), fields, name, sampling_rate: 100 };
        Destinations {
            standard: StandardLog::of(&logging).map(Arc::new),
            realtime: Some(Arc::new(RealtimeLog::of(&config))),
        }
    }

    fn lines(folder: &std::path::Path) -> usize {
        std::fs::read_to_string(folder.join("realtime/rt/rt.2019-12-04-21.jsonl"))
            .map_or(0, |text| text.lines().count())
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_recorded_before_the_end_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            LogSettings { folder: folder.path().to_owned(), complete_every: Duration::from_mins(5) };
        let (recorder, writer) = Recorder::new(Some(&settings));
        for _ in 0..600 {
            recorder.record(record(), destinations());
        }
        recorder.record(record(), Destinations::default());
        writer.unwrap().finish().await;
        assert_eq!(lines(folder.path()), 600);
        let files = std::fs::read_dir(folder.path().join("logs")).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert!(
            !names.is_empty() && names.iter().all(|name| name.strip_suffix(".gz").is_some()),
            "{names:?}"
        );
        assert_eq!(recorder.figures().dropped(), 0);
        recorder.record(record(), destinations());
        assert_eq!(recorder.figures().dropped(), 1, "there is no writer any more");
    }

    #[tokio::test(start_paused = true)]
    async fn files_are_completed_while_it_runs() {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            LogSettings { folder: folder.path().to_owned(), complete_every: Duration::from_mins(5) };
        let (recorder, _writer) = Recorder::new(Some(&settings));
        recorder.record(record(), destinations());
        tokio::time::sleep(Duration::from_mins(6)).await;
        let files = std::fs::read_dir(folder.path().join("logs")).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert!(names.len() == 1 && names.iter().all(|name| name.strip_suffix(".gz").is_some()), "{names:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn records_are_dropped_and_counted_where_there_is_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            LogSettings { folder: folder.path().to_owned(), complete_every: Duration::from_mins(5) };
        let (recorder, writer) = Recorder::new(Some(&settings));
        // The task has had no turn yet.
        for _ in 0..10_000 {
            recorder.record(record(), destinations());
        }
        assert_eq!(recorder.figures().dropped(), 10_000 - 8192);
        writer.unwrap().finish().await;
        assert_eq!(lines(folder.path()), 8192);
    }

    #[test]
    fn without_a_folder_requests_are_counted_only() {
        let (recorder, writer) = Recorder::new(None);
        recorder.count(&counted());
        recorder.record(record(), destinations());
        assert!(writer.is_none() && !recorder.writes_logs());
        assert_eq!((recorder.figures().sent_bytes(), recorder.figures().dropped()), (392, 0));
    }
}
