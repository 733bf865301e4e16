//! Tests of events as they are read from JSON: defaults, limits and refusals.

use proptest::prelude::*;
use rquickjs::context::intrinsic;
use rquickjs::{CatchResultExt as _, Context, Ctx, Function, Runtime};

use super::*;
use crate::event::{EventType, Field, Fields, Item, Request, Response};

/// What the engine has when a function runs, and `eval`.
type Intrinsics = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::TypedArrays,
    intrinsic::Promise,
);

/// A context like the one that functions run in, with `eval` so that a test can write what a function would.
fn in_context<T>(work: impl FnOnce(Ctx<'_>) -> T) -> T {
    let runtime = Runtime::new().unwrap();
    let context = Context::custom::<Intrinsics>(&runtime).unwrap();
    context.with(work)
}

/// What a handler with this body returns for an event, in the form of TestFunction, or the text of the failure.
fn handled(event: &Event, body: &str) -> Result<String, String> {
    handle(event, body).map(|returned| returned.to_json())
}

fn handle(event: &Event, body: &str) -> Result<Returned, String> {
    in_context(|ctx| {
        let handler: Function<'_> = ctx
            .eval(format!("(function (event) {{ 'use strict'; var request = event.request; var response = event.response; {body} }})"))
            .unwrap();
        let built = event.to_js(&ctx).unwrap();
        let value: Value<'_> =
            handler.call((built,)).catch(&ctx).map_err(|thrown| format!("thrown: {thrown}"))?;
        Returned::from_js(event, &value).map_err(|unreadable| match unreadable {
            Unreadable::Invalid(failure) => failure.message(),
            Unreadable::Engine(error) => {
                let thrown = Err::<(), _>(error).catch(&ctx).unwrap_err();
                format!("engine: {thrown}")
            }
        })
    })
}

fn request_event() -> Event {
    let headers = [
        ("Host", "www.example.com"),
        ("Accept", "text/html"),
        ("Accept", "text/plain"),
        ("Cookie", "id=1; loggedIn=false; id=2"),
    ];
    Event::from_request_line("GET /index.html?b=1&2=two&a=x&a=y", &headers).unwrap()
}

fn response_event() -> Event {
    let headers = [
        ("Content-Type", b"text/html".as_slice()),
        ("Via", b"1.1 a"),
        ("Set-Cookie", b"id=1; Path=/"),
        ("Set-Cookie", b"id=2; Path=/b"),
    ];
    let mut event = request_event();
    event.context.event_type = EventType::ViewerResponse;
    event.response = Some(Response::receive(200, "OK", headers));
    event
}

#[test]
fn a_function_sees_the_event_as_it_is_documented() {
    let seen = |event: &Event| {
        in_context(|ctx| {
            let built = event.to_js(&ctx).unwrap();
            ctx.json_stringify(built).unwrap().unwrap().to_string().unwrap()
        })
    };
    let mut event = request_event();
    event.context.distribution_domain_name = Some("d111111abcdef8.cloudfront.net".to_owned());
    event.context.distribution_id = Some("EDFDVBD6EXAMPLE".to_owned());
    event.context.request_id = Some("abc==".to_owned());
    assert_eq!(
        seen(&event),
        r#"{"version":"1.0","context":{"distributionDomainName":"d111111abcdef8.cloudfront.net","distributionId":"EDFDVBD6EXAMPLE","eventType":"viewer-request","requestId":"abc=="},"viewer":{"ip":"127.0.0.1"},"request":{"method":"GET","uri":"/index.html","querystring":{"2":{"value":"two"},"b":{"value":"1"},"a":{"value":"x","multiValue":[{"value":"x"},{"value":"y"}]}},"headers":{"host":{"value":"www.example.com"},"accept":{"value":"text/html","multiValue":[{"value":"text/html"},{"value":"text/plain"}]}},"cookies":{"id":{"value":"1","multiValue":[{"value":"1"},{"value":"2"}]},"loggedIn":{"value":"false"}}}}"#
    );
    assert!(seen(&response_event()).ends_with(
        r#","response":{"statusCode":200,"statusDescription":"OK","headers":{"content-type":{"value":"text/html"},"via":{"value":"1.1 a"}},"cookies":{"id":{"value":"1","attributes":"Path=/","multiValue":[{"value":"1","attributes":"Path=/"},{"value":"2","attributes":"Path=/b"}]}}}}"#
    ));
}

#[test]
fn raw_query_string_is_what_was_sent_and_does_not_show() {
    let table = [("GET /a?b=%31&&c", r#""b=%31&&c""#), ("GET /a?", r#""""#), ("GET /a", "undefined")];
    for (line, raw) in table {
        let event = Event::from_request_line(line, &[]).unwrap();
        let checks = format!(
            "if (request.rawQueryString() !== {raw}) throw new Error('' + request.rawQueryString());
             request.querystring = {{}};
             if (request.rawQueryString() !== {raw}) throw new Error('it changed');
             if (Object.keys(request).join() !== 'method,uri,querystring,headers,cookies') throw new Error('it shows');
             return request;"
        );
        assert!(handled(&event, &checks).is_ok(), "{line}");
    }
}

#[test]
fn the_method_cannot_be_assigned_and_another_cannot_be_returned() {
    let event = request_event();
    assert!(handled(&event, "request.method = 'POST'; return request;").unwrap_err().starts_with("thrown: "));
    assert_eq!(
        handled(&event, "return { method: 'POST', uri: '/' };").unwrap_err(),
        "The CloudFront function returned an invalid value: request.method is read-only."
    );
    assert!(
        handled(&event, "return { uri: '/' };")
            .unwrap()
            .starts_with(r#"{"request":{"method":"GET","uri":"/","#)
    );
}

#[test]
fn names_of_builtins_are_names_like_any_other() {
    let event =
        Event::from_request_line("GET /?__proto__=1&constructor=2&toString=3&hasOwnProperty=4", &[]).unwrap();
    let returned = handle(&event, "return request;").unwrap();
    let Outgoing::Request(request) = returned.outgoing else { panic!("a request") };
    assert_eq!(request.querystring, QueryString::Parameters(event.request.querystring));
}

#[test]
fn what_is_returned_takes_its_normal_form() {
    let request = request_event();
    let rest = r#""headers":{},"cookies":{}}}"#;
    let table = [
        (
            "delete request.cookies; request.headers = {}; request.querystring = {}; request.uri = '/b'; request.x = 1; return request;",
            format!(r#"{{"request":{{"method":"GET","uri":"/b","querystring":{{}},{rest}"#),
        ),
        (
            "return { uri: '/', querystring: 'b=2&a=1' };",
            format!(r#"{{"request":{{"method":"GET","uri":"/","querystring":"b=2&a=1",{rest}"#),
        ),
        (
            "var q = request.querystring; q['1'] = { value: 'new' }; q.b.value = 'B'; q.a.value = 'X'; return { uri: '/', querystring: q };",
            format!(
                r#"{{"request":{{"method":"GET","uri":"/","querystring":{{"b":{{"value":"B"}},"2":{{"value":"two"}},"a":{{"value":"X","multiValue":[{{"value":"X"}},{{"value":"y"}}]}},"1":{{"value":"new"}}}},{rest}"#
            ),
        ),
        (
            "request.querystring.a.multiValue.push({ value: 'z', more: 1 }); request.querystring.a.value = 'ignored'; return { uri: '/', querystring: { a: request.querystring.a } };",
            format!(
                r#"{{"request":{{"method":"GET","uri":"/","querystring":{{"a":{{"value":"x","multiValue":[{{"value":"x"}},{{"value":"y"}},{{"value":"z"}}]}}}},{rest}"#
            ),
        ),
        (
            "return { uri: '/', querystring: { a: { value: 'v', multivalue: [{ value: 'w' }] } } };",
            format!(r#"{{"request":{{"method":"GET","uri":"/","querystring":{{"a":{{"value":"v"}}}},{rest}"#),
        ),
        (
            "return { uri: '/\\ud800x\\ud83d\\ude00' };",
            format!(r#"{{"request":{{"method":"GET","uri":"/{}x{}","querystring":{{}},{rest}"#, '\u{fffd}', '\u{1f600}'),
        ),
        (
            "return { statusCode: 302, headers: { location: { value: '/a' } } };",
            r#"{"response":{"headers":{"location":{"value":"/a"}},"cookies":{},"statusCode":302}}"#.to_owned(),
        ),
        (
            "return { statusCode: 200.0, statusDescription: 'Fine', cookies: { a: { value: '1', attributes: 'Secure' } }, body: 'text' };",
            r#"{"response":{"headers":{},"statusDescription":"Fine","cookies":{"a":{"value":"1","attributes":"Secure"}},"statusCode":200,"body":{"encoding":"text","data":"text"}}}"#
                .to_owned(),
        ),
        (
            "return { statusCode: 200, body: { encoding: 'base64', data: 'aGk' } };",
            r#"{"response":{"headers":{},"cookies":{},"statusCode":200,"body":{"encoding":"base64","data":"aGk="}}}"#
                .to_owned(),
        ),
        (
            "function Made() { this.uri = '/own'; } Made.prototype.headers = { inherited: { value: 'yes' } };
             var headers = Object.create({ not: { value: 'listed' } }); headers.listed = { get value() { return 'read'; } };
             headers[Symbol('s')] = 1; Object.defineProperty(headers, 'hidden', { value: 1 });
             var made = new Made(); made.cookies = headers; return made;",
            r#"{"request":{"method":"GET","uri":"/own","querystring":{},"headers":{"inherited":{"value":"yes"}},"cookies":{"listed":{"value":"read"}}}}"#
                .to_owned(),
        ),
    ];
    for (body, expected) in table {
        assert_eq!(handled(&request, body).as_deref(), Ok(expected.as_str()), "{body}");
    }
}

/// Events of the shapes that are common in the wild, and the normal form that the service gives them:
/// a misspelt `multivalue` is gone, and missing cookies are empty.
#[test]
fn test_events_come_out_in_the_normal_form() {
    let request = r#""request":{"method":"GET","uri":"/index.html","querystring":{"test":{"value":"true"},"arg":{"value":"val1","multivalue":[{"value":"val1"},{"value":"val2"}]}},"headers":{"host":{"value":"www.example.com"},"accept":{"value":"text/html","multivalue":[{"value":"text/html"},{"value":"application/xhtml+xml"}]}},"cookies":{"id":{"value":"CookeIdValue"},"loggedIn":{"value":"false"}}}"#;
    let response = r#""response":{"statusCode":200,"statusDescription":"OK","headers":{"server":{"value":"CustomOriginServer"}},"cookies":{"id":{"value":"a3fWa","multivalue":[{"value":"a3fWa"},{"value":"a3fWb"}],"attributes":"Expires=Wed, 05 Jan 2024 07:28:00 GMT"}}}"#;
    let event = |event_type: &str, rest: &str| {
        let json = format!(
            r#"{{"version":"1.0","context":{{"eventType":"{event_type}"}},"viewer":{{"ip":"0.0.0.0"}},{request}{rest}}}"#
        );
        Event::from_json(json.as_bytes()).unwrap()
    };
    let (of_request, of_response) =
        (event("viewer-request", ""), event("viewer-response", &format!(",{response}")));
    let table = [
        (
            &of_request,
            "request.headers['true-client-ip'] = { value: event.viewer.ip }; return request;",
            r#"{"request":{"headers":{"host":{"value":"www.example.com"},"accept":{"value":"text/html"},"true-client-ip":{"value":"0.0.0.0"}},"method":"GET","querystring":{"test":{"value":"true"},"arg":{"value":"val1"}},"uri":"/index.html","cookies":{"loggedIn":{"value":"false"},"id":{"value":"CookeIdValue"}}}}"#,
        ),
        (
            &of_request,
            "return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: 'https://' + request.headers.host.value + '/de' } } };",
            r#"{"response":{"headers":{"location":{"value":"https://www.example.com/de"}},"statusDescription":"Found","cookies":{},"statusCode":302}}"#,
        ),
        (
            &of_response,
            "response.headers['access-control-allow-origin'] = { value: '*' }; return response;",
            r#"{"response":{"headers":{"server":{"value":"CustomOriginServer"},"access-control-allow-origin":{"value":"*"}},"statusDescription":"OK","cookies":{"id":{"attributes":"Expires=Wed, 05 Jan 2024 07:28:00 GMT","value":"a3fWa"}},"statusCode":200}}"#,
        ),
    ];
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    for (event, body, output) in table {
        assert_eq!(json(&handled(event, body).unwrap()), json(output), "{body}");
    }
}

#[test]
fn a_router_that_reuses_one_object_for_everything_works() {
    let body = "delete request.cookies; request.cookies = request.headers; request.querystring = request.headers; return request;";
    assert!(handled(&request_event(), body).is_ok());
}

/// What a wrong member of a returned object is called.
fn assert_refused(event: &Event, body: &str, problem: &str) {
    assert_eq!(
        handled(event, body),
        Err(format!("The CloudFront function returned an invalid value: {problem}.")),
        "{body}"
    );
}

#[test]
fn what_has_no_shape_is_refused() {
    let shape = "the handler must return a request or a response";
    let bodies = [
        "return;",
        "return null;",
        "return 'x';",
        "return [request];",
        "return function () {};",
        "return {};",
        "return event;",
    ];
    for body in bodies {
        assert_refused(&request_event(), body, shape);
    }
    assert_refused(&response_event(), "return undefined;", shape);
    for body in ["return event;", "return request;"] {
        assert_refused(&response_event(), body, "the handler must return a response with a statusCode");
    }
}

#[test]
fn every_wrong_member_of_a_request_is_named() {
    let table = [
        ("request.uri = 1; return request;", "request.uri must be a string"),
        ("delete request.uri; return request;", "request.uri must be a string"),
        ("request.headers = []; return request;", "request.headers must be an object"),
        ("request.headers = null; return request;", "request.headers must be an object"),
        ("request.querystring = 1; return request;", "request.querystring must be an object"),
        ("request.cookies = 'a=1'; return request;", "request.cookies must be an object"),
        (
            "request.headers.host = 'x'; return request;",
            "request.headers.host must be an object with a value",
        ),
        (
            "request.headers['x-a'] = ['x']; return request;",
            "request.headers[\"x-a\"] must be an object with a value",
        ),
        ("request.headers['x-a'] = {}; return request;", "request.headers[\"x-a\"].value must be a string"),
        (
            "request.headers['x-a'] = { value: 1 }; return request;",
            "request.headers[\"x-a\"].value must be a string",
        ),
        (
            "request.headers.accept.multiValue = 'x'; return request;",
            "request.headers.accept.multiValue must be an array",
        ),
        (
            "request.headers.accept.multiValue = ['x']; return request;",
            "request.headers.accept.multiValue[0] must be an object with a value",
        ),
        (
            "request.headers.accept.multiValue[1] = {}; return request;",
            "request.headers.accept.multiValue[1].value must be a string",
        ),
        (
            "request.headers['X-A'] = { value: 'x' }; return request;",
            "request.headers must have header names in lower case",
        ),
    ];
    for (body, problem) in table {
        assert_refused(&request_event(), body, problem);
    }
}

#[test]
fn every_wrong_member_of_a_response_is_named() {
    let table = [
        (
            "response.cookies.id.attributes = 1; return response;",
            "response.cookies.id.attributes must be a string",
        ),
        (
            "response.headers['X-A'] = { value: 'x' }; return response;",
            "response.headers must have header names in lower case",
        ),
        (
            "response.statusCode = '200'; return response;",
            "response.statusCode must be an integer from 200 to 599",
        ),
        (
            "response.statusCode = 199; return response;",
            "response.statusCode must be an integer from 200 to 599",
        ),
        (
            "response.statusCode = 600; return response;",
            "response.statusCode must be an integer from 200 to 599",
        ),
        (
            "response.statusCode = 200.5; return response;",
            "response.statusCode must be an integer from 200 to 599",
        ),
        (
            "response.statusCode = NaN; return response;",
            "response.statusCode must be an integer from 200 to 599",
        ),
        ("response.statusDescription = 1; return response;", "response.statusDescription must be a string"),
        (
            "response.body = 1; return response;",
            "response.body must be a string, or an object with encoding and data",
        ),
        ("response.body = {}; return response;", "response.body.data must be a string"),
        (
            "response.body = { encoding: 'gzip', data: '' }; return response;",
            "response.body.encoding must be \"text\" or \"base64\"",
        ),
        (
            "response.body = { encoding: 'base64', data: 'a*' }; return response;",
            "response.body.data must be valid base64",
        ),
    ];
    for (body, problem) in table {
        assert_refused(&response_event(), body, problem);
    }
    let without_status = "response.statusCode must be an integer from 200 to 599";
    assert_refused(&request_event(), "return { body: 'x' };", without_status);
}

#[test]
fn what_is_too_much_is_refused_and_what_throws_has_thrown() {
    let event = request_event();
    let too_much = "The CloudFront function returned an invalid value: the handler must not return more than 2 MB of \
                    headers, cookies, parameters and body.";
    let table = [
        "var h = request.headers; for (var i = 0; i < 100000; i++) h['h' + i] = { value: '' }; return request;",
        "var one = { value: 'x'.repeat(1 << 20) }; request.headers = { a: one, b: one, c: one }; return request;",
        "var list = []; for (var i = 0; i < 20000; i++) list.push({ value: '' }); request.headers = { a: { multiValue: list } }; return request;",
        "return { statusCode: 200, body: 'x'.repeat(3000000) };",
    ];
    for body in table {
        assert_eq!(handled(&event, body), Err(too_much.to_owned()), "{body}");
    }
    let sparse = "request.headers = { a: { multiValue: new Array(4294967295) } }; return request;";
    assert!(
        handled(&event, sparse).unwrap_err().contains("request.headers.a.multiValue[0] must be an object")
    );
    let cyclic = "request.headers = request; request.querystring = request; return request;";
    assert!(handled(&event, cyclic).unwrap_err().contains("must be an object with a value"));
    let throwing = "return { get uri() { throw new TypeError('no'); } };";
    assert!(handled(&event, throwing).unwrap_err().starts_with("engine: "));
    let long = "var q = {}; q['é<' + 'n'.repeat(100000)] = 1; request.querystring = q; return request;";
    assert!(handled(&event, long).unwrap_err().len() < 300);
}

fn item(has_attributes: bool) -> impl Strategy<Value = Item> {
    let attributes = proptest::option::of("[ -~]{0,8}").prop_map(move |some| some.filter(|_| has_attributes));
    ("\\PC{0,8}", attributes).prop_map(|(value, attributes)| Item { value, attributes })
}

fn fields(has_attributes: bool) -> impl Strategy<Value = Fields> {
    let entry = prop_oneof![
        item(has_attributes).prop_map(Field::one),
        proptest::collection::vec(item(has_attributes), 1..4).prop_map(|list| Field::list(list).unwrap()),
    ];
    // Names that look like numbers, and names with characters with a meaning elsewhere.
    let name = prop_oneof!["[a-z0-9-]{0,6}", "[0-9]{1,3}", "__proto__|constructor", "[^A-Z]{0,4}"];
    proptest::collection::vec((name, entry), 0..8).prop_map(|entries| entries.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn an_event_that_is_returned_as_it_came_is_the_same(
        uri in "\\PC{0,12}",
        querystring in fields(false),
        headers in fields(false),
        cookies in fields(false),
        response_headers in fields(false),
        set_cookies in fields(true),
    ) {
        let mut event = request_event();
        event.request = Request { method: "GET".to_owned(), uri, querystring, raw_querystring: None, headers, cookies };
        let Outgoing::Request(back) = handle(&event, "return request;").unwrap().outgoing else { panic!("a request") };
        let QueryString::Parameters(parameters) = back.querystring else { panic!("parameters") };
        let order = |fields: &Fields| fields.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(order(&parameters), order(&event.request.querystring));
        prop_assert_eq!(&parameters, &event.request.querystring);
        prop_assert_eq!(&back.uri, &event.request.uri);
        prop_assert_eq!(&back.headers, &event.request.headers);
        prop_assert_eq!(&back.cookies, &event.request.cookies);

        event.context.event_type = EventType::ViewerResponse;
        let response = Response {
            status_code: 404,
            status_description: None,
            headers: response_headers,
            cookies: set_cookies,
        };
        event.response = Some(response.clone());
        let Outgoing::Response(back) = handle(&event, "return response;").unwrap().outgoing else { panic!("a response") };
        prop_assert_eq!((back.status_code, back.headers, back.cookies), (404, response.headers, response.cookies));
    }
}
