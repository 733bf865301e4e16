//! Gathers the pairs of a document and everything that is wrong with it.

use std::collections::HashMap;

use keyfront_domain::Quotas;
use keyfront_domain::pairs::size;

use super::problem::{Fault, Found, Kind, Place, Problems, shown};
use crate::Pairs;

/// What the readers of the formats report to: pairs with their places, and faults of the format itself.
pub(super) struct Collector<'q> {
    quotas: &'q Quotas,
    pairs: Pairs,
    /// Where each key was first, whether its value was good or not.
    first: HashMap<String, Place>,
    found: Found,
}

impl<'q> Collector<'q> {
    pub(super) fn new(quotas: &'q Quotas) -> Self {
        Collector { quotas, pairs: Pairs::new(), first: HashMap::new(), found: Found::default() }
    }

    /// Takes a pair, after checking everything that can be wrong with one.
    pub(super) fn pair(&mut self, place: Place, key: String, value: Result<String, Kind>) {
        self.check_key(place, &key);
        match value {
            Err(kind) => self.fault(place, Fault::ValueType { key: shown(&key), kind }),
            Ok(value) => {
                let (bytes, limit) = (size("", &value), self.quotas.value_bytes);
                if bytes > limit {
                    self.fault(place, Fault::ValueTooLong { key: shown(&key), bytes, limit });
                }
                self.pairs.insert(key, value);
            }
        }
    }

    fn check_key(&mut self, place: Place, key: &str) {
        if key.is_empty() {
            return self.fault(place, Fault::EmptyKey);
        }
        let (bytes, limit) = (size(key, ""), self.quotas.key_bytes);
        if bytes > limit {
            self.fault(place, Fault::KeyTooLong { key: shown(key), bytes, limit });
        }
        match self.first.get(key) {
            None => {
                self.first.insert(key.to_owned(), place);
            }
            Some(first) => {
                // The column helps only where the line is the same.
                let first = if first.line == place.line { *first } else { first.line_only() };
                self.fault(place, Fault::DuplicateKey { key: shown(key), first });
            }
        }
    }

    pub(super) fn fault(&mut self, place: Place, fault: Fault) {
        self.found.add(Some(place), fault);
    }

    /// The pairs, if nothing is wrong.
    pub(super) fn finish(self, file: &str) -> Result<Pairs, Problems> {
        self.found.into_result(file).map(|()| self.pairs)
    }
}
