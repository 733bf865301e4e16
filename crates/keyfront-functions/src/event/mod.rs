//! The event that a function gets and what it returns: their forms in JavaScript and JSON, and CloudFront's rules.
//!
//! Everything here is a value or a pure function. Nothing sends, nothing caches, and nothing knows an HTTP library:
//! an edge gives the parts of a message and gets back what to change of it. Test events and a command line use the
//! same types.

mod difference;
mod fields;
mod form;
mod headers;
mod json;
mod judge;
mod origin;
mod read;
mod request_line;
mod returned;
mod text;
mod to_js;
mod verdict;
mod wire;

pub use difference::{Change, Part, difference};
pub use fields::{Entry, Fields, Item};
pub use form::{Body, Context, Encoding, Event, EventType, Request, Response};
pub use headers::{BrokenRule, HeaderRule, broken_header_rules, is_disallowed, is_read_only, wire_name};
pub use json::InvalidEvent;
pub use judge::judge;
pub use origin::{
    AccessControlledOrigin, CustomHeaders, FailoverSelection, GroupMember, IpAddressType,
    OriginAccessControl, OriginConnection, OriginDecision, OriginGroup, OriginOverrides, OriginProtocol,
    OriginShield, OriginTimeouts, OriginUpdate, SignedRequests, TlsVersion,
};
pub(crate) use read::Unreadable;
pub use returned::{Outgoing, QueryString, Returned, ReturnedRequest, ReturnedResponse};
pub use verdict::{Forward, Generated, HeaderChange, NewBody, ResponseChange, Verdict};
