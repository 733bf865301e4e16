//! The number of files that this process may have open, connections among them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit to the most that the process may have. Many systems begin with 1,024, for programs that still use
/// `select`; a server with ten thousand viewers needs more.
pub(crate) fn raise_limit() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    // A system that does not let it keeps its limit; connections beyond it wait.
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).ok();
}
