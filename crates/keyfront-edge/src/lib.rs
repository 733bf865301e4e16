//! Serves distributions to viewers, as CloudFront's edge does: behaviors, signatures, functions, cache, origins.
//!
//! The edge reads state that follows the store and never asks the store while it answers. Rules that need no HTTP are
//! in `keyfront-domain` (`routing`, `forwarding`, `caching`, `response_headers_policy`); sockets are `keyfront-http`'s.
//!
//! | module | part |
//! |---|---|
//! | [`answer`] | what the viewer gets: errors, parts, compression, headers |
//! | [`body`], [`cache`] | bodies on their way; objects in memory |
//! | [`forward`] | what of a viewer's request reaches the origin |
//! | [`key`] | what makes two requests ask for the same object |
//! | [`message`] | a viewer and its request, the head of a response, as all steps see them |
//! | [`origin`] | what an origin is asked and answers, and how |

pub mod answer;
pub mod body;
pub mod cache;
pub mod forward;
pub mod key;
pub mod message;
pub mod origin;
