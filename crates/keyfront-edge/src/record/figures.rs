//! Counters of requests and bytes.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::answer::ResultType;

/// What viewers asked for and got since the start.
#[derive(Debug, Default)]
pub struct Figures {
    results: [AtomicU64; ResultType::ALL.len()],
    statuses: [AtomicU64; CLASSES.len()],
    received_bytes: AtomicU64,
    sent_bytes: AtomicU64,
    dropped: AtomicU64,
}

/// What is counted of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// How it ended, after the last byte.
    pub(crate) result: ResultType,
    /// The status that was sent; 0 for a viewer that left before.
    pub(crate) status: u16,
    /// Bytes of the request, with its line and headers.
    pub(crate) received_bytes: u64,
    /// Bytes of the response, with its line and headers.
    pub(crate) sent_bytes: u64,
}

/// The first digit of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusClass {
    /// The viewer left before it had a status.
    None,
    /// 1xx.
    Informational,
    /// 2xx.
    Successful,
    /// 3xx.
    Redirection,
    /// 4xx.
    ClientError,
    /// 5xx.
    ServerError,
}

const CLASSES: [StatusClass; 6] = [
    StatusClass::None,
    StatusClass::Informational,
    StatusClass::Successful,
    StatusClass::Redirection,
    StatusClass::ClientError,
    StatusClass::ServerError,
];

impl StatusClass {
    /// The class of a status; 0 for none.
    pub fn of(status: u16) -> StatusClass {
        match status / 100 {
            0 => StatusClass::None,
            1 => StatusClass::Informational,
            2 => StatusClass::Successful,
            3 => StatusClass::Redirection,
            4 => StatusClass::ClientError,
            _ => StatusClass::ServerError,
        }
    }

    /// Its name in metrics, such as `2xx`.
    pub fn name(self) -> &'static str {
        match self {
            StatusClass::None => "none",
            StatusClass::Informational => "1xx",
            StatusClass::Successful => "2xx",
            StatusClass::Redirection => "3xx",
            StatusClass::ClientError => "4xx",
            StatusClass::ServerError => "5xx",
        }
    }
}

impl Figures {
    /// Counts a request.
    pub(super) fn count(&self, counted: &Counted) {
        let result = ResultType::ALL.iter().position(|known| *known == counted.result);
        let class = StatusClass::of(counted.status);
        let class = CLASSES.iter().position(|known| *known == class);
        let counters = [
            result.and_then(|position| self.results.get(position)),
            class.and_then(|position| self.statuses.get(position)),
        ];
        counters.into_iter().flatten().for_each(|counter| add(counter, 1));
        add(&self.received_bytes, counted.received_bytes);
        add(&self.sent_bytes, counted.sent_bytes);
    }

    /// Counts a record that no log has.
    pub(super) fn count_dropped(&self) {
        add(&self.dropped, 1);
    }

    /// Requests by how they ended.
    pub fn results(&self) -> impl Iterator<Item = (ResultType, u64)> {
        ResultType::ALL.into_iter().zip(self.results.iter().map(read))
    }

    /// Requests by the class of their status.
    pub fn statuses(&self) -> impl Iterator<Item = (StatusClass, u64)> {
        CLASSES.into_iter().zip(self.statuses.iter().map(read))
    }

    /// Bytes of requests, with their lines and headers.
    pub fn received_bytes(&self) -> u64 {
        read(&self.received_bytes)
    }

    /// Bytes of responses, with their lines and headers.
    pub fn sent_bytes(&self) -> u64 {
        read(&self.sent_bytes)
    }

    /// Records that were not written to a log that should have them.
    pub fn dropped(&self) -> u64 {
        read(&self.dropped)
    }
}

fn add(counter: &AtomicU64, value: u64) {
    counter.fetch_add(value, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::super::testing::counted;
    use super::*;

    #[test]
    fn requests_are_counted_by_result_and_status() {
        let figures = Figures::default();
        for (result, status) in [
            (ResultType::Hit, 200),
            (ResultType::Hit, 304),
            (ResultType::Error, 502),
            (ResultType::Error, 0),
            (ResultType::FunctionThrottledError, 503),
        ] {
            figures.count(&Counted { result, status, ..counted() });
        }
        let counted = |result| figures.results().find(|(known, _)| *known == result).unwrap().1;
        assert_eq!((counted(ResultType::Hit), counted(ResultType::Error)), (2, 2));
        assert_eq!((counted(ResultType::FunctionThrottledError), counted(ResultType::Miss)), (1, 0));
        let classes: Vec<_> = figures.statuses().map(|(class, number)| (class.name(), number)).collect();
        assert_eq!(classes, [("none", 1), ("1xx", 0), ("2xx", 1), ("3xx", 1), ("4xx", 0), ("5xx", 2)]);
        assert_eq!((figures.received_bytes(), figures.sent_bytes()), (5 * 23, 5 * 392));
    }

    /// A variant that is missing in the list would be counted nowhere.
    #[test]
    fn the_list_of_results_is_whole() {
        for result in ResultType::ALL {
            let listed = match result {
                ResultType::Hit
                | ResultType::RefreshHit
                | ResultType::Miss
                | ResultType::LimitExceeded
                | ResultType::CapacityExceeded
                | ResultType::Error
                | ResultType::Redirect
                | ResultType::FunctionGeneratedResponse
                | ResultType::FunctionExecutionError
                | ResultType::FunctionValidationError
                | ResultType::FunctionThrottledError => 11,
            };
            assert_eq!(ResultType::ALL.len(), listed);
        }
    }
}
