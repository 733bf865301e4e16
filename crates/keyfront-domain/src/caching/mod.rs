//! Rules of caching and of answers from the cache, without HTTP types: texts of headers in, decisions out.

pub mod cache_control;
pub mod cacheable;
pub mod freshness;
pub mod invalidation;
