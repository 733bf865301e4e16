//! Checks the targets of `break` and `continue`.
//!
//! njs finds these errors, and a `const` without a value, in a second pass over code that it could parse. Only the
//! first of them counts, and only where the rest of the code has no error.

use super::ParseError;

/// What encloses a statement within its function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum JumpTarget {
    Loop,
    Switch,
    /// Any other statement with a label.
    Labelled,
}

struct Enclosing<'c> {
    target: JumpTarget,
    labels: Vec<&'c str>,
}

/// The statements around the current one, for each open function, and the first error of the second pass.
#[derive(Default)]
pub(super) struct ControlFlow<'c> {
    functions: Vec<Vec<Enclosing<'c>>>,
    outside: Vec<Enclosing<'c>>,
    /// Labels whose statement comes next.
    pending: Vec<&'c str>,
    first: Option<ParseError>,
}

impl<'c> ControlFlow<'c> {
    fn current(&mut self) -> &mut Vec<Enclosing<'c>> {
        self.functions.last_mut().unwrap_or(&mut self.outside)
    }

    pub(super) fn begin_function(&mut self) {
        self.pending.clear();
        self.functions.push(Vec::new());
    }

    pub(super) fn end_function(&mut self) {
        self.functions.pop();
    }

    /// A label whose statement comes next.
    pub(super) fn label(&mut self, label: &'c str) {
        self.pending.push(label);
    }

    /// Enters a statement that takes the labels before it.
    pub(super) fn begin(&mut self, target: JumpTarget) {
        let labels = std::mem::take(&mut self.pending);
        self.current().push(Enclosing { target, labels });
    }

    pub(super) fn end(&mut self) {
        self.current().pop();
    }

    /// Whether labels wait for their statement.
    pub(super) fn is_labelled(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether a `break` leads anywhere.
    pub(super) fn can_break(&mut self, label: Option<&str>) -> bool {
        self.current().iter().any(|enclosing| match label {
            Some(label) => enclosing.labels.contains(&label),
            None => enclosing.target != JumpTarget::Labelled,
        })
    }

    /// Whether a `continue` leads anywhere.
    pub(super) fn can_continue(&mut self, label: Option<&str>) -> bool {
        self.current().iter().any(|enclosing| {
            enclosing.target == JumpTarget::Loop
                && label.is_none_or(|label| enclosing.labels.contains(&label))
        })
    }

    /// Notes an error of the second pass.
    pub(super) fn note(&mut self, error: ParseError) {
        self.first.get_or_insert(error);
    }

    /// The first error of the second pass.
    pub(super) fn into_first(self) -> Option<ParseError> {
        self.first
    }
}
