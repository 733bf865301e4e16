//! Decodes UTF-8 byte by byte, as njs does with percent-encoded text.

/// What a byte led to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A character is complete.
    Char(char),
    /// The character goes on.
    More,
    /// The byte does not belong here. It is used up, and so is what came before.
    Bad,
}

/// The state between two bytes.
#[derive(Debug, Default)]
pub(super) struct Utf8 {
    code: u32,
    /// How many bytes are still to come.
    missing: u8,
    /// Which bytes may come next: a first one may allow fewer than all.
    lower: u8,
    upper: u8,
}

impl Utf8 {
    /// Takes the next byte.
    pub(super) fn take(&mut self, byte: u8) -> Step {
        if self.missing == 0 { self.first(byte) } else { self.next(byte) }
    }

    /// Whether a character has begun and is not complete.
    pub(super) fn is_open(&self) -> bool {
        self.missing > 0
    }

    /// Forgets a character that has begun.
    pub(super) fn reset(&mut self) {
        *self = Utf8::default();
    }

    fn first(&mut self, byte: u8) -> Step {
        (self.missing, self.lower, self.upper) = match byte {
            0..=0x7f => return Step::Char(char::from(byte)),
            0xc2..=0xdf => (1, 0x80, 0xbf),
            0xe0 => (2, 0xa0, 0xbf),
            0xed => (2, 0x80, 0x9f),
            0xe1..=0xef => (2, 0x80, 0xbf),
            0xf0 => (3, 0x90, 0xbf),
            0xf1..=0xf3 => (3, 0x80, 0xbf),
            0xf4 => (3, 0x80, 0x8f),
            0x80..=0xc1 | 0xf5..=0xff => return Step::Bad,
        };
        self.code = u32::from(byte) & (0x3f >> self.missing);
        Step::More
    }

    fn next(&mut self, byte: u8) -> Step {
        if !(self.lower..=self.upper).contains(&byte) {
            self.reset();
            return Step::Bad;
        }
        (self.lower, self.upper) = (0x80, 0xbf);
        self.code = self.code << 6 | u32::from(byte & 0x3f);
        self.missing -= 1;
        if self.is_open() {
            return Step::More;
        }
        char::from_u32(self.code).map_or(Step::Bad, Step::Char)
    }
}
