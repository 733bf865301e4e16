//! Rules of caching and of answers from the cache, without HTTP types: texts of headers in, decisions out.

pub mod byte_ranges;
pub mod cache_control;
pub mod cacheable;
pub mod compressible;
pub mod conditions;
pub mod freshness;
pub mod invalidation;
