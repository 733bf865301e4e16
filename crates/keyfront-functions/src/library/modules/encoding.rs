//! njs's encodings of bytes as text: UTF-8, hex, base64 and base64url.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rquickjs::{Ctx, Exception, Result, Value};

use super::text;

/// A way to write bytes as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Hex,
    Base64,
    Base64Url,
}

/// Neither padding nor the bits that are left over at the end say anything.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT.with_encode_padding(false));

impl Encoding {
    /// The encoding of this name. njs knows no other spelling.
    pub(super) fn named(name: &str) -> Option<Encoding> {
        match name {
            "utf8" | "utf-8" => Some(Encoding::Utf8),
            "hex" => Some(Encoding::Hex),
            "base64" => Some(Encoding::Base64),
            "base64url" => Some(Encoding::Base64Url),
            _ => None,
        }
    }

    /// The encoding that an argument names; UTF-8 by default.
    pub(super) fn argument<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Encoding> {
        if value.is_undefined() {
            return Ok(Encoding::Utf8);
        }
        let Some(name) = value.as_string() else {
            return Err(Exception::throw_type(ctx, "encoding must be a string"));
        };
        let name = text::of(ctx, name)?;
        Encoding::named(&name)
            .ok_or_else(|| Exception::throw_type(ctx, &format!("\"{name}\" encoding is not supported")))
    }

    /// Bytes as text.
    pub(super) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Encoding::Hex => {
                bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).filter_map(hex_digit).collect()
            }
            Encoding::Base64 => BASE64.encode(bytes),
            Encoding::Base64Url => BASE64_URL.encode(bytes),
        }
    }

    /// The bytes that a text is, up to where it does not belong to the encoding any more.
    pub(super) fn decode(self, text: &str) -> Vec<u8> {
        match self {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Hex => decode_hex(text),
            Encoding::Base64 => decode_base64(&BASE64, base64_part(text, *b"+/")),
            Encoding::Base64Url => decode_base64(&BASE64_URL, base64_part(text, *b"-_")),
        }
    }

    /// How many bytes njs expects in a text. For hex it does not look at the digits.
    pub(super) fn decoded_len(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Hex => text.len() / 2,
            Encoding::Base64 => base64_part(text, *b"+/").len() * 3 / 4,
            Encoding::Base64Url => base64_part(text, *b"-_").len() * 3 / 4,
        }
    }
}

fn hex_digit(value: u8) -> Option<char> {
    char::from_digit(u32::from(value), 16)
}

fn decode_hex(text: &str) -> Vec<u8> {
    let mut digits =
        text.chars().map_while(|char| char.to_digit(16)).filter_map(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len() / 2);
    while let (Some(high), Some(low)) = (digits.next(), digits.next()) {
        bytes.push(high << 4 | low);
    }
    bytes
}

/// The characters of base64 with which a text begins, without one that has no bits for a byte.
fn base64_part(text: &str, last_two: [u8; 2]) -> &[u8] {
    let bytes = text.as_bytes();
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || last_two.contains(byte);
    let length = bytes.iter().take_while(|byte| belongs(byte)).count();
    let usable = if length % 4 == 1 { length - 1 } else { length };
    bytes.get(..usable).unwrap_or_default()
}

fn decode_base64(engine: &GeneralPurpose, part: &[u8]) -> Vec<u8> {
    engine.decode(part).unwrap_or_default()
}
