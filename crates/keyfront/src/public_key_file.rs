//! Reads a public key from a PEM file.

use std::path::Path;

use keyfront_domain::public_key::PublicKey;

use crate::failure::Failure;

/// Reads a public key: its text and the key.
///
/// # Errors
/// Say what the file holds instead, and how to make a public key of it.
pub(crate) fn read(path: &Path) -> Result<(String, PublicKey), Failure> {
    let file = path.display();
    let encoded = std::fs::read_to_string(path)
        .map_err(|error| Failure::because(format!("the public key {file} cannot be read"), &error))?;
    match PublicKey::examine(&encoded) {
        Ok(key) => Ok((encoded, key)),
        Err(reason) => {
            let remedy = reason.remedy(&file.to_string());
            let remedy = remedy.map_or_else(String::new, |command| format!("; make one with: {command}"));
            Err(Failure::new(format!("{file} is not a public key that CloudFront takes: {reason}{remedy}")))
        }
    }
}
