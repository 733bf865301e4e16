//! Ids of resources, in the forms that the service gives them.

use uuid::Uuid;

use crate::base36;

/// A letter that tells the kind, and thirteen digits and capital letters: `K2JCJMDEHXQW5F`, `P280MFCLSYOCVU`.
///
/// `random` has 122 random bits, of which the code keeps 67: enough that no two ids ever meet.
pub fn coded(letter: char, random: Uuid) -> String {
    format!("{letter}{}", base36::thirteen_digits(random.as_u128()))
}

/// A letter and a number of 64 bits in base 36, without leading zeros: `E1UOO8R317GEA1`, `EDE3N9QJR1AWP`.
pub fn numbered(letter: char, random: Uuid) -> String {
    let (high, low) = random.as_u64_pair();
    let digits = base36::thirteen_digits(u128::from(high ^ low));
    format!("{letter}{}", digits.trim_start_matches('0'))
}

/// A UUID: `666e78f3-04f7-4d51-aa3d-d3b6fd1c9a5c`.
pub fn uuid(random: Uuid) -> String {
    random.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_letter_and_thirteen_digits_and_capitals() {
        for number in [0, 1, 36, u128::MAX] {
            let id = coded('K', Uuid::from_u128(number));
            assert_eq!(id.len(), 14);
            assert!(id.starts_with('K'));
            assert!(id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{id}");
        }
        assert_eq!(coded('P', Uuid::from_u128(36)), "P0000000000010");
    }

    #[test]
    fn a_number_of_64_bits_has_no_leading_zeros() {
        for (number, id) in [(35, "EZ"), (36, "E10"), (u128::from(u64::MAX), "E3W5E11264SGSF")] {
            assert_eq!(numbered('E', Uuid::from_u128(number)), id);
        }
    }

    #[test]
    fn different_numbers_have_different_ids() {
        let ids: std::collections::HashSet<_> =
            (0..10_000_u128).map(|n| coded('K', Uuid::from_u128(n << 50 | n))).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
