//! Writes XML documents as the service does: a declaration, one namespace, no white space between elements.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

/// How the service begins its documents.
const DECLARATION: &str = "<?xml version=\"1.0\"?>\n";

/// A document that is being written.
pub(crate) struct XmlDocument {
    writer: Writer<Vec<u8>>,
    root: String,
}

impl XmlDocument {
    /// Begins a document with its root element.
    pub(crate) fn new(root: &str, namespace: &str) -> XmlDocument {
        let writer = Writer::new(DECLARATION.as_bytes().to_vec());
        let mut document = XmlDocument { writer, root: root.to_owned() };
        document.write(Event::Start(BytesStart::new(root).with_attributes([("xmlns", namespace)])));
        document
    }

    /// Begins a part of a document, which has neither a declaration nor a root.
    pub(crate) fn part() -> XmlDocument {
        XmlDocument { writer: Writer::new(Vec::new()), root: String::new() }
    }

    /// What was written of a part.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner()
    }

    /// Adds a part that was written apart.
    pub(crate) fn copy(&mut self, part: &[u8]) {
        self.writer.get_mut().extend_from_slice(part);
    }

    /// Opens an element.
    pub(crate) fn start(&mut self, name: &str) {
        self.write(Event::Start(BytesStart::new(name)));
    }

    /// Closes an element.
    pub(crate) fn end(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element without content in its short form, as the service writes lists without items (captures of
    /// ListVpcOrigins of 2026-10 in MiniStack's tests).
    pub(crate) fn empty(&mut self, name: &str) {
        self.write(Event::Empty(BytesStart::new(name)));
    }

    /// Writes text, escaped.
    pub(crate) fn text(&mut self, text: &str) {
        self.write(Event::Text(BytesText::from_escaped(escape(text))));
    }

    /// Writes an element that holds text alone.
    pub(crate) fn text_element(&mut self, name: &str, text: &str) {
        self.start(name);
        self.text(text);
        self.end(name);
    }

    /// Closes the root element and gives the whole document.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let root = std::mem::take(&mut self.root);
        self.end(&root);
        self.writer.into_inner()
    }

    fn write(&mut self, event: Event<'_>) {
        // A vector takes everything.
        self.writer.write_event(event).unwrap_or_default();
    }
}

/// Escapes text for an element. Quotation marks stay, as the service leaves them. A carriage return would read back
/// as a line feed, so it is written as a reference; characters that XML cannot hold at all become U+FFFD.
fn escape(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| is_xml_character(c) && !matches!(c, '&' | '<' | '>' | '\r');
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let valid: String = text.chars().map(|c| if is_xml_character(c) { c } else { '\u{fffd}' }).collect();
    // quick-xml writes the reference in decimal. No other text has these characters once it is escaped.
    Cow::Owned(partial_escape(valid).replace("&#13;", "&#xD;"))
}

/// The characters that an XML 1.0 document may hold (XML 1.0, section 2.2).
pub(crate) fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_the_service_does() {
        for (text, expected) in [
            ("", ""),
            ("plain \t\n ü😀 \"it's\"", "plain \t\n ü😀 \"it's\""),
            ("a<b>&c", "a&lt;b&gt;&amp;c"),
            ("a\r\nb", "a&#xD;\nb"),
            ("&amp;", "&amp;amp;"),
            ("\0\u{1}\u{b}\u{fffe}\u{ffff}", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("]]>", "]]&gt;"),
            ("&#13;", "&amp;#13;"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_document_has_its_namespace_and_closes_its_root() {
        let mut document = XmlDocument::new("Root", "http://a/&");
        document.text_element("Empty", "");
        document.start("List");
        document.text_element("Item", "1 < 2");
        document.end("List");
        assert_eq!(
            String::from_utf8(document.finish()).unwrap(),
            "<?xml version=\"1.0\"?>\n<Root xmlns=\"http://a/&amp;\"><Empty></Empty><List><Item>1 &lt; 2</Item></List></Root>"
        );
    }
}
