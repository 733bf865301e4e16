//! Seeds: folders with files of pairs, which become the stores of a development server at its start, and with documents of
//! resources, which are made then.
//!
//! A store of a seed has an id that is made of its account and its name, so its ARN is the same at every
//! start and on every machine. It is READY at once, with the first version of its pairs.

mod folder;
mod pairs;
mod resources;
mod store;
mod stores;
#[cfg(test)]
mod tests;

pub(crate) use folder::read;
pub(crate) use stores::{Seed, SeedReport};
