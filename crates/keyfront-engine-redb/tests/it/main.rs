//! The redb engine against the conformance suite, and its data folder.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod redb;
