//! Patterns of actions and resources.

use proptest::prelude::*;

use super::super::pattern::{Case, Pattern, Syntax};
use super::*;

const FULL: Syntax = Syntax { wildcards: true, variables: true };

fn matches(pattern: &str, text: &str, user_name: &str, case: Case) -> bool {
    Pattern::parse(pattern, FULL).unwrap().matches(text, &principal(user_name), case)
}

#[test]
fn wildcards_match_the_whole_text() {
    for (pattern, text, expected) in [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*", "anything: at/all", true),
        ("**", "", true),
        ("?", "", false),
        ("?", "a", true),
        ("?", "é", true),
        ("?", "ab", false),
        ("??*", "a", false),
        ("??*", "éü", true),
        ("a*", "a", true),
        ("a*", "ba", false),
        ("*a", "ba", true),
        ("*a", "ab", false),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "acb", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*?é", "aüé", true),
        ("*ab*ab", "ab", false),
        ("*ab*ab", "abab", true),
        ("key-value-store/*", "key-value-store/", true),
        ("[a]", "a", false),
        ("$", "$", true),
        ("a{b}", "a{b}", true),
        ("A", "a", false),
    ] {
        assert_eq!(matches(pattern, text, "ann", Case::Sensitive), expected, "{pattern} on {text}");
    }
}

#[test]
fn case_is_ignored_only_where_asked_and_for_every_alphabet() {
    for (pattern, text, expected) in
        [("GET*Key", "getPublickEY", true), ("É?*ß", "é-ß", true), ("*ÄB", "xäb", true), ("a", "b", false)]
    {
        assert_eq!(matches(pattern, text, "ann", Case::Insensitive), expected, "{pattern} on {text}");
    }
}

#[test]
fn escapes_and_the_values_of_variables_are_literal() {
    for (pattern, user_name, text, expected) in [
        ("a${*}b", "ann", "a*b", true),
        ("a${*}b", "ann", "axb", false),
        ("a${?}", "ann", "a?", true),
        ("a${?}", "ann", "ab", false),
        ("${$}{aws:username}", "ann", "${aws:username}", true),
        ("home/${aws:username}/*", "ann", "home/ann/x", true),
        ("home/${AWS:UserName}/*", "ann", "home/ann/x", true),
        ("home/${aws:username}/*", "ann", "home/anna/x", false),
        // A user who is called `*` has the home of `*`, not every user's.
        ("home/${aws:username}/*", "*", "home/ann/x", false),
        ("home/${aws:username}/*", "*", "home/*/x", true),
        ("*${aws:username}", "a?", "xab", false),
        ("*${aws:username}", "a?", "xa?", true),
        // A value is not read as a variable again.
        ("${aws:username}", "${*}", "*", false),
        (
            "${aws:PrincipalAccount}-${aws:userid}-${aws:PrincipalType}",
            "ann",
            "123456789012-AIDAEXAMPLE-User",
            true,
        ),
        ("${aws:PrincipalArn}", "ann", "arn:aws:iam::123456789012:user/ops/ann", true),
    ] {
        assert_eq!(
            matches(pattern, text, user_name, Case::Sensitive),
            expected,
            "{pattern} of {user_name} on {text}"
        );
    }
}

#[test]
fn without_wildcards_a_star_is_an_asterisk() {
    let pattern = Pattern::parse("a*?", Syntax { wildcards: false, variables: true }).unwrap();
    assert!(pattern.matches("a*?", &principal("ann"), Case::Sensitive));
    assert!(!pattern.matches("abc", &principal("ann"), Case::Sensitive));
}

#[test]
fn a_pattern_made_to_blow_up_does_not() {
    let text = "a".repeat(2_048);
    for pattern in ["*a".repeat(1_500), "*a?".repeat(1_000), format!("*{}b*", "a".repeat(1_024))] {
        let pattern = format!("{pattern}b");
        assert!(!matches(&pattern, &text, "ann", Case::Sensitive));
        assert!(!matches(&pattern, &text, "ann", Case::Insensitive));
    }
    assert!(matches(&"*a".repeat(1_500), &text, "ann", Case::Sensitive));
}

/// The obvious matcher, exponential and right.
fn reference(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => {
            reference(rest, text)
                || text.split_first().is_some_and(|(_, shorter)| reference(pattern, shorter))
        }
        (['?', rest @ ..], [_, shorter @ ..]) => reference(rest, shorter),
        ([wanted, rest @ ..], [found, shorter @ ..]) => wanted == found && reference(rest, shorter),
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn matching_equals_the_obvious_matcher(pattern in "[abé*?]{0,12}", text in "[abé]{0,12}") {
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = reference(&characters(&pattern), &characters(&text));
        for case in [Case::Sensitive, Case::Insensitive] {
            prop_assert_eq!(matches(&pattern, &text, "ann", case), expected);
        }
    }

    #[test]
    fn a_variable_matches_its_value_whatever_it_is(name in "\\PC{0,12}", before in "[ab*]{0,3}") {
        let pattern = format!("{before}${{aws:username}}");
        let text = format!("{}{name}", before.replace('*', "b"));
        prop_assert!(matches(&pattern, &text, &name, Case::Sensitive));
    }
}
