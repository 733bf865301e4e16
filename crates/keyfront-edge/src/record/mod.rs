//! The record of a viewer request, and what is made of it: standard logs, real-time logs, figures, a line for a
//! developer.
//!
//! The pipeline counts each request when its response has ended, and hands a [`Record`] of it to a [`Recorder`] where that
//! is asked for. Files are written by a
//! task of their own behind a channel with a bound: when it is full, records are dropped and counted, and no request
//! waits. Delivery to S3 and Kinesis is left out: a folder stands in for both.
//!
//! | module | part |
//! |---|---|
//! | `field` | the fields of both kinds of log, by name, and how their values are escaped |
//! | `cmcd` | what media players say about themselves in requests |
//! | `destination` | the logs that a distribution and a behavior ask for |
//! | `file` | files of a log by the hour, compressed, and when they are complete |
//! | `writer` | the channel and the task that writes |
//! | `figures` | counters of requests and bytes |
//! | `request_line` | the line for a developer |

mod cmcd;
mod destination;
mod field;
mod figures;
mod file;
mod recorder;
mod request_line;
mod writer;

#[cfg(test)]
mod testing;

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::answer::ResultType;
use crate::message::{RequestHead, Viewer};
use crate::origin::AnswerTimes;

pub use destination::{Destinations, RealtimeLog, StandardLog};
pub(crate) use figures::Counted;
pub use figures::{Figures, StatusClass};
pub use recorder::Recorder;
pub use request_line::REQUEST_LOG;
pub use writer::{LogSettings, LogWriter};

/// One viewer request, after its response has ended.
#[derive(Clone, Debug)]
pub struct Record {
    /// When the response had ended, in milliseconds after the epoch; of a WebSocket, when it was closed.
    pub ended_ms: u64,
    /// From the request's arrival to the end of the response.
    pub took: Duration,
    /// From the request's arrival to the first byte of the response; `None` where nothing was sent.
    pub first_byte: Option<Duration>,
    /// Who asked.
    pub viewer: Viewer,
    /// What the viewer sent, before a function changed it.
    pub request: RequestHead,
    /// Bytes of the request: line, headers and body.
    pub received_bytes: u64,
    /// The id in `X-Amz-Cf-Id`.
    pub request_id: String,
    /// The location in `X-Amz-Cf-Pop`, such as `SEA19-C1`.
    pub location: Arc<str>,
    /// The distribution; `None` for a request that names none.
    pub distribution: Option<Arc<RecordedDistribution>>,
    /// The primary distribution that the viewer asked, where its staging distribution answered.
    pub primary: Option<Arc<RecordedDistribution>>,
    /// The path pattern of the behavior; `*` for the default one, `None` where none was chosen.
    pub behavior: Option<Arc<str>>,
    /// The status that was sent; 0 for a viewer that left before (AWS writes `000`).
    pub status: u16,
    /// The headers that were sent; none where no log may want them.
    pub response_headers: HeaderMap,
    /// Bytes that were sent: line, headers and body.
    pub sent_bytes: u64,
    /// How the request ended, after the last byte.
    pub result: ResultType,
    /// How it would have ended when its head was sent.
    pub response_result: ResultType,
    /// The kind of an error, such as `OriginConnectError` (AWS: Standard logging reference, field 29); `None` where it is
    /// the result.
    pub detail: Option<&'static str>,
    /// What field-level encryption did.
    pub encryption: Option<Encryption>,
    /// The exchange with the origin; `None` without one.
    pub origin: Option<OriginExchange>,
    /// What the functions of the behavior did, for a developer: `rewrote`, `answered`, `failed: …`.
    pub function: Option<String>,
    /// Why the request was refused, or why it failed, for a developer.
    pub why: Option<String>,
}

/// A distribution, as logs name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedDistribution {
    /// The id.
    pub id: String,
    /// The domain name, such as `d111111abcdef8.cloudfront.net`.
    pub domain_name: String,
}

/// What field-level encryption did to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// The status, such as `Processed` or `ForwardedByContentType` (AWS: Standard logging reference, field 25).
    pub status: &'static str,
    /// Fields that were encrypted and forwarded.
    pub fields: u64,
}

/// An exchange with an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginExchange {
    /// The id of the origin.
    pub id: String,
    /// How long it took; `None` if it gave no answer.
    pub times: Option<AnswerTimes>,
}

impl Record {
    /// The kind of the result in full words.
    fn detailed_result(&self) -> &'static str {
        self.detail.unwrap_or(self.result.name())
    }

    /// The value of a header that the viewer sent; the first one, and empty where there is none or it is not text.
    fn request_header(&self, name: &str) -> String {
        text(&self.request.headers, name)
    }

    /// The value of a header that was sent to the viewer.
    fn response_header(&self, name: &str) -> String {
        text(&self.response_headers, name)
    }
}

/// A header's value with every byte as a character, which escaping turns back into the byte.
fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}
