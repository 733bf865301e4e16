//! Turns a request into the input of its operation, guided by its shape.
//!
//! A list that may be too long for that is handed over item by item; see [`Service::each_item`].
//!
//! An input is a JSON object with the model's member names, wherever a member travelled. Blobs stay
//! base64 text, except a payload, which is encoded as such. Types are checked here; constraints are
//! checked afterwards, in [`crate::check`].

mod answer;
mod json;
mod xml;

use base64::Engine as _;
use http::HeaderMap;
use keyfront_error::{Code, ServiceError};
use serde_json::{Map, Value};

use crate::model::{Kind, Location, Member, Operation, Protocol, Service, Structure};
use crate::percent::{percent_decode, query_pairs};

/// A request whose operation is known.
#[derive(Debug)]
pub struct Incoming<'r> {
    /// The labels of the path, still encoded.
    pub labels: &'r [(&'r str, &'r str)],
    /// The query string, still encoded.
    pub query: &'r str,
    /// The headers.
    pub headers: &'r HeaderMap,
    /// The whole body.
    pub body: &'r [u8],
}

impl Service {
    /// Reads the input of `operation`.
    ///
    /// # Errors
    /// `MalformedInput`, `SerializationException` or `MissingBody` for a body that cannot be read;
    /// `InvalidArgument` or `ValidationException` for a label, header or parameter that cannot.
    pub fn decode(
        &self,
        operation: &Operation,
        request: &Incoming<'_>,
    ) -> Result<Map<String, Value>, ServiceError> {
        let mut input = Map::new();
        let Some(described) = &operation.input else { return Ok(input) };
        let Some(structure) = self.shape(described.shape).structure() else { return Ok(input) };
        for member in &structure.members {
            let value = match member.location {
                Location::Body => continue,
                Location::Uri => {
                    let raw = request.labels.iter().find(|(name, _)| *name == member.wire_name);
                    raw.map(|(_, raw)| self.unescaped(member, raw)).transpose()?
                }
                Location::Query => {
                    let raw =
                        query_pairs(request.query).find(|(name, _)| **name == *member.wire_name.as_bytes());
                    raw.map(|(_, raw)| self.unescaped(member, raw)).transpose()?
                }
                Location::Header => request
                    .headers
                    .get(member.wire_name)
                    .map(|raw| std::str::from_utf8(raw.as_bytes()).map(str::to_owned))
                    .transpose()
                    .map_err(|_utf8| self.unreadable(member.name))?,
            };
            if let Some(text) = value {
                input.insert(member.name.to_owned(), self.scalar(member, text)?);
            }
        }
        self.decode_body(operation, described.root, structure, request.body, &mut input)?;
        Ok(input)
    }

    fn decode_body(
        &self,
        operation: &Operation,
        root: Option<&str>,
        structure: &Structure,
        body: &[u8],
        input: &mut Map<String, Value>,
    ) -> Result<(), ServiceError> {
        let has_body = structure.payload().is_some() || structure.body_members().next().is_some();
        if !has_body || self.streams(operation) {
            return Ok(());
        }
        if body.is_empty() {
            if operation.errors.contains(&"MissingBody") {
                return Err(ServiceError::new(
                    Code::MissingBody,
                    "This operation requires a body. Ensure that the body is present and the Content-Type header is set.",
                ));
            }
            return Ok(());
        }
        let Some(payload) = structure.payload() else {
            let members = match self.protocol {
                Protocol::RestXml => xml::members(self, root.unwrap_or_default(), structure, body)?,
                Protocol::RestJson => json::members(self, structure, body)?,
            };
            input.extend(members);
            return Ok(());
        };
        let value = match (&self.shape(payload.shape).kind, self.protocol) {
            (Kind::Blob, _) => Value::String(base64::engine::general_purpose::STANDARD.encode(body)),
            (_, Protocol::RestXml) => xml::payload(self, payload.wire_name, payload.shape, body)?,
            (_, Protocol::RestJson) => json::payload(self, payload.shape, body)?,
        };
        input.insert(payload.name.to_owned(), value);
        Ok(())
    }

    /// Whether the body of this operation's input is read by [`Service::each_item`], and not by
    /// [`Service::decode`].
    pub fn streams(&self, operation: &Operation) -> bool {
        let structure = operation.input.as_ref().and_then(|input| self.shape(input.shape).structure());
        let streaming =
            |member: &Member| matches!(self.shape(member.shape).kind, Kind::List { streaming: true, .. });
        structure.is_some_and(|structure| structure.body_members().any(streaming))
    }

    /// Reads the lists of a body of `restJson1`: calls `take` with the name of the list and the item for
    /// every item that satisfies its shape, in the order of the body, and keeps none. A tree of values takes
    /// many times the room of its text; what this takes is one item and what `take` keeps of it.
    ///
    /// # Errors
    /// `SerializationException` and `ValidationException`, as [`Service::decode`] and [`Service::check`] would
    /// say it. Items may have been taken by then.
    pub fn each_item(
        &self,
        operation: &Operation,
        body: &[u8],
        take: impl FnMut(&'static str, Value),
    ) -> Result<(), ServiceError> {
        let structure = operation.input.as_ref().and_then(|input| self.shape(input.shape).structure());
        match structure {
            Some(structure) if !body.is_empty() => json::each_item(self, structure, body, take),
            Some(_) | None => Ok(()),
        }
    }

    fn unescaped(&self, member: &Member, raw: &str) -> Result<String, ServiceError> {
        percent_decode(raw).ok_or_else(|| self.unreadable(member.name))
    }

    /// Reads a member that travels as text outside the body.
    fn scalar(&self, member: &Member, text: String) -> Result<Value, ServiceError> {
        let value = match self.shape(member.shape).kind {
            Kind::Integer | Kind::Long => text.trim().parse::<i64>().ok().map(Value::from),
            Kind::Float => {
                text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from)
            }
            Kind::Boolean => match text.as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            Kind::String | Kind::Blob | Kind::Timestamp | Kind::Structure(_) | Kind::List { .. } => {
                Some(Value::String(text))
            }
        };
        value.ok_or_else(|| self.unreadable(member.name))
    }

    fn unreadable(&self, member: &str) -> ServiceError {
        match self.protocol {
            Protocol::RestXml => {
                ServiceError::with(Code::InvalidArgument, format!("The parameter {member} is not valid."))
            }
            Protocol::RestJson => ServiceError::with(
                Code::ValidationException,
                format!("The value of {member} cannot be read."),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
