//! Rules for the names, comments and caller references of resources.

use std::ops::RangeInclusive;

use keyfront_error::ServiceError;

/// Whether a key value store may have this name: 1 to 64 letters, digits, `-` and `_`
/// (AWS: `KeyValueStoreName`).
pub fn is_key_value_store_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Whether a public key or a profile of field-level encryption may have this name: 1 to 128 letters,
/// digits, `-` and `_` (AWS: Values that you specify when you create a profile).
pub fn is_key_name(name: &str) -> bool {
    (1..=128).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Whether a resource may have this comment: at most 128 characters.
pub fn is_comment(comment: &str) -> bool {
    comment.chars().count() <= 128
}

/// Whether a request may be known by this reference: it is given, and no longer than the limit.
pub fn is_caller_reference(reference: &str) -> bool {
    (1..=1024).contains(&reference.len())
}

/// Whether a text is a domain name with at least two labels (RFC 1035). Old buckets have underscores in theirs.
pub(crate) fn is_domain_name(host: &str) -> bool {
    (1..=253).contains(&host.len())
        && host.contains('.')
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
}

/// Whether a text can be the name of a header.
pub fn is_header_name(name: &str) -> bool {
    is_token(name.as_bytes())
}

/// Whether a text is a token, such as the name of a header or a part of a media type (RFC 9110, section 5.6.2).
pub(crate) fn is_token(text: &[u8]) -> bool {
    const MARKS: &[u8] = b"!#$%&'*+-.^_`|~";
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || MARKS.contains(byte))
}

/// Refuses a text that is missing where it must not be, or has more characters than it may have.
pub(crate) fn check_length(
    member: &str,
    text: &str,
    characters: RangeInclusive<usize>,
) -> Result<(), ServiceError> {
    let count = text.chars().count();
    if characters.contains(&count) {
        Ok(())
    } else if count == 0 {
        Err(ServiceError::required(member))
    } else {
        Err(ServiceError::too_big(member))
    }
}

/// Refuses a comment that is too long.
pub(crate) fn check_comment(comment: Option<&str>) -> Result<(), ServiceError> {
    if is_comment(comment.unwrap_or_default()) {
        Ok(())
    } else {
        Err(ServiceError::argument("Comment", "It must have at most 128 characters."))
    }
}

/// Refuses a caller reference that is missing or too long.
pub(crate) fn check_caller_reference(reference: &str) -> Result<(), ServiceError> {
    if reference.is_empty() {
        return Err(ServiceError::required("CallerReference"));
    }
    if is_caller_reference(reference) {
        Ok(())
    } else {
        Err(ServiceError::argument("CallerReference", "It must have at most 1024 bytes."))
    }
}

/// Refuses the name of a public key or a profile.
pub(crate) fn check_key_name(name: &str) -> Result<(), ServiceError> {
    if is_key_name(name) {
        Ok(())
    } else {
        Err(ServiceError::argument("Name", "It must have 1 to 128 letters, digits, hyphens and underscores."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_hyphen_and_underscore() {
        let longest = "a".repeat(64);
        let too_long = "a".repeat(65);
        for (name, valid) in [
            ("a", true),
            ("My_store-1", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("", false),
            ("a b", false),
            ("a.b", false),
            ("ä", false),
            ("a\n", false),
        ] {
            assert_eq!(is_key_value_store_name(name), valid, "{name:?}");
        }
    }

    #[test]
    fn a_key_has_a_longer_name_of_the_same_letters() {
        for (name, valid) in [
            ("My_key-1".to_owned(), true),
            ("a".repeat(128), true),
            ("a".repeat(129), false),
            (String::new(), false),
            ("a b".to_owned(), false),
            ("ä".to_owned(), false),
        ] {
            assert_eq!(is_key_name(&name), valid, "{name:?}");
        }
    }

    #[test]
    fn the_name_of_a_header_is_a_token() {
        for (name, valid) in [
            ("x-a", true),
            ("X_A.1", true),
            ("!#$%&'*+-.^_`|~", true),
            ("", false),
            ("a b", false),
            ("a:", false),
            ("a/b", false),
            ("(a)", false),
            ("ä", false),
            ("a\r", false),
        ] {
            assert_eq!(is_header_name(name), valid, "{name:?}");
        }
    }

    #[test]
    fn a_comment_is_measured_in_characters_and_a_reference_must_be_given() {
        assert!(is_comment("") && is_comment(&"ü".repeat(128)) && !is_comment(&"ü".repeat(129)));
        assert!(is_caller_reference("1") && is_caller_reference(&"r".repeat(1024)));
        assert!(!is_caller_reference("") && !is_caller_reference(&"r".repeat(1025)));
    }
}
