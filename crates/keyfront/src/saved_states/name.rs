//! Names of saved states. A name becomes part of a path and of a file's name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest name.
const MAX_LENGTH: usize = 64;

/// The name of a saved state: 1 to 64 letters, digits, dots, `_` and `-`, and no dot at the beginning.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct StateName(String);

/// The text is not such a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a snapshot's name has 1 to 64 letters, digits, dots, `_` and `-`, and does not begin with a dot")]
pub(crate) struct InvalidName;

impl StateName {
    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StateName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<StateName, InvalidName> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let fits = (1..=MAX_LENGTH).contains(&text.len());
        if fits && !text.starts_with('.') && text.bytes().all(allowed) {
            Ok(StateName(text.to_owned()))
        } else {
            Err(InvalidName)
        }
    }
}

impl TryFrom<String> for StateName {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<StateName, InvalidName> {
        text.parse()
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_in_a_path() {
        let longest = "a".repeat(MAX_LENGTH);
        let too_long = "a".repeat(MAX_LENGTH + 1);
        for (text, valid) in [
            ("first", true),
            ("A_b-1.2", true),
            ("-", true),
            ("a..b", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("", false),
            (".", false),
            ("..", false),
            (".hidden", false),
            ("a/b", false),
            ("a\\b", false),
            ("a b", false),
            ("a%2Fb", false),
            ("ä", false),
            ("a\0", false),
        ] {
            assert_eq!(text.parse::<StateName>().is_ok(), valid, "{text:?}");
        }
    }
}
