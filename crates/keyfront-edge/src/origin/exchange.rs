//! One exchange with an origin: what goes out and what comes back.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::combinators::UnsyncBoxBody;

use crate::message::ResponseHead;

/// The body of a request on its way to an origin.
pub type RequestBody = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// The body of an origin's answer, as it comes.
pub type AnswerBody = UnsyncBoxBody<Bytes, OriginFailure>;

/// What an origin is asked. What depends on the origin, such as `Host`, its path and custom headers, is added for each
/// origin that is tried.
pub struct OriginRequest {
    /// The method.
    pub method: Method,
    /// The path, encoded, without the origin's own; it begins with a slash.
    pub path: String,
    /// The query string, without its `?`; `None` for none.
    pub query: Option<String>,
    /// The headers that are forwarded. `Host` is among them only if the viewer's is forwarded.
    pub headers: HeaderMap,
    /// The viewer came over HTTPS, for origins that are reached as the viewer came.
    pub secure: bool,
    /// The body; `None` where there is none, which lets the request be sent again.
    pub body: Option<RequestBody>,
}

/// What an origin answers. Interim responses and hop-by-hop headers are left out.
pub struct OriginAnswer {
    /// The head.
    pub head: ResponseHead,
    /// The body. One that the end of the connection ends may be a part of what the origin meant to send, and nothing tells.
    pub body: AnswerBody,
    /// The id of the origin that answered, of the two of a group.
    pub origin_id: Arc<str>,
    /// How long it took.
    pub times: AnswerTimes,
}

/// How long an origin took to answer. A folder takes no time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerTimes {
    /// To find its address; zero for an open connection.
    pub dns: Duration,
    /// To connect, TLS included; zero for an open connection.
    pub connect: Duration,
    /// From the request to the head of the answer.
    pub first_byte: Duration,
    /// From the request to the end of the answer.
    pub last_byte: LastByte,
}

/// A time that is known once the last byte of a body has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastByte(Arc<OnceLock<Duration>>);

impl LastByte {
    /// The last byte has come.
    pub fn came(&self, after: Duration) {
        // Only the first end of a body counts.
        self.0.get_or_init(|| after);
    }

    /// How long it took, if it has come.
    pub fn get(&self) -> Option<Duration> {
        self.0.get().copied()
    }
}

/// Why an origin gave no answer, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginFailure {
    /// The name of the origin has no address.
    #[error("the name {0} cannot be resolved")]
    Resolve(String),
    /// The address of the origin is one that the operator does not allow.
    #[error("{host} leads to {address}, which is a private address")]
    Forbidden {
        /// The name.
        host: String,
        /// The address.
        address: std::net::IpAddr,
    },
    /// No connection was made.
    #[error("no connection to {0}: {1}")]
    Connect(String, String),
    /// No connection was made in time.
    #[error("no connection to {0} in time")]
    ConnectTimeout(String),
    /// No answer came in time, or no more of it.
    #[error("{0} did not answer in time")]
    Timeout(String),
    /// TLS was not agreed on, or the certificate is not the origin's.
    #[error("no TLS with {0}: {1}")]
    Tls(String, String),
    /// The answer is not HTTP, or it broke off.
    #[error("{0} broke off: {1}")]
    Broken(String, String),
    /// Too many requests wait for a connection to the origin.
    #[error("too many requests wait for {0}")]
    Overloaded(String),
    /// Keyfront has no way to this origin, and says which setting makes one.
    #[error("{0}")]
    NotReachableHere(String),
}

impl OriginFailure {
    /// The status that a viewer gets (AWS: "HTTP 502", "HTTP 503" and "HTTP 504 status code").
    pub fn status(&self) -> u16 {
        match self {
            OriginFailure::ConnectTimeout(_) | OriginFailure::Timeout(_) => 504,
            OriginFailure::Overloaded(_) => 503,
            OriginFailure::Resolve(_)
            | OriginFailure::Forbidden { .. }
            | OriginFailure::Connect(..)
            | OriginFailure::Tls(..)
            | OriginFailure::Broken(..)
            | OriginFailure::NotReachableHere(_) => 502,
        }
    }
}
