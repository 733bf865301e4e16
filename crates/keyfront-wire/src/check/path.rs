//! Paths to values of an input. One is written out only for a value that is wrong.

use std::fmt;

/// A place in an input.
pub(super) enum Path<'a> {
    /// The input itself.
    Root,
    /// A member of the structure at a place.
    Member(&'a Path<'a>, &'a str),
    /// An item of the list at a place, counted from zero.
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    /// The service writes members with a small first letter and counts items from one:
    /// `keyValueStoreName`, `tags.items.2.member.key`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Member(parent, name) => {
                if !matches!(parent, Path::Root) {
                    write!(formatter, "{parent}.")?;
                }
                let mut characters = name.chars();
                let first = characters.next().map_or(String::new(), |c| c.to_ascii_lowercase().to_string());
                write!(formatter, "{first}{}", characters.as_str())
            }
            Path::Item(parent, index) => write!(formatter, "{parent}.{}.member", index + 1),
        }
    }
}
