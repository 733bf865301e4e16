//! Converts offsets in a text to lines and columns, and reads a text while counting.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;

use super::problem::Position;

/// The places of a text. Asking for them in the order of the text costs one pass over it.
pub(super) struct Positions<'t> {
    text: &'t str,
    /// How many bytes a [`Reader`] has handed out, from the start of the text.
    read: Cell<usize>,
    mark: Cell<Mark>,
}

/// A byte of the text, with the line and the column that it stands in.
#[derive(Clone, Copy)]
struct Mark {
    offset: usize,
    line: u64,
    column: u64,
}

const START: Mark = Mark { offset: 0, line: 1, column: 1 };

impl Mark {
    /// The same for a later byte.
    fn advanced(mut self, bytes: &[u8], offset: usize) -> Mark {
        for byte in bytes.get(self.offset..offset).unwrap_or_default() {
            if *byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else if !is_inside_character(*byte) {
                self.column += 1;
            }
        }
        Mark { offset, ..self }
    }

    fn place(self) -> Position {
        Position { line: self.line, column: Some(self.column) }
    }
}

/// Whether a byte of UTF-8 continues a character.
fn is_inside_character(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// The place of one byte of a text that may not be UTF-8 everywhere.
pub(super) fn place_in(bytes: &[u8], offset: usize) -> Position {
    START.advanced(bytes, offset).place()
}

impl<'t> Positions<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Positions { text, read: Cell::new(0), mark: Cell::new(START) }
    }

    /// The place of the byte at an offset.
    pub(super) fn place(&self, offset: usize) -> Position {
        let mark = self.mark.get();
        let start = if mark.offset <= offset { mark } else { START };
        self.mark.set(start.advanced(self.text.as_bytes(), offset));
        self.mark.get().place()
    }

    /// The place of the byte that was read last.
    pub(super) fn last_read(&self) -> Position {
        self.place(self.read.get().saturating_sub(1))
    }

    /// The place where the JSON string begins whose closing quotation mark was read last.
    pub(super) fn string_start(&self) -> Position {
        let mut end = self.read.get().saturating_sub(1);
        loop {
            let before = self.text.as_bytes().get(..end).unwrap_or_default();
            let Some(quote) = before.iter().rposition(|byte| *byte == b'"') else {
                return self.place(end);
            };
            let escapes = before.iter().take(quote).rev().take_while(|byte| **byte == b'\\').count();
            if escapes % 2 == 0 {
                return self.place(quote);
            }
            end = quote;
        }
    }

    /// Reads a part of the text, and notes how far.
    pub(super) fn reader(&self, part: Range<usize>) -> Reader<'_, 't> {
        self.read.set(part.start);
        Reader { positions: self, end: part.end }
    }
}

/// Reads a part of a text; [`Positions::last_read`] tells how far.
pub(super) struct Reader<'p, 't> {
    positions: &'p Positions<'t>,
    end: usize,
}

impl Read for Reader<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Positions { text, read, .. } = self.positions;
        let mut rest = text.as_bytes().get(read.get()..self.end).unwrap_or_default();
        let count = rest.read(buffer)?;
        read.set(read.get() + count);
        Ok(count)
    }
}
