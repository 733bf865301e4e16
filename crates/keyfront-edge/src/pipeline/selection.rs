//! What of an object the viewer gets, by its conditions and ranges.

use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method};

use super::reply::Kind;
use super::viewer_body::ViewerBody;
use super::{Exchange, Reply};
use crate::answer::{self, Page, ResultType, Selection};
use crate::message::ResponseHead;

/// Selects from a reply that has an object.
pub(super) fn select(exchange: &Exchange, mut reply: Reply) -> Reply {
    if reply.kind != Kind::Object {
        if reply.kind == Kind::Passed && exchange.sent.method == Method::HEAD {
            reply.body = ViewerBody::empty();
        }
        return reply;
    }
    let length = reply.body.length();
    match answer::select(&exchange.sent, &reply.head, length) {
        Selection::Whole => {
            if exchange.sent.method == Method::HEAD {
                reply.body = ViewerBody::empty();
            } else if let Some(length) = length
                && !says(&reply.head, length)
            {
                reply.head.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            }
            reply
        }
        Selection::NotModified(head) | Selection::Unsatisfiable(head) => {
            *reply.head = head;
            reply.body = ViewerBody::empty();
            reply
        }
        Selection::Part(head, range) => {
            *reply.head = head;
            reply.body = reply.body.part(range);
            reply
        }
        // What only passes through cannot be read twice.
        Selection::Parts(..) if !reply.body.is_repeatable() => reply,
        Selection::Parts(head, parts) => {
            *reply.head = head;
            reply.body = reply.body.parts(parts);
            reply
        }
        Selection::PreconditionFailed => {
            Reply::page(Page::error(412, "Precondition failed.", &exchange.id), ResultType::Error)
        }
    }
}

/// Whether a head says this length of its body, and nothing else.
fn says(head: &ResponseHead, length: u64) -> bool {
    let mut lengths = head.headers.get_all(CONTENT_LENGTH).iter();
    let said = lengths.next().and_then(|said| said.to_str().ok()?.parse::<u64>().ok());
    said == Some(length) && lengths.next().is_none()
}
