//! Which regions a signature may name.

use keyfront_wire::signature::{Algorithm, Claim, SignatureError};

use super::plane::Plane;

/// The one region whose plain SigV4 the data plane takes, as the service does. SigV4A is for all other regions.
const DATA_REGION: &str = "us-east-1";

/// Refuses a scope with a region that the plane does not take.
///
/// The control plane is signed for us-east-1 when a client talks to AWS. With an endpoint of its own a client signs
/// for the region that it is configured for instead, so any region is right there, as long as it is one.
/// A region set of SigV4A is any set.
pub(super) fn check(claim: &Claim<'_>, plane: Plane) -> Result<(), SignatureError> {
    let (Algorithm::V4, Some(region)) = (claim.algorithm(), claim.credential().region()) else {
        return Ok(());
    };
    let taken = match plane {
        Plane::Data | Plane::Extensions => region == DATA_REGION,
        Plane::Control | Plane::Query(_) => is_region(region),
    };
    if taken { Ok(()) } else { Err(SignatureError::WrongRegion) }
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
