//! What the typed layer promises on top of the engines.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod domain_names;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod interposed;
#[cfg(test)]
mod invalidations;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod outcome;
#[cfg(test)]
mod past;
#[cfg(test)]
mod references;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod saved_states;
#[cfg(test)]
mod stores;
