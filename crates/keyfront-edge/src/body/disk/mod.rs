//! Bodies in a folder, for what is too large for memory.
//!
//! | module | part |
//! |---|---|
//! | `folder` | the folder: whose it is, and how many work on it at a time |
//! | `file` | one body: its file, how much of it is there, checksums |
//! | `writer`, `reader` | one task that writes, any number of viewers that read what was written |
//!
//! Nothing of a body stays in memory but a piece for each viewer. Viewers read from the file while it is written, so none
//! holds up another, nor the origin. The folder may lose everything: it is emptied at each start, nothing waits for the
//! disk to have what was written, and what is read is compared with its checksum.

mod file;
mod folder;
mod reader;
mod writer;

pub(crate) use file::DiskBody;
pub use folder::{DiskError, DiskFolder};
pub(crate) use reader::DiskReader;
pub(crate) use writer::DiskWriter;

#[cfg(test)]
mod tests;

/// Bytes that are read at a time, and that have a checksum together.
const BLOCK: u64 = 64 * 1024;
