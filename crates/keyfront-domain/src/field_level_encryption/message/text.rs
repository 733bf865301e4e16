//! Messages as text: base64 (RFC 4648, section 4), and how that stands in a form.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD};

use super::Undecryptable;
use crate::field_level_encryption::escapes::Escapes;

/// A message in base64, as its owner finds it in the form.
pub fn to_base64(message: &[u8]) -> String {
    STANDARD.encode(message)
}

/// A message in base64 as it stands in the body of a form. `+`, `/` and `=` are escaped, because every
/// reader of forms takes a bare `+` for a space.
pub fn to_form_value(message: &[u8]) -> String {
    to_base64(message).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// Reads a message in any of the forms in which it travels: as it is, in base64 with or without padding, or in base64 with
/// the escapes of a form.
///
/// # Errors
/// Neither a message nor base64.
pub fn from_text(text: &[u8]) -> Result<Vec<u8>, Undecryptable> {
    // The versions of the format. Neither is a character of base64.
    if matches!(text.first(), Some(1 | 2)) {
        return Ok(text.to_vec());
    }
    let lenient = PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
    let text = Escapes::undo(text.trim_ascii()).ok().ok_or(Undecryptable::NotBase64)?;
    let lines = text.into_iter().filter(|byte| !b"\r\n".contains(byte));
    // A decoder of forms that met a bare `+` made a space of it.
    let text: Vec<u8> = lines.map(|byte| if byte == b' ' { b'+' } else { byte }).collect();
    engine.decode(text).ok().ok_or(Undecryptable::NotBase64)
}
