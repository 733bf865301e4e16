//! Reads `restXml` documents.
//!
//! Elements are matched by local name; a namespace is tolerated and not required, as on the service.
//! Unknown elements are skipped. What a document could be abused for is refused: document types,
//! entities beyond the five predefined ones, deep nesting, a scalar given twice, anything after the root.

use base64::Engine as _;
use keyfront_error::{Code, ServiceError};
use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

use crate::encode::is_xml_character;
use crate::model::{Kind, Service, ShapeId, Structure};

/// Deepest nesting of elements that is followed. The model's deepest input has eleven.
const MAX_DEPTH: usize = 32;

const NOT_WELL_FORMED: &str =
    "The XML document provided was not well-formed or did not validate against our published schema";

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

fn malformed() -> ServiceError {
    ServiceError::new(Code::MalformedXML, NOT_WELL_FORMED)
}

struct Document<'d> {
    service: &'d Service,
    reader: Reader<&'d [u8]>,
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
        let mut document = Document { service, reader };
        let (start, empty) = document.root()?;
        if start.local_name().as_ref() != root {
            return Err(malformed());
        }
        let value = read(&mut document, empty)?;
        document.end()?;
        Ok(value)
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
            Kind::List { item, element, .. } => self.list(*item, element, empty, depth).map(Value::Array),
            Kind::String | Kind::Timestamp => self.text(empty).map(Value::String),
            Kind::Blob => self.blob(empty).map(Value::String),
            Kind::Integer | Kind::Long => {
                self.text(empty)?.trim().parse::<i64>().map(Value::from).map_err(|_not_a_number| malformed())
            }
            Kind::Float => {
                // Neither NaN nor infinity is a number that a document can hold.
                let number = self.text(empty)?.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                number.map(Value::from).ok_or_else(malformed)
            }
            Kind::Boolean => match self.text(empty)?.trim() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(malformed()),
            },
        }
    }

    fn structure(
        &mut self,
        structure: &Structure,
        empty: bool,
        depth: usize,
    ) -> Result<Map<String, Value>, ServiceError> {
        let mut members = Map::new();
        while let Some((start, empty)) = if empty { None } else { self.child(depth)? } {
            let name = start.local_name();
            let member = structure.body_members().find(|m| m.wire_name == name.as_ref());
            let Some(member) = member else {
                self.skip(empty, depth)?;
                continue;
            };
            let value = self.value(member.shape, empty, depth + 1)?;
            if members.insert(member.name.to_owned(), value).is_some() {
                return Err(malformed());
            }
        }
        Ok(members)
    }

    fn list(
        &mut self,
        item: ShapeId,
        element: &str,
        empty: bool,
        depth: usize,
    ) -> Result<Vec<Value>, ServiceError> {
        let mut items = Vec::new();
        while let Some((start, empty)) = if empty { None } else { self.child(depth)? } {
            if start.local_name().as_ref() == element {
                items.push(self.value(item, empty, depth + 1)?);
            } else {
                self.skip(empty, depth)?;
            }
        }
        Ok(items)
    }

    /// The next child element, or nothing at the end of the parent. Text between elements must be blank.
    fn child(&mut self, depth: usize) -> Result<Option<(BytesStart<'d>, bool)>, ServiceError> {
        if depth > MAX_DEPTH {
            return Err(malformed());
        }
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some((start, false))),
                Event::Empty(start) => return Ok(Some((start, true))),
                Event::End(_) => return Ok(None),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if is_blank(&text) => {}
                Event::Text(_)
                | Event::CData(_)
                | Event::GeneralRef(_)
                | Event::Decl(_)
                | Event::DocType(_)
                | Event::Eof => {
                    return Err(malformed());
                }
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
        match base64::engine::general_purpose::STANDARD.decode(&text) {
            Ok(_) => Ok(text),
            Err(_) => Err(malformed()),
        }
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
                Event::Start(_) | Event::Empty(_) | Event::Decl(_) | Event::DocType(_) | Event::Eof => {
                    return Err(malformed());
                }
            }
        }
        if out.chars().all(is_xml_character) { Ok(out) } else { Err(malformed()) }
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
