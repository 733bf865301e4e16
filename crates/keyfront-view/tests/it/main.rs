//! Projections against both engines.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod pairs;
