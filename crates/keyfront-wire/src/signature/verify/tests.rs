//! Tests of the verification of signatures: what is accepted and what is refused, in which words.

use super::accept::includes;

#[test]
fn a_region_set_is_a_list_of_names_that_may_hold_an_asterisk() {
    for (set, expected) in [
        ("*", true),
        ("us-east-1", true),
        ("eu-west-1,us-east-1", true),
        ("eu-west-1, us-east-1", true),
        ("us-*", true),
        ("*-1", true),
        ("us-*-1", true),
        ("us-east-1*", true),
        ("", false),
        (",", false),
        ("us-east", false),
        ("us-east-11", false),
        ("eu-*", false),
        ("us-east-1-*-1", false),
        ("US-EAST-1", false),
        ("**", false),
        ("u*east*", false),
    ] {
        assert_eq!(includes(set, "us-east-1"), expected, "{set}");
    }
}
