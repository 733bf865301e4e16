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

/// The ETag of a configuration record (control plane), such as `ETVPDKIKX0DER` for version 1.
pub fn control_plane(version: u64) -> String {
    format!("E{}", code(version))
}

/// The ETag of a store's pairs (data plane), such as `KV3UN6WX5RRO2AG` for version 2.
pub fn data_plane(version: u64) -> String {
    format!("KV{}", code(version))
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
