//! What of a viewer's request is in the cache key, and what of it reaches the origin.
//!
//! [`ForwardingRules`] say it for a cache behavior, whether it has policies or the older `ForwardedValues`. They are
//! compiled once; [`Selection`]s answer for each name. [`Treatment`] says what happens to a header that neither names,
//! and [`CloudFrontHeader`]s tell an origin or a function about the viewer, and about its [`ClientCertificate`]. How keys are built and messages are written
//! is the edge's.

mod accept_encoding;
mod client_certificate;
mod cloudfront_header;
mod device;
mod legacy;
mod policies;
mod rules;
mod selection;
mod treatment;

pub use accept_encoding::AcceptEncoding;
pub use client_certificate::{ClientCertificate, Shown, UnreadableCertificate, byte_sequence};
pub use cloudfront_header::{CloudFrontHeader, TlsFacts, ViewerFacts, is_cloudfront_header};
pub use device::Device;
pub use rules::{Defaults, ForwardingRules, Selected};
pub use selection::{Names, Selection};
pub use treatment::{Treatment, treatment};

#[cfg(test)]
mod tests;
