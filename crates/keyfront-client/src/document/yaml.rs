//! Reads YAML 1.2 from the events of a parser: a mapping of pairs, or the list of items under `data`.
//!
//! No schema is applied: a plain scalar is the text that stands in the file, so `true`, `1.0` and `007` stay
//! what they are. Aliases are refused rather than followed, so that a small file cannot stand for a large
//! one; tags that would change a text are refused too. What is nested deeper than an item is passed over
//! event by event, without recursion.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput, Tag};

use super::collect::Collector;
use super::problem::{Position, ProblemKind, ValueType};
use super::shape::{Content, Item, Node, Root};

pub(super) fn read(text: &str, collector: &mut Collector<'_>) {
    let mut events = Events(Parser::new_from_str(text));
    if let Err((place, fault)) = document(&mut events, collector) {
        collector.fault(place, fault);
    }
}

/// Why reading stopped, and where.
type Stop = (Position, ProblemKind);

/// The events of a text.
struct Events<'t>(Parser<'t, StrInput<'t>>);

impl<'t> Events<'t> {
    /// The next event. Behind the end of the text there is only the end.
    fn next(&mut self) -> Result<(Event<'t>, Position), Stop> {
        match self.0.next_event() {
            None => Ok((Event::StreamEnd, Position { line: 1, column: None })),
            Some(Ok((event, span))) => Ok((event, place(span.start))),
            Some(Err(error)) => {
                let message = error.info().to_owned();
                Err((place(*error.marker()), ProblemKind::Syntax { format: "YAML", message }))
            }
        }
    }

    /// The next node; a list or a mapping is passed over.
    fn node(&mut self) -> Result<Node, Stop> {
        let (event, place) = self.next()?;
        self.rest_of(&event, place)
    }

    /// The node that an event begins; a list or a mapping is passed over.
    fn rest_of(&mut self, event: &Event<'t>, place: Position) -> Result<Node, Stop> {
        let content = match event {
            Event::Scalar(text, style, _, tag) => scalar(text, *style, tag.as_deref()),
            Event::Alias(_) => Content::Other(ValueType::Alias),
            Event::SequenceStart(..) => {
                self.pass_over()?;
                Content::Other(ValueType::List)
            }
            Event::MappingStart(..) => {
                self.pass_over()?;
                Content::Other(ValueType::Object)
            }
            // The parser gives a node wherever one is due.
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Content::Other(ValueType::Null),
        };
        Ok(Node { place, content })
    }

    /// Passes over what is left of the list or mapping that has just begun.
    fn pass_over(&mut self) -> Result<(), Stop> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()?.0 {
                Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
                Event::SequenceEnd | Event::MappingEnd => depth -= 1,
                Event::StreamEnd => return Ok(()),
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Alias(_)
                | Event::Scalar(..) => {}
            }
        }
        Ok(())
    }
}

fn place(marker: Marker) -> Position {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Position { line: number(marker.line()), column: Some(number(marker.col()).saturating_add(1)) }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Content {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    match (tag, core) {
        // The core schema's ways to write a null, where nothing says that it is a text.
        (None, _) if style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") => {
            Content::Other(ValueType::Null)
        }
        (None, _) | (_, Some("str" | "int" | "float" | "bool")) => Content::Text(text.to_owned()),
        (_, Some("null")) => Content::Other(ValueType::Null),
        // A lone `!` says that the scalar is a text.
        (Some(tag), _) if tag.handle.is_empty() && tag.suffix == "!" => Content::Text(text.to_owned()),
        (Some(_), _) => Content::Other(ValueType::Tagged),
    }
}

/// The stream: one document that is a mapping.
fn document(events: &mut Events<'_>, collector: &mut Collector<'_>) -> Result<(), Stop> {
    let (_stream_start, _) = events.next()?;
    let (start, place) = events.next()?;
    if start == Event::StreamEnd {
        return Err((place, ProblemKind::EmptyDocument));
    }
    let (root, place) = events.next()?;
    if matches!(root, Event::MappingStart(..)) {
        mapping(events, collector)?;
    } else {
        let fault = match events.rest_of(&root, place)?.content {
            Content::Other(ValueType::Null) => ProblemKind::EmptyDocument,
            Content::Other(kind) => ProblemKind::DocumentType(kind),
            Content::Text(_) | Content::Read => ProblemKind::DocumentText,
        };
        collector.fault(place, fault);
    }
    let (_document_end, _) = events.next()?;
    match events.next()? {
        (Event::StreamEnd, _) => Ok(()),
        (_, place) => Err((place, ProblemKind::SecondDocument)),
    }
}

/// The members of the document.
fn mapping(events: &mut Events<'_>, collector: &mut Collector<'_>) -> Result<(), Stop> {
    let mut root = Root::default();
    while let Some((place, name)) = name(events)? {
        let holds_items = matches!(&name, Ok(name) if Root::holds_items(name));
        let (event, value_place) = events.next()?;
        let node = if holds_items && matches!(event, Event::SequenceStart(..)) {
            items(events, collector)?;
            Node { place: value_place, content: Content::Read }
        } else {
            events.rest_of(&event, value_place)?
        };
        match name {
            Ok(name) => root.member(place, name, node, collector),
            Err(kind) => collector.fault(place, ProblemKind::KeyType(kind)),
        }
    }
    root.finish(collector);
    Ok(())
}

/// The name of a member: its text, or what it is instead; and where it is.
type Name = (Position, Result<String, ValueType>);

/// The name of the next member of a mapping. None at the end.
fn name(events: &mut Events<'_>) -> Result<Option<Name>, Stop> {
    let (event, place) = events.next()?;
    if matches!(event, Event::MappingEnd | Event::StreamEnd) {
        return Ok(None);
    }
    // As a name, a plain null is a text too: `null: x` is the key "null".
    if let Event::Scalar(text, _, _, None) = event {
        return Ok(Some((place, Ok(text.into_owned()))));
    }
    let name = match events.rest_of(&event, place)?.content {
        Content::Text(text) => Ok(text),
        Content::Other(kind) => Err(kind),
        Content::Read => Err(ValueType::List),
    };
    Ok(Some((place, name)))
}

/// The list under `data`.
fn items(events: &mut Events<'_>, collector: &mut Collector<'_>) -> Result<(), Stop> {
    loop {
        let (event, place) = events.next()?;
        if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
            return Ok(());
        }
        if matches!(event, Event::MappingStart(..)) {
            item(events, Item::new(place), collector)?;
        } else {
            events.rest_of(&event, place)?.expect_item(collector);
        }
    }
}

fn item(events: &mut Events<'_>, mut item: Item, collector: &mut Collector<'_>) -> Result<(), Stop> {
    while let Some((place, name)) = name(events)? {
        let node = events.node()?;
        match name {
            Ok(name) => item.member(place, &name, node, collector),
            Err(kind) => collector.fault(place, ProblemKind::KeyType(kind)),
        }
    }
    item.finish(collector);
    Ok(())
}
