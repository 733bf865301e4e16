//! Reads `restXml` documents.
//!
//! Elements are matched by local name; a namespace is tolerated and not required, as on the service.
//! Unknown elements are skipped. Every child of a list is an item, whatever its name; of a member that is given twice the
//! last counts; text beside elements is passed over. What a document could be abused for is refused: document types,
//! entities beyond the five predefined ones, deep nesting, anything after the root.
//!
//! What cannot be read is `MalformedInput`, in the service's words where they are known (captures of CreateFunction,
//! CreateVpcOrigin and UpdateVpcOrigin of 2026-10 in MiniStack's tests).

use base64::Engine as _;
use keyfront_error::{Code, ServiceError};
use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

use crate::encode::is_xml_character;
use crate::model::{Kind, Service, ShapeId, Structure};

/// Deepest nesting of elements that is followed. The model's deepest input has eleven.
const MAX_DEPTH: usize = 32;

/// What the service says of a structure that holds text alone.
const TEXT_ALONE: &str = "Unexpected complex element termination";

/// Characters of a name that a refusal shows: it is a client's, and may be as long as a document.
const MAX_SHOWN: usize = 128;

/// Reads a document whose root holds the members themselves.
pub(super) fn members(
    service: &Service,
    root: &str,
    structure: &Structure,
    body: &[u8],
) -> Result<Map<String, Value>, ServiceError> {
    Document::parse(service, body, root, |document, empty| document.structure(structure, empty, 1))
}

/// Reads a document whose root is one value.
pub(super) fn payload(
    service: &Service,
    root: &str,
    shape: ShapeId,
    body: &[u8],
) -> Result<Value, ServiceError> {
    Document::parse(service, body, root, |document, empty| document.value(shape, empty, 1))
}

/// Whether a declaration is of XML 1.x and of the one encoding that is read; ASCII is a part of it.
fn is_utf8(declaration: &BytesDecl<'_>) -> bool {
    let version = declaration.version().is_ok_and(|version| version.starts_with("1."));
    let encoding = match declaration.encoding() {
        None => true,
        Some(Ok(name)) => ["utf-8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)),
        Some(Err(_)) => false,
    };
    version && encoding
}

/// The refusal of what is no XML document.
fn malformed() -> ServiceError {
    unreadable("Could not parse XML")
}

/// The refusal of a document that says something else than its shape.
const fn unreadable(text: &'static str) -> ServiceError {
    ServiceError::new(Code::MalformedInput, text)
}

/// The refusal of what is not a number or a truth value.
fn not_a(kind: &Kind, text: &str) -> ServiceError {
    let number = matches!(kind, Kind::Integer | Kind::Long | Kind::Float);
    unreadable(if number && text.is_empty() { "missing value for decimal type" } else { "" })
}

/// Whether there was text where elements were expected.
#[derive(Clone, Copy, PartialEq)]
enum TextFound {
    None,
    Blank,
    Words,
}

struct Document<'d> {
    service: &'d Service,
    reader: Reader<&'d [u8]>,
    /// Some bytes were not base64, which is said when everything else could be read.
    has_bad_base64: bool,
}

impl<'d> Document<'d> {
    fn parse<T>(
        service: &'d Service,
        body: &'d [u8],
        root: &str,
        read: impl FnOnce(&mut Self, bool) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let text = std::str::from_utf8(body).map_err(|_not_utf8| malformed())?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut document = Document { service, reader, has_bad_base64: false };
        let (start, empty) = document.root()?;
        let name = start.local_name();
        if name.as_ref() != root {
            let found: String = name.as_ref().chars().take(MAX_SHOWN).collect();
            let text = format!("{found} is not valid, expected {root}");
            return Err(ServiceError::with(Code::MalformedInput, text));
        }
        let value = read(&mut document, empty)?;
        document.end()?;
        if document.has_bad_base64 { Err(unreadable("Invalid Base64 encoding")) } else { Ok(value) }
    }

