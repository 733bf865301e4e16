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

/// The digits of a number system, and how many there are.
struct Digits {
    digits: &'static [u8],
    base: u16,
}

/// The digits of a KSUID (Segment: "A Brief History of the UUID").
const BASE_62: Digits =
    Digits { digits: b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", base: 62 };

/// Those of Bitcoin's addresses, in which no two look alike.
const BASE_58: Digits =
    Digits { digits: b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", base: 58 };

/// When the seconds of KSUIDs begin: 2014-05-13T16:53:20Z, in seconds since the epoch.
const KSUID_BEGINS: i64 = 1_400_000_000;

/// A prefix and a KSUID, 27 letters and digits that tell the second of the creation and sixteen random bytes:
/// `dt_2yN5tYwVbPKr7m2IB69M1yp1ABC`. Later ones sort behind earlier ones.
pub fn ksuid(prefix: &str, random: Uuid, now_ms: i64) -> String {
    let seconds =
        u32::try_from((now_ms / 1000 - KSUID_BEGINS).clamp(0, i64::from(u32::MAX))).unwrap_or(u32::MAX);
    let mut bytes = [0; 20];
    let (time, payload) = bytes.split_at_mut(4);
    time.copy_from_slice(&seconds.to_be_bytes());
    payload.copy_from_slice(random.as_bytes());
    format!("{prefix}{}", digits::<27>(&mut bytes, &BASE_62))
}

/// A prefix and 22 letters and digits of base 58: `aip_BQwjxxQxjCaBcQLzJUFkDM`.
pub fn base_58(prefix: &str, random: Uuid) -> String {
    format!("{prefix}{}", digits::<22>(&mut random.into_bytes(), &BASE_58))
}

/// The last `N` digits of a big-endian number. The number is used up.
fn digits<const N: usize>(number: &mut [u8], Digits { digits, base }: &Digits) -> String {
    let mut last = [b'0'; N];
    for place in last.iter_mut().rev() {
        let mut remainder = 0;
        for byte in &mut *number {
            // The remainder is below the base, so the quotient is a byte.
            let part = remainder << 8 | u16::from(*byte);
            [_, *byte] = (part / base).to_be_bytes();
            remainder = part % base;
        }
        *place = digits.get(usize::from(remainder)).copied().unwrap_or(b'0');
    }
    last.iter().copied().map(char::from).collect()
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

    /// The first two are those of the reference implementation's own tests.
    #[test]
    fn a_ksuid_is_its_second_and_its_random_bytes() {
        let of =
            |seconds: i64, random: u128| ksuid("", Uuid::from_u128(random), (KSUID_BEGINS + seconds) * 1000);
        assert_eq!(of(0, 0), "0".repeat(27));
        assert_eq!(of(i64::from(u32::MAX), u128::MAX), "aWgEPTl1tmebfsQzFP4bxwgy80V");
        assert_eq!(of(-1, 0), "0".repeat(27));
        assert!(of(1, 0) > of(0, u128::MAX));
        assert_eq!(ksuid("cg_", Uuid::nil(), KSUID_BEGINS * 1000), format!("cg_{}", "0".repeat(27)));
    }

    #[test]
    fn a_base_has_as_many_digits_as_it_says() {
        for Digits { digits, base } in [BASE_58, BASE_62] {
            assert_eq!(digits.len(), usize::from(base));
        }
    }

    #[test]
    fn base_58_has_22_digits() {
        for (number, id) in [(0, "aip_1111111111111111111111"), (57, "aip_111111111111111111111z")] {
            assert_eq!(base_58("aip_", Uuid::from_u128(number)), id);
        }
        assert_eq!(base_58("vo_", Uuid::from_u128(u128::MAX)), "vo_YcVfxkQb6JRzqk5kF2tNLv");
    }

    #[test]
    fn different_numbers_have_different_ids() {
        let ids: std::collections::HashSet<_> =
            (0..10_000_u128).map(|n| coded('K', Uuid::from_u128(n << 50 | n))).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
