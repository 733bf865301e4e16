//! What the viewer gets: errors and redirects, parts of objects, compression, headers of policies, marks of the edge.
//!
//! | module | part |
//! |---|---|
//! | `page` | bodies of the edge's own: error pages, redirects, denials |
//! | `refusal` | why a request is refused, with status, sentence and words of the logs |
//! | `result_type` | how a request ended, in `X-Cache` and in the logs |
//! | `selection`, `conditional`, `multipart` | 200, 206, 304, 412 or 416 |
//! | `compress` | gzip and Brotli, on the way from the origin |
//! | `custom_error` | custom error responses |
//! | `headers_policy` | a response headers policy on a head |
//! | `vary`, `identity`, `request_id` | what CloudFront leaves of `Vary`, and what it adds of its own |
//!
//! Rules that need no HTTP types are in `keyfront-domain` (`caching`, `response_headers_policy`, `error_page`). Bodies of
//! objects are the cache's: this module says which bytes of them are sent.

mod compress;
mod conditional;
mod custom_error;
mod headers_policy;
mod identity;
mod multipart;
mod page;
mod refusal;
mod request_id;
mod result_type;
mod selection;
mod vary;

pub use compress::{Compressor, compress_head, compression};
pub use custom_error::{CustomError, CustomErrorPage, CustomErrors};
pub use headers_policy::HeadersPolicy;
pub use identity::Identity;
pub use multipart::{Multipart, Part};
pub use page::Page;
pub(crate) use refusal::broken_off;
pub use refusal::{OriginError, Refusal};
pub use request_id::{RequestId, via_host};
pub use result_type::ResultType;
pub use selection::{Selection, select};
pub use vary::reduce_vary;
