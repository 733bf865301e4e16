//! The etcd engine on real clusters of etcd, which each test starts for itself.

// The attributes tell clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod admin;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod watches;
