//! Runtimes of tokio, one for commands and one for servers.

use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;

/// A runtime on this thread, for a command that waits for a little I/O.
pub(crate) fn single_threaded() -> Result<Runtime, Failure> {
    build(&mut Builder::new_current_thread())
}

/// A runtime with a thread for each processor, for a server.
pub(crate) fn multi_threaded() -> Result<Runtime, Failure> {
    build(&mut Builder::new_multi_thread())
}

fn build(builder: &mut Builder) -> Result<Runtime, Failure> {
    builder.enable_all().build().map_err(|error| Failure::because("the runtime cannot be started", &error))
}
