//! Endpoints: the server or service that a command works with, and the environment that leads AWS clients there.

mod environment;
mod node;
mod server;
mod variable;

pub(crate) use server::{ServerArguments, ServiceArguments};
