//! The engines against the conformance suite, and the embedded engine's data folder; what the typed layer
//! promises on top of them.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod interposed;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod stores;