    fn event(&mut self) -> Result<Event<'d>, ServiceError> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) | Err(_) => Err(malformed()),
            Ok(event) => Ok(event),
        }
    }

    /// The root element, and whether it is written as an empty one.
    fn root(&mut self) -> Result<(BytesStart<'d>, bool), ServiceError> {
        let mut event = self.event()?;
        // A declaration stands at the very beginning or nowhere (XML 1.0, section 2.8).
        if let Event::Decl(declaration) = &event {
            if !is_utf8(declaration) {
                return Err(malformed());
            }
            event = self.event()?;
        }
        loop {
            match event {
                Event::Start(start) => return Ok((start, false)),
                Event::Empty(start) => return Ok((start, true)),
                Event::PI(_) | Event::Comment(_) => {}
                Event::Text(text) if is_blank(&text) => {}
                Event::Text(_)
                | Event::CData(_)
                | Event::GeneralRef(_)
                | Event::End(_)
                | Event::Decl(_)
                | Event::DocType(_)
                | Event::Eof => {
                    return Err(malformed());
                }
            }
            event = self.event()?;
        }
    }

    fn end(&mut self) -> Result<(), ServiceError> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::PI(_) | Event::Comment(_) => {}
                Event::Text(text) if is_blank(&text) => {}
                Event::Start(_)
                | Event::End(_)
                | Event::Empty(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Decl(_)
                | Event::DocType(_)
                | Event::GeneralRef(_) => return Err(malformed()),
            }
        }
    }

    /// Reads the content of an element that was just opened, up to and with its end.
    fn value(&mut self, shape: ShapeId, empty: bool, depth: usize) -> Result<Value, ServiceError> {
        let shape = self.service.shape(shape);
        match &shape.kind {
            Kind::Structure(structure) => self.structure(structure, empty, depth).map(Value::Object),
            Kind::List { item, .. } => self.list(*item, empty, depth).map(Value::Array),
            Kind::String | Kind::Timestamp => self.text(empty).map(Value::String),
            Kind::Blob => self.blob(empty).map(Value::String),
            kind @ (Kind::Integer | Kind::Long | Kind::Float | Kind::Boolean) => {
                let text = self.text(empty)?;
                scalar(kind, &text).ok_or_else(|| not_a(kind, &text))
            }
        }
    }

    fn structure(
        &mut self,
        structure: &Structure,
        empty: bool,
        depth: usize,
    ) -> Result<Map<String, Value>, ServiceError> {
        let mut members = Map::new();
        let (mut text, mut is_empty) = (TextFound::None, true);
        while let Some((start, empty)) = if empty { None } else { self.child(depth, &mut text)? } {
            is_empty = false;
            let name = start.local_name();
            let member = structure.body_members().find(|m| m.wire_name == name.as_ref());
            let Some(member) = member else {
                self.skip(empty, depth)?;
                continue;
            };
            let value = self.value(member.shape, empty, depth + 1)?;
            members.insert(member.name.to_owned(), value);
        }
        // Not even white space may stand there alone.
        if is_empty && text != TextFound::None {
            return Err(unreadable(TEXT_ALONE));
        }
        Ok(members)
    }

    fn list(&mut self, item: ShapeId, empty: bool, depth: usize) -> Result<Vec<Value>, ServiceError> {
        let mut items = Vec::new();
        let mut text = TextFound::None;
        while let Some((_start, empty)) = if empty { None } else { self.child(depth, &mut text)? } {
            items.push(self.value(item, empty, depth + 1)?);
        }
        if items.is_empty() && text == TextFound::Words {
            return Err(unreadable(TEXT_ALONE));
        }
        Ok(items)
    }

    /// The next child element, or nothing at the end of the parent. Notes the text before it.
    fn child(
        &mut self,
        depth: usize,
        text_found: &mut TextFound,
    ) -> Result<Option<(BytesStart<'d>, bool)>, ServiceError> {
        if depth > MAX_DEPTH {
            return Err(malformed());
        }
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some((start, false))),
                Event::Empty(start) => return Ok(Some((start, true))),
                Event::End(_) => return Ok(None),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if is_blank(&text) => {
                    if *text_found == TextFound::None {
                        *text_found = TextFound::Blank;
                    }
                }
                Event::Text(_) | Event::CData(_) => *text_found = TextFound::Words,
                Event::GeneralRef(reference) => {
                    character(&reference)?;
                    *text_found = TextFound::Words;
                }
                Event::Decl(_) | Event::DocType(_) | Event::Eof => return Err(malformed()),
            }
        }
    }

    /// Passes over an element that the model does not know.
    fn skip(&mut self, empty: bool, depth: usize) -> Result<(), ServiceError> {
        let mut open = usize::from(!empty);
        while open > 0 {
            match self.event()? {
                Event::Start(_) if depth + open >= MAX_DEPTH => return Err(malformed()),
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Eof | Event::Decl(_) | Event::DocType(_) => return Err(malformed()),
                Event::Empty(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::PI(_)
                | Event::GeneralRef(_) => {}
            }
        }
        Ok(())
    }

    /// The base64 text of an element, without the white space that some writers break it with.
    fn blob(&mut self, empty: bool) -> Result<String, ServiceError> {
        let mut text = self.text(empty)?;
        text.retain(|character| !character.is_ascii_whitespace());
        self.has_bad_base64 |= base64::engine::general_purpose::STANDARD.decode(&text).is_err();
        Ok(text)
    }

    /// The text of an element, to the byte: a PEM keeps its last newline.
    fn text(&mut self, empty: bool) -> Result<String, ServiceError> {
        let mut out = String::new();
        if empty {
            return Ok(out);
        }
        loop {
            match self.event()? {
                Event::Text(text) => out.push_str(&text.xml10_content()),
                Event::CData(text) => out.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => out.push(character(&reference)?),
                Event::Comment(_) | Event::PI(_) => {}
                Event::End(_) => break,
                Event::Start(_) | Event::Empty(_) => {
                    return Err(unreadable("Start of list found where not expected"));
                }
                Event::Decl(_) | Event::DocType(_) | Event::Eof => return Err(malformed()),
            }
        }
        if out.chars().all(is_xml_character) { Ok(out) } else { Err(malformed()) }
    }
}

/// A number or a truth value; nothing for another text. A number may have a sign and zeros before it, and of white space
/// an integer has none around it.
fn scalar(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Integer => text.parse::<i32>().ok().map(Value::from),
        Kind::Long => text.parse::<i64>().ok().map(Value::from),
        // Neither NaN nor infinity is a number that a document can hold.
        Kind::Float => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
        Kind::Boolean => match text.trim() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Structure(_) | Kind::List { .. } | Kind::String | Kind::Blob | Kind::Timestamp => None,
    }
}

/// Whether text between elements is only white space.
fn is_blank(text: &BytesText<'_>) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// What a reference stands for: a character by number, or one of the five predefined entities.
fn character(reference: &BytesRef<'_>) -> Result<char, ServiceError> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => return Ok(character),
        Ok(None) => {}
        Err(_) => return Err(malformed()),
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(malformed()),
    }
}
