//! Makes a function that the sandbox can run of a connection function, and reads what it decided.
//!
//! The sandbox runs functions of requests: `handler(event)`, which returns a request or a response. A connection function
//! is `connectionHandler(connection)`, which calls `connection.allow()` or `connection.deny()` (AWS: "Write CloudFront
//! Connection Function code"). So a handler is put behind the code, which leaves its lines where they are. It finds the
//! connection in the path of the request, and returns the decision as the body of a response.

use bytes::Bytes;
use keyfront_functions::Failure;
use keyfront_functions::event::{Context, Event, EventType, Fields, Outgoing, Request, Returned};
use serde_json::Value;

/// What stands behind the code, on a line of its own, because the code may end with a comment.
const HANDLER: &str = r#"
;async function handler(event) {
    const connection = JSON.parse(event.request.uri);
    const outcome = {};
    connection.allow = function () { outcome.decision = "allow"; };
    connection.deny = function () { outcome.decision = "deny"; };
    connection.logCustomData = function (data) { outcome.customData = String(data); };
    await connectionHandler(connection);
    return { statusCode: 200, body: JSON.stringify(outcome) };
}
"#;

/// The code that the sandbox runs for a connection function.
pub(super) fn runnable(code: &[u8]) -> Bytes {
    Bytes::from([code, HANDLER.as_bytes()].concat())
}

/// The event that holds a connection; nothing for what is not the JSON of an object.
pub(super) fn event(connection: &[u8]) -> Option<Event> {
    let connection: Value = serde_json::from_slice(connection).ok()?;
    connection.as_object()?;
    Some(Event {
        context: Context::of(EventType::ViewerRequest),
        viewer_ip: String::new(),
        request: Request {
            method: "GET".to_owned(),
            uri: connection.to_string(),
            querystring: Fields::new(),
            raw_querystring: None,
            headers: Fields::new(),
            cookies: Fields::new(),
        },
        response: None,
    })
}

/// What the function decided, as JSON, and what went wrong: one of them is empty.
pub(super) fn decision(result: Result<Returned, Failure>) -> (String, String) {
    let returned = match result {
        Ok(returned) => returned,
        Err(failure) => return (String::new(), failure.message()),
    };
    let body = match returned.outgoing {
        Outgoing::Response(response) => response.body.map(|body| body.data),
        Outgoing::Request(_) => None,
    };
    match body.map(|body| serde_json::from_slice::<Value>(&body)) {
        Some(Ok(outcome)) if outcome.get("decision").is_some() => (outcome.to_string(), String::new()),
        // Without a decision, or code that put a handler of its own in place of ours.
        Some(Ok(_) | Err(_)) | None => (
            String::new(),
            "The connection function called neither connection.allow() nor connection.deny().".to_owned(),
        ),
    }
}
