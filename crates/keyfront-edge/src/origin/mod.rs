//! Origins: what they are asked, what they answer, and how they are reached.
//!
//! [`DistributionOrigins`] is compiled once for a distribution and gives a [`Plan`] for each request; [`Origins`]
//! carries it out. Origins are asked over HTTP/1.1, for gRPC over HTTP/2. What is forwarded and what is kept is for
//! others to decide.
//!
//! | module | part |
//! |---|---|
//! | `settings`, `target` | where names lead to here, and what may be connected to |
//! | `description`, `plan` | origins as distributions describe them; which one is asked, and which after it |
//! | `bucket`, `route` | hosts of S3; where a request goes to, under which names |
//! | `request`, `hop_by_hop`, `sign` | the request that an origin gets |
//! | `address`, `resolve`, `connect`, `tls` | from a name to a connection |
//! | `pool`, `traffic` | connections between requests |
//! | `send`, `upload`, `answer_body` | one request to one server, and its answer |
//! | `origins` | requests, failover |
//! | `tunnel`, `grpc` | other protocols after a 101; calls over HTTP/2 |
//! | `folder` | a local folder in the place of a bucket |
//! | `figures` | for metrics |

mod address;
mod answer_body;
mod bucket;
mod connect;
mod description;
mod exchange;
mod figures;
mod folder;
mod grpc;
mod hop_by_hop;
mod origins;
mod plan;
mod pool;
mod request;
mod resolve;
mod route;
mod send;
mod settings;
mod sign;
mod target;
mod tls;
mod traffic;
mod tunnel;
mod upload;

pub use address::is_private;
pub use description::{
    InvalidOrigin, OriginDescription, OriginKind, OriginTimes, ProtocolPolicy, RequestSigning, ServerOrigin,
};
pub use exchange::{
    AnswerBody, AnswerTimes, LastByte, OriginAnswer, OriginFailure, OriginRequest, RequestBody,
};
pub use figures::{OriginFigures, PeerFigures};
use origins::Shared;
pub use origins::{Clock, NewOriginSettings, Origins};
pub use plan::{DistributionOrigins, Plan, PlanError};
pub use resolve::LookUp;
pub use settings::{
    BucketFolder, ClientCertificate, OriginCredentials, OriginSettings, OriginSettingsError, PrivateOrigins,
    S3Settings,
};
pub use target::{InvalidTarget, ServerTarget, Target};
pub use tunnel::{OriginTunnel, UpgradeAnswer};

#[cfg(test)]
mod tests;
