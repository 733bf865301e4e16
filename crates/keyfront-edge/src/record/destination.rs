//! The logs that a distribution and a behavior ask for, and a record as a line of each.

use std::sync::Arc;

use keyfront_domain::distribution::Logging;
use keyfront_domain::realtime_log_config::RealtimeLogConfig;
use serde_json::{Map, Value};

use super::Record;
use super::field::{self, NOTHING, STANDARD};

/// The logs of one request.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    /// The standard log of the distribution.
    pub standard: Option<Arc<StandardLog>>,
    /// The real-time log of the behavior.
    pub realtime: Option<Arc<RealtimeLog>>,
}

/// A distribution's standard log (`Logging`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardLog {
    bucket: String,
    prefix: String,
    include_cookies: bool,
}

/// A real-time log (`RealtimeLogConfig`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealtimeLog {
    name: String,
    fields: Vec<String>,
    /// In percent, 1 to 100.
    sampling_rate: u32,
}

impl StandardLog {
    /// The log that a configuration asks for; `None` where it asks for none.
    pub fn of(logging: &Logging) -> Option<StandardLog> {
        if !logging.enabled {
            return None;
        }
        let bucket = logging.bucket.split('.').next().unwrap_or_default().to_owned();
        Some(StandardLog { bucket, prefix: logging.prefix.clone(), include_cookies: logging.include_cookies })
    }

    /// What the name of a file begins with: the bucket as a folder, and the prefix, which CloudFront ends with a slash.
    pub(super) fn folder(&self) -> String {
        let slash = if self.prefix.is_empty() || self.prefix.ends_with('/') { "" } else { "/" };
        format!("{}/{}{slash}", self.bucket, self.prefix)
    }

    /// The two lines that a file begins with.
    pub(super) fn head() -> String {
        format!("#Version: 1.0\n#Fields: {}\n", STANDARD.join(" "))
    }

    /// A line: the 33 fields with tabs between them.
    pub(super) fn line(&self, record: &Record) -> String {
        let values = STANDARD.map(|name| match name {
            "cs(Cookie)" if !self.include_cookies => NOTHING.to_owned(),
            name => field::value(record, name),
        });
        values.join("\t") + "\n"
    }
}

impl RealtimeLog {
    /// The log of a configuration.
    pub fn of(config: &RealtimeLogConfig) -> RealtimeLog {
        let sampling_rate = u32::try_from(config.sampling_rate).unwrap_or_default().min(100);
        RealtimeLog { name: config.name.clone(), fields: config.fields.clone(), sampling_rate }
    }

    /// What the name of a file begins with.
    pub(super) fn folder(&self) -> String {
        format!("realtime/{}/", self.name)
    }

    /// The name of the configuration.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Draws whether a request is logged.
    pub(super) fn samples(&self) -> bool {
        fastrand::u32(0..100) < self.sampling_rate
    }

    /// A line: a JSON object with the fields by their names. AWS sends the values alone, with tabs between them.
    pub(super) fn line(&self, record: &Record) -> String {
        let fields = self.fields.iter().map(|name| (name.clone(), Value::String(field::value(record, name))));
        Value::Object(fields.collect::<Map<_, _>>()).to_string() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::record;
    use super::*;

    fn logging(prefix: &str) -> Logging {
        let bucket = "my-logs.s3.amazonaws.com".to_owned();
        Logging { enabled: true, include_cookies: true, bucket, prefix: prefix.to_owned() }
    }

    #[test]
    fn a_standard_log_is_asked_for_by_the_distribution() {
        assert_eq!(StandardLog::of(&Logging { enabled: false, ..logging("") }), None);
        for (prefix, folder) in [("", "my-logs/"), ("site", "my-logs/site/"), ("site/", "my-logs/site/")] {
            assert_eq!(StandardLog::of(&logging(prefix)).unwrap().folder(), folder, "{prefix}");
        }
    }

    #[test]
    fn a_line_of_a_standard_log_has_33_fields_in_the_order_of_the_head() {
        let head = StandardLog::head();
        let (version, fields) = head.split_once('\n').unwrap();
        assert_eq!(version, "#Version: 1.0");
        let fields: Vec<&str> = fields.trim().strip_prefix("#Fields: ").unwrap().split(' ').collect();
        let line = StandardLog::of(&logging("")).unwrap().line(&record());
        let values: Vec<&str> = line.strip_suffix('\n').unwrap().split('\t').collect();
        assert_eq!((fields.len(), values.len()), (33, 33));
        for (field, expected) in
            [("c-ip", "192.0.2.100"), ("cs(Cookie)", "a=1;%20b=2"), ("sc-range-end", "-")]
        {
            let position = fields.iter().position(|name| *name == field).unwrap();
            assert_eq!(values[position], expected, "{field}");
        }
        let without =
            StandardLog::of(&Logging { include_cookies: false, ..logging("") }).unwrap().line(&record());
        assert!(!without.contains("a=1;%20b=2"), "{without}");
    }

    #[test]
    fn a_line_of_a_real_time_log_has_the_fields_of_its_configuration() {
        let fields = ["timestamp", "c-ip", "cs-host", "nonsense"].map(str::to_owned).to_vec();
        let (name, end_points) = ("rt".to_owned(), Vec::new());
        let config = RealtimeLogConfig { end_points, fields, name, sampling_rate: 100 };
        let log = RealtimeLog::of(&config);
        let expected = "{\"timestamp\":\"1575493351.123\",\"c-ip\":\"192.0.2.100\",\
                        \"cs-host\":\"d111111abcdef8.cloudfront.net\",\"nonsense\":\"-\"}\n";
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(read(&log.line(&record())), read(expected));
        assert_eq!(log.folder(), "realtime/rt/");
    }

    #[test]
    fn a_real_time_log_samples_its_share() {
        let share = |sampling_rate| {
            let log = RealtimeLog { name: String::new(), fields: Vec::new(), sampling_rate };
            (0..10_000).filter(|_| log.samples()).count()
        };
        assert_eq!((share(0), share(100)), (0, 10_000));
        let half = share(50);
        assert!((4_000..6_000).contains(&half), "{half}");
    }
}
