//! Tests of the JSON form of events and results.

use proptest::prelude::*;

use super::*;

/// The example of "CloudFront Functions event structure", shortened.
const WHOLE: &str = r#"{"version":"1.0","context":{"distributionDomainName":"d111111abcdef8.cloudfront.net","distributionId":"EDFDVBD6EXAMPLE","eventType":"viewer-response","requestId":"EXAMPLEntjQpEXAMPLE=="},"viewer":{"ip":"198.51.100.11"},"request":{"method":"GET","uri":"/media/index.mpd","querystring":{"ID":{"value":"42"},"NoValue":{"value":""},"querymv":{"value":"val1","multiValue":[{"value":"val1"},{"value":"val2,val3"}]}},"headers":{"host":{"value":"video.example.com"}},"cookies":{"cookie_consent":{"value":"true"}}},"response":{"statusCode":200,"statusDescription":"OK","headers":{"server":{"value":"gunicorn/19.9.0"}},"cookies":{"ID":{"value":"id1234","attributes":"Expires=Wed, 05 Apr 2021 07:28:00 GMT"},"Cookie1":{"value":"val1","attributes":"Secure; Path=/","multiValue":[{"value":"val1","attributes":"Secure; Path=/"},{"value":"val2","attributes":"Path=/cat"}]}}}}"#;

#[test]
fn a_whole_event_is_read_and_written_as_it_was() {
    let event = Event::from_json(WHOLE.as_bytes()).unwrap();
    assert_eq!(event.to_json(), WHOLE);
    assert_eq!(
        event.request.raw_querystring.as_deref(),
        Some("ID=42&NoValue=&querymv=val1&querymv=val2,val3")
    );
}

#[test]
fn a_test_event_may_say_little() {
    let little = r#"{"context":{"eventType":"viewer-request"},"request":{"method":"GET","uri":"/"}}"#;
    let event = Event::from_json(little.as_bytes()).unwrap();
    assert_eq!(event.context, Context::of(EventType::ViewerRequest));
    assert_eq!(event.request, Request::receive("GET", b"/", None, []));
    assert_eq!((event.viewer_ip.as_str(), event.response), ("", None));
}

#[test]
fn members_that_are_not_an_events_are_dropped() {
    let odd = r#"{"version":"1.0","more":1,"context":{"eventType":"viewer-request","x":{}},"viewer":{"ip":"::1","port":1},
        "request":{"method":"GET","uri":"/","body":"x","cookies":{"a":{"value":"1","attributes":"Secure"}},"querystring":{"arg":{"value":"val1","multivalue":[{"value":"val1"},{"value":"val2"}]}}}}"#;
    let event = Event::from_json(odd.as_bytes()).unwrap();
    assert_eq!(
        event.to_json(),
        r#"{"version":"1.0","context":{"eventType":"viewer-request"},"viewer":{"ip":"::1"},"request":{"method":"GET","uri":"/","querystring":{"arg":{"value":"val1"}},"headers":{},"cookies":{"a":{"value":"1"}}}}"#
    );
}

#[test]
fn a_query_string_may_be_text_and_names_keep_their_order() {
    let text = r#"{"context":{"eventType":"viewer-request"},"request":{"method":"GET","uri":"/","querystring":"z=1&2=b&z=3"}}"#;
    let event = Event::from_json(text.as_bytes()).unwrap();
    assert_eq!(event.request.raw_querystring.as_deref(), Some("z=1&2=b&z=3"));
    assert_eq!(event.request.querystring.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["z", "2"]);
}

#[test]
fn what_is_no_event_is_refused_with_its_place() {
    let request = r#""request":{"method":"GET","uri":"/"}"#;
    let table = [
        (String::new(), "EOF while parsing a value"),
        ("[]".to_owned(), "invalid type: sequence, expected an object"),
        ("{}".to_owned(), "missing field `context`"),
        (format!(r#"{{"context":{{}},{request}}}"#), "missing field `eventType`"),
        (format!(r#"{{"context":{{"eventType":"origin-request"}},{request}}}"#), "context.eventType must be"),
        (format!(r#"{{"version":"2.0","context":{{"eventType":"viewer-request"}},{request}}}"#), "version must be"),
        (format!(r#"{{"context":{{"eventType":"viewer-response"}},{request}}}"#), "must have a response"),
        (r#"{"context":{"eventType":"viewer-request"}}"#.to_owned(), "missing field `request`"),
        (
            r#"{"context":{"eventType":"viewer-request"},"request":{"method":"GET"}}"#.to_owned(),
            "missing field `uri`",
        ),
        (
            format!(r#"{{"context":{{"eventType":"viewer-response"}},{request},"response":{{"statusCode":"200"}}}}"#),
            "expected u16",
        ),
        (
            r#"{"context":{"eventType":"viewer-request"},"request":{"method":"GET","uri":"/","headers":{"host":{}}}}"#
                .to_owned(),
            "missing field `value`",
        ),
        (
            r#"{"context":{"eventType":"viewer-request"},"request":{"method":"GET","uri":"/","querystring":[]}}"#
                .to_owned(),
            "expected an object of query parameters, or a string",
        ),
    ];
    for (json, detail) in table {
        let refused = Event::from_json(json.as_bytes()).expect_err(&json).to_string();
        assert!(refused.contains(detail), "{json}: {refused}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Event::from_json(&bytes).is_err());
    }

    #[test]
    fn no_damage_to_an_event_makes_it_panic(place in 0..WHOLE.len(), byte in any::<u8>(), cut in 0..WHOLE.len()) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        bytes[place] = byte;
        let damaged = Event::from_json(&bytes);
        prop_assert!(damaged.is_err() || !damaged.unwrap().to_json().is_empty());
        prop_assert!(Event::from_json(&bytes[..cut]).is_err());
    }
}
