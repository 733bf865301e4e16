//! Verifies what was signed before it is printed, with the public half of the key that signed.
//!
//! A result that CloudFront would refuse is a failure; one that is expired or not valid yet is printed with a warning.

use keyfront_domain::signed_request::{Denial, InvalidUrl, Signer, VerifyingKey, examine};

use crate::failure::Failure;
use crate::terminal::tell;
use crate::terminal::time::format_utc;
use crate::viewer_url::{ViewerAddress, ViewerUrl};

/// The failure to sign a URL.
pub(super) fn unsigned(error: &InvalidUrl) -> Failure {
    Failure::new(format!("nothing was signed: {error}"))
}

/// Verifies a signed URL, or a URL with signed cookies, as CloudFront would at the time `now`.
pub(super) fn prove(url: &str, cookies: Option<&str>, signer: &Signer<'_>, now: u64) -> Result<(), Failure> {
    let viewer_url = ViewerUrl::parse(url)?;
    let public = signer.key.public_key().map_err(|error| Failure::because("the private key", &error))?;
    let key = VerifyingKey::new(&public)
        .map_err(|error| Failure::because("the private key's other half", &error))?;
    let headers: Vec<&[u8]> = cookies.iter().map(|header| header.as_bytes()).collect();
    let request = viewer_url.request(&headers, ViewerAddress::Allowed, now);
    for denial in examine(&request, |_id| Some(&key)) {
        if let Denial::Expired { expires, .. } = denial {
            tell(format!("keyfront: it has expired: it was valid until {}", format_utc(expires)));
        } else if let Denial::NotYetValid { not_before, .. } = denial {
            tell(format!("keyfront: it is not valid yet: it begins after {}", format_utc(not_before)));
        } else {
            return Err(unusable(&denial));
        }
    }
    Ok(())
}

fn unusable(denial: &Denial) -> Failure {
    let why = if let Denial::WrongSignature { .. } = denial {
        // A viewer asks for the slash that is not in the URL.
        "a viewer asks for this URL with a slash behind the host; sign it with the slash".to_owned()
    } else if let Denial::WrongAddress { allowed, .. } = denial {
        format!("the policy is for the address {allowed}, and CloudFront supports only IPv4 addresses there")
    } else {
        denial.to_string()
    };
    let code = denial.code();
    Failure::new(format!("nothing was signed, CloudFront would answer {}: {why}", code.name()))
}
