//! Decodes percent escapes (RFC 3986, section 2.1) one byte at a time, as a form streams by.

/// A percent sign that two hexadecimal digits do not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokenEscape;

/// What was read of an escape so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Escapes {
    /// Nothing: the next byte stands for itself.
    #[default]
    None,
    /// A percent sign.
    Percent,
    /// A percent sign and the upper half of a byte.
    Upper(u8),
}

impl Escapes {
    /// Takes the next byte of the text and gives the byte that is thereby complete, if any.
    pub(super) fn take(&mut self, byte: u8) -> Result<Option<u8>, BrokenEscape> {
        let (next, complete) = match (*self, byte) {
            (Escapes::None, b'%') => (Escapes::Percent, None),
            (Escapes::None, byte) => (Escapes::None, Some(byte)),
            (Escapes::Percent, digit) => (Escapes::Upper(hex(digit)?), None),
            (Escapes::Upper(upper), digit) => (Escapes::None, Some(upper << 4 | hex(digit)?)),
        };
        *self = next;
        Ok(complete)
    }

    /// Refuses to end within an escape.
    pub(super) fn end(self) -> Result<(), BrokenEscape> {
        if self == Escapes::None { Ok(()) } else { Err(BrokenEscape) }
    }

    /// Undoes the escapes of a whole text.
    pub(super) fn undo(text: &[u8]) -> Result<Vec<u8>, BrokenEscape> {
        let mut escapes = Escapes::default();
        let mut bytes = Vec::with_capacity(text.len());
        for &byte in text {
            bytes.extend(escapes.take(byte)?);
        }
        escapes.end()?;
        Ok(bytes)
    }
}

fn hex(digit: u8) -> Result<u8, BrokenEscape> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(BrokenEscape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_a_percent_sign_and_two_digits() {
        for (text, bytes) in [
            ("", Some(b"".as_slice())),
            ("a+b", Some(b"a+b")),
            ("%41%2f%Ff", Some(b"A/\xff")),
            ("%00", Some(b"\0")),
            ("%2541", Some(b"%41")),
            ("%", None),
            ("%4", None),
            ("%4g", None),
            ("%%41", None),
            ("%+1", None),
        ] {
            assert_eq!(Escapes::undo(text.as_bytes()).ok().as_deref(), bytes, "{text:?}");
        }
    }
}
