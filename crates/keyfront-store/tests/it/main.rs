//! The engines against the conformance suite, and the embedded engine's data folder.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod stores;
