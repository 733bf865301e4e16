//! The memory engine against the conformance suite.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod memory;
