//! Endpoints: the server or service that a command works with, and the environment that leads AWS clients there.

mod authority;
mod environment;
mod look;
mod node;
mod server;
mod variable;

pub(crate) use look::{ADMIN_PATH, AdminAddress, Found, NOT_OF_ADMIN, look_at, time_at};
pub(crate) use server::{ENDPOINT_VARIABLE, ServerArguments, ServiceArguments, read_certificates};
pub(crate) use variable::own_variable;
