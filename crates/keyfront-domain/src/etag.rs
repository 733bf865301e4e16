//! ETags: what `If-Match` is compared with.
//!
//! An ETag says which version of a record a client has seen. Like the service's own, it is a
//! function of the version number alone, so equal versions of two stores have equal ETags. The
//! control plane and the data plane count different versions and never accept each other's ETag.

use crate::base36;

/// The codes of the versions 0 to 6 are the service's own, seen in its documentation, in answers that people pasted and
/// in the tests of its clients.
const KNOWN: [&str; 7] = [
    "23ZP02F085DFQ",
    "TVPDKIKX0DER",
    "3UN6WX5RRO2AG",
    "1F83G8C2ARO7P",
    "1PA6795UKMFR9",
    "13V1IB3VIYZZH",
    "1VC38T7YXB528",
];

/// The first version whose code is not known.
const FIRST_SCRAMBLED: u64 = 7;

/// The ETag of a configuration record (control plane), such as `ETVPDKIKX0DER` for version 1.
pub fn control_plane(version: u64) -> String {
    format!("E{}", code(version))
}

/// The ETag of a store's pairs (data plane), such as `KV3UN6WX5RRO2AG` for version 2.
pub fn data_plane(version: u64) -> String {
    format!("KV{}", code(version))
}

/// Whether a text can be the ETag of a configuration record, of whichever version.
///
/// Every code of thirteen digits stands for some number, so the number must be one that a record can have: a text that was
/// made up stands for a larger one.
pub fn is_control_plane(etag: &str) -> bool {
    let Some(code) = etag.strip_prefix('E') else { return false };
    if KNOWN.contains(&code) {
        return true;
    }
    let is_code =
        code.len() == 13 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let version = u64::from_str_radix(code, 36).ok().filter(|_| is_code).map(unscramble);
    version.is_some_and(|version| version >= FIRST_SCRAMBLED && u32::try_from(version).is_ok())
}

fn code(version: u64) -> String {
    let known = usize::try_from(version).ok().and_then(|version| KNOWN.get(version));
    match known {
        Some(code) => (*code).to_owned(),
        None => base36::thirteen_digits(u128::from(scramble(version))),
    }
}

/// Spreads neighbouring versions over all codes. Every step can be undone, so no two versions share a code.
fn scramble(version: u64) -> u64 {
    let mut x = version;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The version that was scrambled.
fn unscramble(scrambled: u64) -> u64 {
    let mut x = scrambled;
    x = (x ^ (x >> 31) ^ (x >> 62)).wrapping_mul(0x3196_42b2_d24d_8ec3);
    x = (x ^ (x >> 27) ^ (x >> 54)).wrapping_mul(0x96de_1b17_3f11_9089);
    x ^ (x >> 30) ^ (x >> 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_first_versions_carry_the_services_own_codes() {
        let codes: Vec<_> = (0..=6).map(control_plane).collect();
        assert_eq!(
            codes,
            [
                "E23ZP02F085DFQ",
                "ETVPDKIKX0DER",
                "E3UN6WX5RRO2AG",
                "E1F83G8C2ARO7P",
                "E1PA6795UKMFR9",
                "E13V1IB3VIYZZH",
                "E1VC38T7YXB528",
            ]
        );
        assert_eq!(data_plane(1), "KVTVPDKIKX0DER");
        assert_eq!(data_plane(4), "KV1PA6795UKMFR9");
    }

    #[test]
    fn an_etag_is_told_from_a_text_that_was_made_up() {
        let versions = (0..1000).chain([1 << 20, u64::from(u32::MAX)]);
        for version in versions {
            assert_eq!(unscramble(scramble(version)), version);
            assert!(is_control_plane(&control_plane(version)), "{version}");
        }
        let beyond = control_plane(u64::from(u32::MAX) + 1);
        let small = control_plane(8).to_ascii_lowercase();
        for made_up in [
            "",
            "E",
            "x",
            "E1ABCDEFGHIJKL",
            "EZZZZZZZZZZZZZ",
            "E2QWRUHAPOMQZL",
            "KVTVPDKIKX0DER",
            "ETVPDKIKX0DE",
            &beyond,
            &small,
        ] {
            assert!(!is_control_plane(made_up), "{made_up}");
        }
        assert_eq!(FIRST_SCRAMBLED, u64::try_from(KNOWN.len()).unwrap());
    }

    #[test]
    fn later_versions_are_fourteen_characters_and_all_different() {
        let mut seen = (0..7).map(control_plane).collect::<HashSet<_>>();
        for version in 7..50_000 {
            let etag = control_plane(version);
            assert_eq!(etag.len(), 14, "{etag}");
            assert!(etag.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{etag}");
            assert!(seen.insert(etag), "version {version} repeats a code");
        }
    }
}
