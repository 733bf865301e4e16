//! Functions, events and invocations for tests.

use std::time::Duration;

use keyfront_domain::function::Runtime;
use keyfront_functions::event::Event;
use keyfront_functions::{Failure, Function, Invocation, Isolate, Limits, Outcome};

const EVENT: &str = r#"{
    "version": "1.0",
    "context": {
        "distributionDomainName": "d123.cloudfront.net", "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request", "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ=="
    },
    "viewer": {"ip": "203.0.113.1"},
    "request": {
        "method": "GET", "uri": "/index", "querystring": {}, "headers": {"host": {"value": "example.com"}}, "cookies": {}
    }
}"#;

pub(crate) fn prepare(code: &str) -> Function {
    Function::prepare(code.as_bytes(), Runtime::Js2)
}

/// A function whose handler has this body and then returns the request.
pub(crate) fn passing(body: &str) -> Function {
    prepare(&format!("function handler(event) {{ {body}\n return event.request }}"))
}

pub(crate) fn invocation() -> Invocation {
    to("/index")
}

/// A request for a URI.
pub(crate) fn to(uri: &str) -> Invocation {
    let event = Event::from_json(EVENT.replace("/index", uri).as_bytes()).unwrap();
    Invocation { event, store: None, now_ms: 1_700_000_000_000, seed: 7 }
}

/// The limits of a test that is not about time: a busy machine does not change how it ends.
pub(crate) fn untimed() -> Limits {
    Limits { time: Duration::MAX, ..Limits::default() }
}

pub(crate) fn load(function: &Function) -> Isolate {
    Isolate::load(function, untimed())
}

/// What one invocation in an engine of its own gives.
pub(crate) fn invoke(function: &Function) -> Outcome {
    load(function).invoke(&invocation())
}

/// What went wrong, in the engine's own words; or the URI that came back.
pub(crate) fn told(outcome: &Outcome) -> String {
    match &outcome.result {
        Ok(returned) => {
            let json: serde_json::Value = serde_json::from_str(&returned.to_json()).unwrap();
            let message = json.get("request").unwrap_or(&json);
            message.get("uri").and_then(|uri| uri.as_str()).unwrap_or_default().to_owned()
        }
        Err(Failure::Execution(text) | Failure::Validation(text)) => text.clone(),
        Err(Failure::Throttled) => panic!("the harness does not throttle"),
    }
}
