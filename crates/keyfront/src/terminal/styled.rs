//! Text with colours, whose words are escaped and whose colours are not.

use std::fmt;

use anstyle::Style;

use super::escape::printable;

/// Text in pieces, each with its style.
#[derive(Debug, Default)]
pub(crate) struct Styled {
    pieces: Vec<(Style, String)>,
}

impl Styled {
    /// Adds text without a style.
    pub(crate) fn push(&mut self, text: impl Into<String>) {
        self.push_styled(Style::new(), text);
    }

    /// Adds text in a style.
    pub(crate) fn push_styled(&mut self, style: Style, text: impl Into<String>) {
        self.pieces.push((style, text.into()));
    }

    /// Whether there is no text yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

impl From<String> for Styled {
    fn from(text: String) -> Styled {
        Styled { pieces: vec![(Style::new(), text)] }
    }
}

/// The text with the sequences of its styles, ready to be written.
impl fmt::Display for Styled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (style, text) in &self.pieces {
            write!(f, "{style}{}{style:#}", printable(text))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    #[test]
    fn only_the_colours_of_the_program_are_left() {
        let mut styled = Styled::default();
        styled.push_styled(AnsiColor::Red.on_default(), "- \u{1b}[2J");
        styled.push("\u{9b}a\n");
        assert_eq!(styled.to_string(), "\u{1b}[31m- \\u{1b}[2J\u{1b}[0m\\u{9b}a\n");
    }
}
