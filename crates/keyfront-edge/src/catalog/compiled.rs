//! What was compiled, and what it was made of. A change copies what it touches and shares the rest with the state before.

use std::collections::BTreeSet;
use std::sync::Arc;

use immutable_chunkmap::map::Map;
use immutable_chunkmap::set::Set;
use keyfront_domain::arn::Arn;

use super::Distribution;

/// Entries that lie in one piece of memory, at most. A changed entry copies one piece.
const ENTRIES_PER_PIECE: usize = 16;

/// What was compiled, by the ARN of the distribution or the tenant.
#[derive(Clone, Default)]
pub(crate) struct Compiled {
    by_arn: Map<Arc<Arn>, CompiledDistribution, ENTRIES_PER_PIECE>,
    /// Those that were made of a document, or named it in vain, by the document.
    made_of: Map<Arc<Arn>, Arns, ENTRIES_PER_PIECE>,
    /// Those of which the last change could not be compiled.
    outdated: Arns,
}

type Arns = Set<Arc<Arn>, ENTRIES_PER_PIECE>;

/// A distribution or a tenant after it was compiled.
#[derive(Clone)]
pub(super) struct CompiledDistribution {
    /// The documents that it was made of, and those that it named and that were not there.
    pub(super) sources: Arc<[Arc<Arn>]>,
    /// What is served, if anything is: a distribution with tenants is served through them.
    pub(super) distribution: Option<Arc<Distribution>>,
    /// The last change could not be compiled, so the next one of any document tries again.
    pub(super) is_outdated: bool,
}

impl Compiled {
    pub(super) fn get(&self, arn: &Arn) -> Option<&CompiledDistribution> {
        self.by_arn.get(arn)
    }

    /// Those that are to be compiled anew after changes of documents, which may be theirs.
    pub(super) fn affected<'c>(&self, changed: impl IntoIterator<Item = &'c Arn>) -> BTreeSet<Arc<Arn>> {
        let made_of = changed.into_iter().filter_map(|document| self.made_of.get(document));
        made_of.flatten().chain(&self.outdated).cloned().collect()
    }

    pub(super) fn insert(&mut self, arn: &Arc<Arn>, compiled: CompiledDistribution) {
        for source in &*compiled.sources {
            self.made_of.get_or_default_cow(Arc::clone(source)).insert_cow(Arc::clone(arn));
        }
        if compiled.is_outdated {
            self.outdated.insert_cow(Arc::clone(arn));
        }
        self.by_arn.insert_cow(Arc::clone(arn), compiled);
    }

    pub(super) fn remove(&mut self, arn: &Arc<Arn>) -> Option<CompiledDistribution> {
        let compiled = self.by_arn.remove_cow(arn)?;
        for source in &*compiled.sources {
            let Some(users) = self.made_of.get_mut_cow(source) else { continue };
            users.remove_cow(arn);
            if users.len() == 0 {
                self.made_of.remove_cow(source);
            }
        }
        self.outdated.remove_cow(arn);
        Some(compiled)
    }
}

#[cfg(test)]
mod tests {
    use keyfront_domain::AccountId;
    use keyfront_domain::arn::ResourceKind;

    use super::*;

    fn arn(kind: ResourceKind, id: &str) -> Arc<Arn> {
        Arc::new(Arn::new(AccountId::DEVELOPMENT, kind, id))
    }

    fn made_of(sources: &[&Arc<Arn>], is_outdated: bool) -> CompiledDistribution {
        let sources = sources.iter().map(|source| Arc::clone(source)).collect();
        CompiledDistribution { sources, distribution: None, is_outdated }
    }

    #[test]
    fn a_change_affects_what_was_made_of_it_and_what_waits_for_any_change() {
        let [first, second] = ["E1", "E2"].map(|id| arn(ResourceKind::DISTRIBUTION, id));
        let [shared, own, other] = ["shared", "own", "other"].map(|id| arn(ResourceKind::CACHE_POLICY, id));
        let mut compiled = Compiled::default();
        // A document that several behaviors name is read several times.
        compiled.insert(&first, made_of(&[&first, &shared, &own, &shared], false));
        compiled.insert(&second, made_of(&[&second, &shared], false));
        let affected = |compiled: &Compiled, changed: &[&Arc<Arn>]| {
            let affected = compiled.affected(changed.iter().map(|arn| &***arn));
            affected.iter().map(|arn| arn.id().to_owned()).collect::<Vec<_>>().join(" ")
        };
        for (changed, expected) in [
            (&[&own][..], "E1"),
            (&[&shared], "E1 E2"),
            (&[&own, &second], "E1 E2"),
            (&[&other], ""),
            (&[], ""),
        ] {
            assert_eq!(affected(&compiled, changed), expected, "{changed:?}");
        }
        let before = compiled.clone();
        assert!(compiled.remove(&first).is_some());
        assert!(compiled.remove(&first).is_none());
        assert_eq!(affected(&compiled, &[&shared, &own]), "E2");
        assert_eq!(affected(&before, &[&shared, &own]), "E1 E2", "a clone stays as it was");
        compiled.remove(&second);
        assert_eq!(compiled.made_of.len(), 0, "nothing is left of what was removed");
        compiled.insert(&second, made_of(&[&second], true));
        assert_eq!(affected(&compiled, &[&other]), "E2");
        compiled.remove(&second);
        assert_eq!(affected(&compiled, &[&other]), "");
    }
}
