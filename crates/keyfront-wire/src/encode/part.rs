//! Parts of outputs that several answers have, written once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::document::XmlDocument;

/// A structure of outputs. The first answer that has it writes it and keeps what it wrote, in place of the tree of values
/// that it was made of; the others copy that. It must be of the same shape in all of them.
///
/// An output refers to a part by its number among the parts that are given with the output, where the structure would
/// stand. Only structures within XML documents can be parts.
pub struct Part(Mutex<State>);

enum State {
    Held(Value),
    Written(Box<[u8]>),
}

/// What an operation gives: the members of its output, by the model's names, and the parts that they refer to.
#[derive(Clone, Copy, Debug)]
pub struct Output<'o> {
    /// The members.
    pub members: &'o serde_json::Map<String, Value>,
    /// The parts.
    pub parts: &'o [Arc<Part>],
}

impl Part {
    /// A part that was not written yet, by the model's names.
    #[must_use]
    pub fn new(held: Value) -> Part {
        Part(Mutex::new(State::Held(held)))
    }

    /// Puts it into a document, by `content` if it was not written before.
    pub(super) fn write(
        &self,
        out: &mut XmlDocument,
        content: impl FnOnce(&Value, &mut XmlDocument) -> Result<(), String>,
    ) -> Result<(), String> {
        // What panicked while it wrote left the value.
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match &*state {
            State::Written(written) => {
                out.copy(written);
                return Ok(());
            }
            State::Held(held) => {
                let mut part = XmlDocument::part();
                content(held, &mut part)?;
                part.into_bytes()
            }
        };
        out.copy(&written);
        *state = State::Written(written.into());
        Ok(())
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").finish_non_exhaustive()
    }
}
