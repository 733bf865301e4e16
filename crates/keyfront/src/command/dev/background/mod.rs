//! Servers in the background: `keyfront dev --detach` starts one, and `--stop` ends exactly that one.
//!
//! A server in the background keeps two files in its run folder, which is its data folder unless told otherwise. It
//! holds a lock on `background.json` for as long as it lives, and the file says its process id. Without the lock the
//! file is what a killed server left behind. So a signal never reaches another process that got the same id, nor a
//! server of another folder. `background.log` is what the server wrote on standard error.

mod arguments;
mod lock;
mod process;
mod start;
mod stop;

pub(super) use arguments::{BackgroundArguments, Order};
pub(super) use lock::Background;
pub(super) use start::{announced, leave_terminal, start};
pub(super) use stop::stop;
