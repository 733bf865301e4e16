//! Events and returned values: their types, their forms in HTTP, JavaScript and JSON, and CloudFront's rules for them.
//!
//! Everything here is a value or a pure function; nothing depends on an HTTP library. An edge gives the parts of a
//! message and gets back what to change of it. Test events and the command line use the same types.
//!
//! In reading order, each module using only those before it:
//! `fields`, `types`, `origin`, `origin_json`, `returned` (the values); `text`, `headers`, `action`, `http` (the edge's side);
//! `json`, `request_line` (events of people); `enumeration`, `to_js`, `read` (the engine's side); `validate`, `refusal`,
//! `difference`.

mod action;
mod difference;
pub(crate) mod enumeration;
mod fields;
mod headers;
mod http;
mod json;
mod origin;
mod origin_json;
mod read;
mod refusal;
mod request_line;
mod returned;
mod text;
mod to_js;
mod types;
mod validate;

pub use action::{EdgeAction, Forward, Generated, HeaderChange, NewBody, ResponseChange};
pub use difference::{Change, Part, difference};
pub use fields::{Field, Fields, Item};
pub use headers::{BrokenRule, HeaderRule, broken_header_rules, is_disallowed, is_read_only, wire_name};
pub use json::InvalidEvent;
pub use origin::{
    AccessControlledOrigin, CustomHeaders, FailoverSelection, GroupMember, IpAddressType,
    OriginAccessControl, OriginConnection, OriginDecision, OriginGroup, OriginOverrides, OriginProtocol,
    OriginShield, OriginTimeouts, OriginUpdate, SignedRequests, TlsVersion,
};
pub(crate) use read::Unreadable;
pub use returned::{Outgoing, QueryString, Returned, ReturnedRequest, ReturnedResponse};
pub use types::{Body, Context, Encoding, Event, EventType, Request, Response};
pub use validate::validate;
