//! Collects the pairs of a document and its problems.

use std::collections::HashMap;

use keyfront_domain::Quotas;
use keyfront_domain::pairs::size;

use super::problem::{Position, ProblemKind, ProblemList, Problems, ValueType};
use crate::key_text::key_text;
use crate::pairs::Pairs;

/// What the readers of the formats report to: pairs with their places, and faults of the format itself.
pub(super) struct Collector<'q> {
    quotas: &'q Quotas,
    pairs: Pairs,
    /// Where each key was first, whether its value was good or not.
    first: HashMap<String, Position>,
    found: ProblemList,
}

impl<'q> Collector<'q> {
    pub(super) fn new(quotas: &'q Quotas) -> Self {
        Collector { quotas, pairs: Pairs::new(), first: HashMap::new(), found: ProblemList::default() }
    }

    /// Takes a pair, after checking everything that can be wrong with one.
    pub(super) fn pair(&mut self, place: Position, key: String, value: Result<String, ValueType>) {
        self.check_key(place, &key);
        match value {
            Err(kind) => self.fault(place, ProblemKind::ValueType { key: key_text(&key), kind }),
            Ok(value) => {
                let (bytes, limit) = (size("", &value), self.quotas.value_bytes);
                if bytes > limit {
                    self.fault(place, ProblemKind::ValueTooLong { key: key_text(&key), bytes, limit });
                }
                self.pairs.insert(key, value);
            }
        }
    }

    fn check_key(&mut self, place: Position, key: &str) {
        if key.is_empty() {
            return self.fault(place, ProblemKind::EmptyKey);
        }
        let (bytes, limit) = (size(key, ""), self.quotas.key_bytes);
        if bytes > limit {
            self.fault(place, ProblemKind::KeyTooLong { key: key_text(key), bytes, limit });
        }
        match self.first.get(key) {
            None => {
                self.first.insert(key.to_owned(), place);
            }
            Some(first) => {
                // The column helps only where the line is the same.
                let first = if first.line == place.line { *first } else { first.line_only() };
                self.fault(place, ProblemKind::DuplicateKey { key: key_text(key), first });
            }
        }
    }

    pub(super) fn fault(&mut self, place: Position, fault: ProblemKind) {
        self.found.add(Some(place), fault);
    }

    /// The pairs, if nothing is wrong.
    pub(super) fn finish(self, file: &str) -> Result<Pairs, Problems> {
        self.found.into_result(file).map(|()| self.pairs)
    }
}
