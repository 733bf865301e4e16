//! Names of stacks, which are names of files too.

use clap::builder::ValueParser;

/// The longest name, as CloudFormation has it.
const LONGEST: usize = 128;

/// Reads the name of a stack on the command line.
pub(super) fn parser() -> ValueParser {
    ValueParser::new(|text: &str| if is_valid(text) { Ok(text.to_owned()) } else { Err(RULE) })
}

const RULE: &str = "a stack's name begins with a letter, and has letters, digits and hyphens, 128 at most";

/// Whether CloudFormation would take a name
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>).
pub(super) fn is_valid(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|each| each.is_ascii_alphanumeric() || each == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_cloudformation_takes() {
        let long = "a".repeat(LONGEST + 1);
        for (name, expected) in [
            ("Site-1", true),
            ("a", true),
            ("", false),
            ("1a", false),
            ("a/b", false),
            ("../a", false),
            ("a_b", false),
            (&*long, false),
        ] {
            assert_eq!(is_valid(name), expected, "{name}");
        }
    }
}
