//! YAML with CloudFormation's short forms, as values of JSON.
//!
//! `!Ref x` is `{"Ref": "x"}`, and `!Sub x` is `{"Fn::Sub": "x"}`. Plain scalars are what YAML's core schema says,
//! but for numbers that would not print as they are written, such as `0012` and `1e3`: they are texts. Aliases are
//! refused, as CloudFormation refuses them.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput, Tag};
use serde_json::{Map, Number, Value};

use crate::Mistake;
use crate::nearest;

/// The deepest nesting that is followed. CloudFront's deepest configuration has eleven levels.
const MAX_DEPTH: usize = 100;

/// The functions that have a short form, without `Ref` and `Condition`, which have no prefix in the long one.
const FUNCTIONS: [&str; 18] = [
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
];

/// Reads a text with one document of YAML, with CloudFormation's short forms.
///
/// # Errors
/// It is no YAML, or has what CloudFormation refuses.
pub fn read(text: &str) -> Result<Value, Mistake> {
    let mut events = Events { parser: Parser::new_from_str(text), place: String::from("line 1") };
    let mut event = events.next()?;
    while matches!(event, Event::StreamStart | Event::DocumentStart(_)) {
        event = events.next()?;
    }
    if event == Event::StreamEnd {
        return Err(events.mistake("the template is empty"));
    }
    let document = events.node(event, 0)?;
    let mut event = events.next()?;
    while event == Event::DocumentEnd {
        event = events.next()?;
    }
    if event != Event::StreamEnd {
        return Err(events.mistake("a template is one document, and a second one begins here"));
    }
    Ok(document)
}

struct Events<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// Where the last event began.
    place: String,
}

impl<'t> Events<'t> {
    fn mistake(&self, message: impl Into<String>) -> Mistake {
        Mistake::new(&self.place, message)
    }

    fn next(&mut self) -> Result<Event<'t>, Mistake> {
        match self.parser.next_event() {
            None => Ok(Event::StreamEnd),
            Some(Ok((event, span))) => {
                self.place = place(&span.start);
                Ok(event)
            }
            Some(Err(error)) => Err(Mistake::new(
                place(error.marker()),
                format!("the template is not YAML: {}", error.info()),
            )),
        }
    }

    /// The node that an event begins.
    fn node(&mut self, event: Event<'t>, depth: usize) -> Result<Value, Mistake> {
        if depth > MAX_DEPTH {
            return Err(self.mistake(format!("the template is nested deeper than {MAX_DEPTH} levels")));
        }
        match event {
            Event::Scalar(text, style, _, tag) => match self.function(tag.as_deref())? {
                Some(function) => Ok(called(&function, Value::from(text.into_owned()))),
                None => Ok(scalar(&text, style, tag.as_deref())),
            },
            Event::SequenceStart(_, tag) => {
                let function = self.function(tag.as_deref())?;
                let mut items = Vec::new();
                let mut event = self.next()?;
                while event != Event::SequenceEnd {
                    items.push(self.node(event, depth + 1)?);
                    event = self.next()?;
                }
                Ok(wrapped(function, Value::Array(items)))
            }
            Event::MappingStart(_, tag) => {
                let function = self.function(tag.as_deref())?;
                let members = self.mapping(depth)?;
                Ok(wrapped(function, Value::Object(members)))
            }
            Event::Alias(_) => Err(self.mistake(
                "CloudFormation takes no YAML aliases; write the value out, or use a mapping or a parameter",
            )),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Err(self.mistake("a value is missing")),
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Map<String, Value>, Mistake> {
        let mut members = Map::new();
        loop {
            let name = match self.next()? {
                Event::MappingEnd => return Ok(members),
                Event::Scalar(name, _, _, None) => name.into_owned(),
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..) => return Err(self.mistake("a name must be a plain text")),
            };
            let here = self.place.clone();
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if members.insert(name.clone(), value).is_some() {
                return Err(Mistake::new(here, format!("{name} stands twice")));
            }
        }
    }

    /// The long form of the function that a tag is; nothing for no tag and for YAML's own.
    fn function(&self, tag: Option<&Tag>) -> Result<Option<String>, Mistake> {
        let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) else { return Ok(None) };
        let name = tag.suffix.as_str();
        match name {
            "" | "!" => Ok(None),
            "Ref" | "Condition" => Ok(Some(name.to_owned())),
            name if tag.handle == "!" && FUNCTIONS.contains(&name) => Ok(Some(format!("Fn::{name}"))),
            name => {
                let hint = nearest::hint(name, FUNCTIONS.into_iter().chain(["Ref", "Condition"]));
                Err(self.mistake(format!("!{name} is no intrinsic function that is known here{hint}")))
            }
        }
    }
}

fn place(marker: &Marker) -> String {
    format!("line {}, column {}", marker.line(), marker.col() + 1)
}

fn called(function: &str, argument: Value) -> Value {
    Value::Object(Map::from_iter([(function.to_owned(), argument)]))
}

fn wrapped(function: Option<String>, value: Value) -> Value {
    match function {
        None => value,
        Some(function) => called(&function, value),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    if style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str" || tag.suffix == "!") {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        text => number(text).unwrap_or_else(|| Value::from(text)),
    }
}

/// A number that prints as it is written.
fn number(text: &str) -> Option<Value> {
    let number = match text.parse::<i64>() {
        Ok(number) => Number::from(number),
        Err(_) => Number::from_f64(text.parse().ok()?)?,
    };
    (number.to_string() == text).then_some(Value::Number(number))
}
