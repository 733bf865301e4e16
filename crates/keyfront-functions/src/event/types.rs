//! Types of an event: context, viewer, request, response, body.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::fields::Fields;

/// The version of the event's structure (AWS: "CloudFront Functions event structure").
pub(super) const VERSION: &str = "1.0";

/// When a function runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, BorshSerialize, BorshDeserialize)]
pub enum EventType {
    /// Before the cache is asked.
    ViewerRequest,
    /// Before the response goes to the viewer.
    ViewerResponse,
}

impl EventType {
    /// The name in an event and in a distribution's configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            EventType::ViewerRequest => "viewer-request",
            EventType::ViewerResponse => "viewer-response",
        }
    }

    /// The type with that name.
    pub fn parse(name: &str) -> Option<EventType> {
        [EventType::ViewerRequest, EventType::ViewerResponse]
            .into_iter()
            .find(|event_type| event_type.as_str() == name)
    }
}

/// What a function gets.
#[derive(Clone, PartialEq, Debug, BorshSerialize, BorshDeserialize)]
pub struct Event {
    /// Where it happens.
    pub context: Context,
    /// The address of the viewer, or of the proxy before it.
    pub viewer_ip: String,
    /// The viewer's request.
    pub request: Request,
    /// The response, in a viewer-response event.
    pub response: Option<Response>,
}

/// Where an event happens. Test events may leave all but the type out.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct Context {
    /// The domain name of a standard distribution.
    pub distribution_domain_name: Option<String>,
    /// The domain name of a connection group, for a multi-tenant distribution.
    pub endpoint: Option<String>,
    /// The distribution's id.
    pub distribution_id: Option<String>,
    /// When the function runs.
    pub event_type: EventType,
    /// The request's id, which the viewer gets as `X-Amz-Cf-Id`.
    pub request_id: Option<String>,
}

impl Context {
    /// A context that says nothing but the type, as a test event's may.
    pub fn of(event_type: EventType) -> Context {
        Context {
            distribution_domain_name: None,
            endpoint: None,
            distribution_id: None,
            event_type,
            request_id: None,
        }
    }

    /// The members with their names in an event, in order.
    pub(super) fn members(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("distributionDomainName", self.distribution_domain_name.as_deref()),
            ("endpoint", self.endpoint.as_deref()),
            ("distributionId", self.distribution_id.as_deref()),
            ("eventType", Some(self.event_type.as_str())),
            ("requestId", self.request_id.as_deref()),
        ]
    }
}

/// A request as a function sees it: UTF-8, without disallowed headers, and with cookies apart from headers.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct Request {
    /// The method. A function cannot change it.
    pub method: String,
    /// The path, encoded as it was sent.
    pub uri: String,
    /// The query parameters, encoded as they were sent.
    pub querystring: Fields,
    /// The query string as it was sent, without its `?`; `None` without a `?`.
    pub raw_querystring: Option<String>,
    /// The headers, with names in lower case.
    pub headers: Fields,
    /// The cookies.
    pub cookies: Fields,
}

/// A response as a function sees it: without its body, and with cookies apart from headers.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct Response {
    /// The status.
    pub status_code: u16,
    /// The words after the status.
    pub status_description: Option<String>,
    /// The headers, with names in lower case.
    pub headers: Fields,
    /// The cookies that the response sets.
    pub cookies: Fields,
}

/// The body of a returned response.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct Body {
    /// How the function wrote it.
    pub encoding: Encoding,
    /// The bytes to send.
    pub data: Vec<u8>,
}

/// How a function writes a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum Encoding {
    /// As text, which is sent as UTF-8.
    Text,
    /// As base64.
    Base64,
}

impl Serialize for Event {
    /// The form of test events.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", VERSION)?;
        map.serialize_entry("context", &self.context)?;
        map.serialize_entry("viewer", &serde_json::json!({ "ip": self.viewer_ip }))?;
        map.serialize_entry("request", &self.request)?;
        if let Some(response) = &self.response {
            map.serialize_entry("response", response)?;
        }
        map.end()
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.members().into_iter().filter(|(_, value)| value.is_some()))
    }
}

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("method", &self.method)?;
        map.serialize_entry("uri", &self.uri)?;
        map.serialize_entry("querystring", &self.querystring)?;
        map.serialize_entry("headers", &self.headers)?;
        map.serialize_entry("cookies", &self.cookies)?;
        map.end()
    }
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("statusCode", &self.status_code)?;
        if let Some(description) = &self.status_description {
            map.serialize_entry("statusDescription", description)?;
        }
        map.serialize_entry("headers", &self.headers)?;
        map.serialize_entry("cookies", &self.cookies)?;
        map.end()
    }
}
