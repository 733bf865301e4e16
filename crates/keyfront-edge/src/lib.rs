//! Serves distributions to viewers, as CloudFront's edge does: behaviors, signatures, functions, cache, origins.
//!
//! The edge reads state that follows the store and never asks the store while it answers. Rules that need no HTTP are
//! in `keyfront-domain` (`routing`, `forwarding`, `caching`, `response_headers_policy`); sockets are `keyfront-http`'s.
//!
//! | module | part |
//! |---|---|
//! | `edge` | [`Edge`], which answers viewers, and what it is made of |
//! | [`settings`] | where viewers are, and which proxies may speak for them |
//! | [`message`] | a viewer and its request, the head of a response, as all steps see them |
//! | `pipeline` | the life of a viewer request, step by step |
//! | `catalog` | what is served: documents, compiled |
//! | `challenges` | proofs to a certificate authority that a name leads here |
//! | `access` | signed URLs and cookies |
//! | `function` | the functions of a behavior |
//! | [`forward`], [`key`] | what of a request reaches the origin; what its cache key is |
//! | [`cache`], [`body`] | objects in memory, and bodies on their way |
//! | [`origin`] | what an origin is asked and answers, and how |
//! | [`answer`] | what the viewer gets: errors, parts, compression, headers |
//! | [`record`] | logs and figures of viewer requests |
//! | `viewer_tls` | what viewers of a distribution are met with over TLS |

mod access;
pub mod answer;
pub mod body;
pub mod cache;
mod catalog;
mod challenges;
mod edge;
pub mod forward;
mod function;
pub mod key;
pub mod message;
pub mod origin;
mod pipeline;
pub mod record;
pub mod settings;
mod viewer_tls;

pub use body::{DiskError, DiskFolder, TransferFailed};
pub use cache::{CacheDisk, CacheSettings, Clock, SystemClock};
pub use challenges::{Challenge, Challenges, InvalidToken};
pub use edge::{Edge, EdgeParts};
pub use pipeline::{Trace, ViewerBody};
pub use viewer_tls::ViewerTlsSettings;
