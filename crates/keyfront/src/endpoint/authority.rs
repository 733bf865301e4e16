//! Parses the URL of an endpoint.

use http::Uri;

use crate::failure::Failure;

/// Host and port of an endpoint, and whether it is plain HTTP.
pub(super) fn parse_authority(endpoint: &str) -> Result<(String, u16, bool), Failure> {
    let wrong = || Failure::new(format!("{endpoint} is not a URL such as http://127.0.0.1:4700"));
    let uri: Uri = endpoint.parse().map_err(|_not_a_uri| wrong())?;
    let plain = match uri.scheme_str() {
        Some("http") => true,
        Some("https") => false,
        Some(_) | None => return Err(wrong()),
    };
    let host = uri.host().ok_or_else(wrong)?.to_owned();
    if !matches!(uri.path(), "" | "/") {
        return Err(wrong());
    }
    Ok((host, uri.port_u16().unwrap_or(if plain { 80 } else { 443 }), plain))
}
