//! Reads and writes test events, which are events as JSON.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::fields::{Field, Fields, Item, MergedField, ReturnedField};
use super::http::{parse_query, write_query};
use super::types::{Context, Event, EventType, Request, Response, VERSION};

/// Text that is not a test event.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{detail}")]
pub struct InvalidEvent {
    detail: String,
}

impl InvalidEvent {
    /// What CloudFront says, whatever is wrong.
    pub const MESSAGE: &str = "The provided event object is not valid.";

    pub(super) fn new(detail: impl Into<String>) -> InvalidEvent {
        InvalidEvent { detail: detail.into() }
    }
}

impl Event {
    /// Reads a test event.
    ///
    /// It needs `context.eventType`, `request.method` and `request.uri`, and for a viewer-response also
    /// `response.statusCode`; other members may be left out. Members that are not an event's, such as a `multivalue`
    /// with a small v, have no meaning, as on CloudFront. The query string that `rawQueryString()` gives is made
    /// from the parameters, because a test event has no other.
    pub fn from_json(json: &[u8]) -> Result<Event, InvalidEvent> {
        let Object(event): Object<EventJson> =
            serde_json::from_slice(json).map_err(|problem| InvalidEvent::new(problem.to_string()))?;
        let Object(context) = event.context;
        let event_type = EventType::parse(&context.event_type).ok_or_else(|| {
            InvalidEvent::new("context.eventType must be \"viewer-request\" or \"viewer-response\"")
        })?;
        if event.version.is_some_and(|version| version != VERSION) {
            return Err(InvalidEvent::new("version must be \"1.0\""));
        }
        if event_type == EventType::ViewerResponse && event.response.is_none() {
            return Err(InvalidEvent::new("a viewer-response event must have a response"));
        }
        Ok(Event {
            context: Context {
                distribution_domain_name: context.distribution_domain_name,
                endpoint: context.endpoint,
                distribution_id: context.distribution_id,
                event_type,
                request_id: context.request_id,
            },
            viewer_ip: event.viewer.0.ip,
            request: event.request.0.into_request(),
            response: event.response.map(|Object(response)| Response {
                status_code: response.status_code,
                status_description: response.status_description,
                headers: response.headers.without_attributes(),
                cookies: response.cookies,
            }),
        })
    }

    /// Writes it as a test event.
    pub fn to_json(&self) -> String {
        // Names are strings and nothing else can fail, so there is always a text.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A JSON object, and nothing else: a derived reader takes an array of the members too.
#[derive(Default)]
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct OnlyObject<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyObject<T> {
            type Value = Object<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(OnlyObject(PhantomData))
    }
}

#[derive(Deserialize)]
struct EventJson {
    version: Option<String>,
    context: Object<ContextJson>,
    #[serde(default)]
    viewer: Object<ViewerJson>,
    request: Object<RequestJson>,
    response: Option<Object<ResponseJson>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContextJson {
    distribution_domain_name: Option<String>,
    endpoint: Option<String>,
    distribution_id: Option<String>,
    event_type: String,
    request_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct ViewerJson {
    #[serde(default)]
    ip: String,
}

#[derive(Deserialize)]
struct RequestJson {
    method: String,
    uri: String,
    #[serde(default)]
    querystring: QueryJson,
    #[serde(default)]
    headers: Fields,
    #[serde(default)]
    cookies: Fields,
}

impl RequestJson {
    fn into_request(self) -> Request {
        let (querystring, raw_querystring) = match self.querystring {
            QueryJson::Text(text) => (parse_query(&text), text),
            QueryJson::Parameters(parameters) => {
                let parameters = parameters.without_attributes();
                let raw = write_query(&parameters);
                (parameters, raw)
            }
        };
        Request {
            method: self.method,
            uri: self.uri,
            querystring,
            raw_querystring: Some(raw_querystring).filter(|raw| !raw.is_empty()),
            headers: self.headers.without_attributes(),
            cookies: self.cookies.without_attributes(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseJson {
    status_code: u16,
    status_description: Option<String>,
    #[serde(default)]
    headers: Fields,
    #[serde(default)]
    cookies: Fields,
}

/// A function may return a query string as text, so a test event may have one too.
enum QueryJson {
    Text(String),
    Parameters(Fields),
}

impl<'de> Deserialize<'de> for QueryJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<QueryJson, D::Error> {
        struct TextOrParameters;

        impl<'de> Visitor<'de> for TextOrParameters {
            type Value = QueryJson;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of query parameters, or a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<QueryJson, E> {
                Ok(QueryJson::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<QueryJson, A::Error> {
                Fields::deserialize(MapAccessDeserializer::new(map)).map(QueryJson::Parameters)
            }
        }

        deserializer.deserialize_any(TextOrParameters)
    }
}

impl Default for QueryJson {
    fn default() -> QueryJson {
        QueryJson::Parameters(Fields::new())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FieldJson {
    value: Option<String>,
    attributes: Option<String>,
    multi_value: Option<Vec<Object<ItemJson>>>,
}

#[derive(Deserialize)]
struct ItemJson {
    value: String,
    attributes: Option<String>,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field, D::Error> {
        let Object(entry) = Object::<FieldJson>::deserialize(deserializer)?;
        let item = |value, attributes| Item { value, attributes };
        let attributes = entry.attributes;
        let returned = ReturnedField {
            item: entry.value.map(|value| item(value, attributes)),
            list: entry
                .multi_value
                .map(|list| list.into_iter().map(|Object(each)| item(each.value, each.attributes)).collect()),
        };
        match returned.merge(None) {
            MergedField::Is(entry) => Ok(entry),
            MergedField::Removed | MergedField::Missing => Err(serde::de::Error::missing_field("value")),
        }
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of names, each with a value")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::new();
                while let Some((name, entry)) = map.next_entry::<String, Field>()? {
                    fields.insert(name, entry);
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests;
