//! Which names are selected.

use crate::routing::Wildcard;

/// Which headers, cookies or query strings are selected, by name.
///
/// Names of cookies and query strings are compared as they are. Names of headers are small letters on both sides: in
/// [`Names::of_headers`] they are made so, and who asks gives them so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Selection {
    /// None.
    #[default]
    None,
    /// Those of a list.
    Only(Names),
    /// All but those of a list.
    Except(Names),
    /// All.
    All,
}

/// Names that are looked up: each costs a binary search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Names {
    /// Sorted, none twice.
    exact: Box<[Box<str>]>,
    /// Cookies of `ForwardedValues` can have wildcards.
    wildcards: Box<[Wildcard]>,
}

impl Names {
    /// Names of cookies or query strings, in which `*` and `?` are literal (AWS: Understand cache policies).
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Names {
        Names { exact: sorted(names.into_iter().map(Box::from)), wildcards: Box::default() }
    }

    /// Names of headers, in any case.
    pub fn of_headers<'n>(names: impl IntoIterator<Item = &'n str>) -> Names {
        let names = names.into_iter().map(|name| name.to_ascii_lowercase().into_boxed_str());
        Names { exact: sorted(names), wildcards: Box::default() }
    }

    /// Names in which `*` stands for any number of characters and `?` for one (AWS: Cache behavior settings, "Allowlist
    /// cookies").
    pub(super) fn with_wildcards<'n>(names: impl IntoIterator<Item = &'n str>) -> Names {
        let (wildcards, exact): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|name| name.contains(['*', '?']));
        let wildcards = wildcards.into_iter().map(Wildcard::new).collect();
        Names { exact: sorted(exact.into_iter().map(Box::from)), wildcards }
    }

    /// Whether a name is among them.
    pub fn contains(&self, name: &[u8]) -> bool {
        self.exact.binary_search_by(|known| known.as_bytes().cmp(name)).is_ok()
            || self.wildcards.iter().any(|wildcard| wildcard.matches(name))
    }

    /// Those that are not patterns, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.exact.iter().map(|name| &**name)
    }

    fn and(&self, more: &Names) -> Names {
        let exact = self.exact.iter().chain(&more.exact).cloned();
        let wildcards = self.wildcards.iter().chain(&more.wildcards).cloned().collect();
        Names { exact: sorted(exact), wildcards }
    }

    fn without(&self, others: &Names) -> Names {
        let exact = self.exact.iter().filter(|name| !others.contains(name.as_bytes())).cloned().collect();
        Names { exact, wildcards: self.wildcards.clone() }
    }
}

fn sorted(names: impl Iterator<Item = Box<str>>) -> Box<[Box<str>]> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.into()
}

impl Selection {
    /// Whether a name is selected.
    pub fn takes(&self, name: &[u8]) -> bool {
        match self {
            Selection::None => false,
            Selection::Only(names) => names.contains(name),
            Selection::Except(names) => !names.contains(name),
            Selection::All => true,
        }
    }

    /// The names of a list that is selected; nothing where there is no such list.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = match self {
            Selection::Only(names) => Some(names),
            Selection::None | Selection::Except(_) | Selection::All => None,
        };
        names.into_iter().flat_map(Names::iter)
    }

    /// What reaches the origin where this is in the cache key and an origin request policy selects `more`, cell by cell
    /// of the table in AWS: Understand how origin request policies and cache policies work together.
    ///
    /// Where both are block lists, the table leaves out what either lists. Then a name that the origin request policy
    /// alone lists is in the key and does not reach the origin.
    pub(super) fn forwarded_with(&self, more: &Selection) -> Selection {
        match (self, more) {
            (Selection::All, _) | (_, Selection::All) => Selection::All,
            (Selection::None, other) | (other, Selection::None) => other.clone(),
            (Selection::Only(key), Selection::Only(more)) => Selection::Only(key.and(more)),
            (Selection::Only(named), Selection::Except(blocked))
            | (Selection::Except(blocked), Selection::Only(named)) => {
                Selection::Except(blocked.without(named))
            }
            (Selection::Except(key), Selection::Except(more)) => Selection::Except(key.and(more)),
        }
    }
}
