//! Saved states of this server, which `keyfront snapshot` saves and restores, and the reset.
//!
//! `keyfront-store` decides what a state holds and how it is restored. Here it gets a name, a file format and a place,
//! which is all that a server with a data folder and one without differ in.

mod error;
mod file;
mod folder;
mod name;
mod report;
mod service;
mod storage;

pub(crate) use error::SavedStateError;
pub(crate) use name::{InvalidName, StateName};
pub(crate) use report::{ListedState, ResetReport, Resources, StateReport, StateSummary};
pub(crate) use service::SavedStates;
pub(crate) use storage::Storage;
