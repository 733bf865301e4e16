//! Rules for the names and comments of resources.

/// Whether a key value store may have this name: 1 to 64 letters, digits, `-` and `_`
/// (AWS: `KeyValueStoreName`).
pub fn is_key_value_store_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
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
}
