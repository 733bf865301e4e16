//! Which regions a signature may name.

use keyfront_wire::signature::{Algorithm, Claim, SignatureError};

/// Refuses a region that is none.
///
/// CloudFront is signed for us-east-1 when a client talks to AWS. With an endpoint of its own a client signs
/// for the region that it is configured for instead, so any region is right here, as long as it is one.
/// A region set of SigV4A is any set.
pub(super) fn check(claim: &Claim<'_>) -> Result<(), SignatureError> {
    match (claim.algorithm(), claim.credential().region()) {
        (Algorithm::V4, Some(region)) if !is_region(region) => Err(SignatureError::WrongRegion),
        (Algorithm::V4 | Algorithm::V4a, _) => Ok(()),
    }
}

/// Whether a name looks like a region: `us-east-1`, `ap-southeast-2`, `us-gov-west-1`, or `aws-global`.
fn is_region(name: &str) -> bool {
    let word = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    match name.rsplit_once('-') {
        Some(("aws", "global")) => true,
        Some((place, number)) => {
            let parts = place.split('-').count();
            (2..=4).contains(&parts)
                && place.split('-').all(word)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_region;

    #[test]
    fn a_region_has_a_place_and_a_number() {
        for (name, region) in [
            ("us-east-1", true),
            ("ap-southeast-2", true),
            ("us-gov-west-1", true),
            ("aws-global", true),
            ("", false),
            ("nowhere", false),
            ("us-east", false),
            ("us-east-1a", false),
            ("US-EAST-1", false),
            ("*", false),
        ] {
            assert_eq!(is_region(name), region, "{name:?}");
        }
    }
}
