//! Base64 as CloudFront writes it in URLs and cookies: `-`, `_` and `~` for `+`, `=` and `/`.
//!
//! Decoding takes the one canonical form only: with padding, without stray bits, and not percent-encoded.
//! So no two texts mean the same bytes, and no change to a signed URL leaves its meaning as it was.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Why a text cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// A character of the standard alphabet that CloudFront replaces.
    #[error(
        "it has {found:?} at character {at}; CloudFront's base64 has `-` for `+`, `_` for `=` and `~` for `/`"
    )]
    StandardAlphabet {
        /// The character.
        found: char,
        /// Its place, counted in bytes from 0.
        at: usize,
    },
    /// A percent sign: the value was encoded once more on its way, and incompletely or twice if it came in a query.
    #[error("it is percent-encoded at character {at}; it must be sent as the signer wrote it")]
    PercentEncoded {
        /// Its place, counted in bytes from 0.
        at: usize,
    },
    /// A character that no base64 has, in a value that came percent-encoded.
    #[error("it came percent-encoded, and decoded it has {found:?} at character {at}, which is not base64")]
    DecodedForeign {
        /// The character.
        found: char,
        /// Its place in the decoded value, counted in bytes from 0.
        at: usize,
    },
    /// A character that no base64 has.
    #[error("it has {found:?} at character {at}, which is not base64")]
    Foreign {
        /// The character.
        found: char,
        /// Its place, counted in bytes from 0.
        at: usize,
    },
    /// The characters are right, but the text is cut short, or its padding or its last character is wrong.
    #[error("its length or its padding is wrong: it has {length} characters and may have been cut short")]
    Incomplete {
        /// How many characters there are.
        length: usize,
    },
}

/// Bytes in CloudFront's base64.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let to_cloudfront = |c| match c {
        '+' => '-',
        '=' => '_',
        '/' => '~',
        other => other,
    };
    STANDARD.encode(bytes).chars().map(to_cloudfront).collect()
}

/// The bytes that a text in CloudFront's base64 stands for.
pub fn decode(text: &str) -> Result<Vec<u8>, Undecodable> {
    let to_standard = |byte| match byte {
        b'-' => b'+',
        b'_' => b'=',
        b'~' => b'/',
        // Not base64 at all, so that these are refused below.
        b'+' | b'=' | b'/' => 0,
        other => other,
    };
    let standard: Vec<u8> = text.bytes().map(to_standard).collect();
    STANDARD.decode(standard).map_err(|_reason| why_not(text))
}

fn why_not(text: &str) -> Undecodable {
    let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '~');
    match text.char_indices().find(|(_, found)| !is_known(*found)) {
        Some((at, found @ ('+' | '=' | '/'))) => Undecodable::StandardAlphabet { found, at },
        Some((at, '%')) => Undecodable::PercentEncoded { at },
        Some((at, found)) => Undecodable::Foreign { found, at },
        None => Undecodable::Incomplete { length: text.len() },
    }
}
