//! The sandbox from the outside.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod cases;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod engine_builtins;
#[cfg(test)]
mod factory;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod harness;
mod hostile;
#[cfg(test)]
mod hostile_natives;
mod invocations;
mod isolation;
#[cfg(test)]
mod njs;
#[cfg(test)]
mod njs_strings;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod sandbox;
mod steps;
mod workers;
