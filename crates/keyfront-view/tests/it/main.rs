//! Projections against both engines.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod failing_engine;
#[cfg(test)]
mod forgetting;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod tables;
