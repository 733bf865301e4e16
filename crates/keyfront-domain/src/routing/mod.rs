//! Which distribution a host name leads to, and which cache behavior a path.
//!
//! Everything here is a lookup in what was compiled before: [`HostTable`] finds a value by host, [`PathPattern`]s are
//! matched in their order with a path that [`normalise`] has made comparable. What goes on to the origin is the path as
//! the viewer sent it. Ports, SNI and `/.keyfront/…` are the edge's own ways to a distribution and not here.

mod host_table;
mod path;
mod path_pattern;
mod wildcard;

pub use host_table::HostTable;
pub use path::normalise;
pub use path_pattern::PathPattern;
pub(crate) use wildcard::Wildcard;

#[cfg(test)]
mod tests;
