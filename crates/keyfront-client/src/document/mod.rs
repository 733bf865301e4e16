//! Files of pairs: what `--from`, `--file` and `--seed` read, and what an export writes.
//!
//! | format | what it looks like |
//! |---|---|
//! | JSON | `{"data":[{"key":"k","value":"v"},…]}`, which the service imports from S3, or `{"k":"v",…}` |
//! | NDJSON | one `{"key":"k","value":"v"}` on each line; blank lines are skipped |
//! | CSV | a header with the columns `key` and `value` in any order, then one pair in each record |
//! | YAML | a mapping, or the list under `data` as in JSON; read only |
//!
//! A JSON or YAML document whose only member is `data`, with a list, is the import format. Values are text:
//! a JSON value that is not a string is a mistake, and a plain YAML scalar such as `true` or `007` is the text
//! that stands in the file.
//!
//! A file is read whole or refused whole, and a refusal names every problem with its place, not the first
//! alone. A problem names keys and sizes, never a value. `plan` compares the pairs with a store and checks the size
//! of the store.

mod collect;
mod csv;
mod format;
mod json;
mod load;
mod ndjson;
mod position;
mod problem;
mod read;
mod shape;
mod write;
mod yaml;

pub use self::format::{Format, UnknownFormat, WriteFormat};
pub use self::load::load;
pub use self::problem::{MAX_FILE_BYTES, MAX_PROBLEMS, Position, Problem, ProblemKind, Problems, ValueType};
pub use self::read::read;
pub use self::write::write;

#[cfg(test)]
mod tests;
