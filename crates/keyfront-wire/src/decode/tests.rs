//! Tests of requests as they are decoded: XML, JSON, headers, paths and queries.

use http::Method;
use serde_json::json;

use super::*;
use crate::Route;

/// Routes and decodes a request of the control plane.
fn control(
    method: &Method,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Value, ServiceError> {
    decoded(&Service::cloudfront().unwrap(), method, target, headers, body)
}

/// Routes and decodes a request of the data plane.
fn data(method: &Method, target: &str, headers: &[(&str, &str)], body: &str) -> Result<Value, ServiceError> {
    decoded(&Service::key_value_store().unwrap(), method, target, headers, body)
}

fn decoded(
    service: &Service,
    method: &Method,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Value, ServiceError> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Route::Operation(operation, labels) = service.route(method, path, query) else {
        panic!("no route: {target}")
    };
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    }
    let request = Incoming { labels: &labels, query, headers: &map, body: body.as_bytes() };
    service.decode(operation, &request).map(Value::Object)
}

fn create(body: &str) -> Result<Value, ServiceError> {
    control(&Method::POST, "/2020-05-31/key-value-store", &[], body)
}

fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Code {
    result.unwrap_err().code()
}

#[test]
fn documents_as_the_clients_send_them_are_read() {
    let ns = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
    for (body, expected) in [
        (format!("<CreateKeyValueStoreRequest xmlns=\"{ns}\"><Name>s</Name></CreateKeyValueStoreRequest>"), json!({"Name": "s"})),
        (
            format!("<CreateKeyValueStoreRequest xmlns=\"{ns}\"><Comment>a &lt;c&gt; &amp; &#34;q&#34; &#39;n&#39; ünï</Comment><Name>s</Name></CreateKeyValueStoreRequest>"),
            json!({"Name": "s", "Comment": "a <c> & \"q\" 'n' ünï"}),
        ),
        ("<?xml version='1.1' encoding='utf-8' standalone='yes'?><CreateKeyValueStoreRequest/>".to_owned(), json!({})),
        ("\u{feff}<?xml version=\"1.0\" encoding=\"US-ASCII\"?><CreateKeyValueStoreRequest/>".to_owned(), json!({})),
        ("<CreateKeyValueStoreRequest><Comment /></CreateKeyValueStoreRequest>".to_owned(), json!({"Comment": ""})),
        ("<CreateKeyValueStoreRequest><Comment></Comment></CreateKeyValueStoreRequest>".to_owned(), json!({"Comment": ""})),
        ("<x:CreateKeyValueStoreRequest xmlns:x=\"y\"><x:Name>s</x:Name></x:CreateKeyValueStoreRequest>".to_owned(), json!({"Name": "s"})),
        (
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><CreateKeyValueStoreRequest>\n <Name>s</Name>\n <Tags><Items><Tag><Key>a b</Key><Value>ü</Value></Tag><Tag><Key>k</Key></Tag></Items></Tags>\n</CreateKeyValueStoreRequest>\n".to_owned(),
            json!({"Name": "s", "Tags": {"Items": [{"Key": "a b", "Value": "ü"}, {"Key": "k"}]}}),
        ),
        ("<CreateKeyValueStoreRequest><Tags><Items/></Tags></CreateKeyValueStoreRequest>".to_owned(), json!({"Tags": {"Items": []}})),
        ("<CreateKeyValueStoreRequest><New><Name>x</Name></New><Name>a<!-- c -->b<![CDATA[<c>]]></Name></CreateKeyValueStoreRequest>".to_owned(), json!({"Name": "ab<c>"})),
    ] {
        assert_eq!(create(&body).unwrap(), expected, "{body}");
    }
}

#[test]
fn text_is_kept_to_the_byte() {
    let body =
        "<PublicKeyConfig><EncodedKey>-----BEGIN-----&#xA;AB&#13;\nC \n</EncodedKey></PublicKeyConfig>";
    let read = control(&Method::POST, "/2020-05-31/public-key", &[], body).unwrap();
    assert_eq!(read, json!({"PublicKeyConfig": {"EncodedKey": "-----BEGIN-----\nAB\r\nC \n"}}));
}

#[test]
fn broken_and_abusive_documents_are_no_xml() {
    let deep = format!(
        "<CreateKeyValueStoreRequest>{}{}</CreateKeyValueStoreRequest>",
        "<a>".repeat(100),
        "</a>".repeat(100)
    );
    for body in [
        "not xml",
        " ",
        "<CreateKeyValueStoreRequest>",
        "<CreateKeyValueStoreRequest><Name>s</CreateKeyValueStoreRequest>",
        "<CreateKeyValueStoreRequest/><y/>",
        "<CreateKeyValueStoreRequest></CreateKeyValueStoreRequest>trailing",
        "<CreateKeyValueStoreRequest><Name>&unknown;</Name></CreateKeyValueStoreRequest>",
        "<CreateKeyValueStoreRequest>&unknown;<Name>s</Name></CreateKeyValueStoreRequest>",
        "<CreateKeyValueStoreRequest><Name>&#0;</Name></CreateKeyValueStoreRequest>",
        "<CreateKeyValueStoreRequest><Name>\u{1}</Name></CreateKeyValueStoreRequest>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><CreateKeyValueStoreRequest><Name>&a;</Name></CreateKeyValueStoreRequest>",
        "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><CreateKeyValueStoreRequest/>",
        "<?xml version=\"1.0\"?><!-- c --><?xml version=\"1.0\"?><CreateKeyValueStoreRequest/>",
        "\n<?xml version=\"1.0\"?><CreateKeyValueStoreRequest/>",
        "<!-- c --><?xml version=\"1.0\"?><CreateKeyValueStoreRequest/>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><CreateKeyValueStoreRequest/>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><CreateKeyValueStoreRequest/>",
        "<?xml encoding=\"UTF-8\"?><CreateKeyValueStoreRequest/>",
        "<?xml version=\"2.0\"?><CreateKeyValueStoreRequest/>",
        deep.as_str(),
    ] {
        let error = create(body).unwrap_err();
        assert_eq!((error.code(), error.message()), (Code::MalformedInput, "Could not parse XML"), "{body}");
    }
}

/// A document whose root is that of CreateFunction.
fn function(inner: &str) -> Result<Value, ServiceError> {
    let body = format!("<CreateFunctionRequest>{inner}</CreateFunctionRequest>");
    control(&Method::POST, "/2020-05-31/function", &[], &body)
}

fn tags(items: &str) -> String {
    format!("<Tags><Items>{items}</Items></Tags>")
}

/// Each row names its capture of 2026-10 in MiniStack's tests.
#[test]
fn a_document_that_says_something_else_than_its_shape_is_refused_in_the_words_of_the_service() {
    const TEXT: &str = "Unexpected complex element termination";
    const ELEMENT: &str = "Start of list found where not expected";
    const BASE64: &str = "Invalid Base64 encoding";
    let bad_code = "<FunctionCode>!!!not-base64!!!</FunctionCode>";
    for (inner, message) in [
        (tags("<Tag>just text</Tag>"), TEXT), // N:cf-items-child-with-text-only
        (tags("<Tag>   </Tag>"), TEXT),       // L:cf-whitespace-only-tag
        (tags("<Tag>&amp;</Tag>"), TEXT),     // as these
        (tags("text"), TEXT),                 // as these
        (tags("<Tag><Key><b>x</b></Key></Tag>"), ELEMENT), // N:cf-key-with-child-element
        (tags("<Tag><Key>k</Key><Value><b>x</b></Value></Tag>"), ELEMENT), // L:cf-value-with-child-element
        (tags("<Tag><Key>a<b>x</b></Key></Tag>"), ELEMENT), // L:cf-key-text-and-child
        (tags("<Tag><Key><b>x</b></Key><Key>k</Key></Tag>"), ELEMENT), // L:cf-first-key-child-last-plain
        (bad_code.to_owned(), BASE64),        // L:cf-bad-base64-alone
        (bad_code.to_owned() + &tags("<Tag><Key>a#b</Key></Tag>"), BASE64), // L:cf-bad-base64-and-key-hash
        (bad_code.to_owned() + &tags("<Tag>x</Tag>"), TEXT), // E:cf-bad-base64-before-tags-with-tag-parse-error
        (tags("<Tag>x</Tag>") + bad_code, TEXT), // E:cf-tags-before-bad-base64-with-tag-parse-error
    ] {
        let error = function(&inner).unwrap_err();
        assert_eq!((error.code(), error.message()), (Code::MalformedInput, message), "{inner}");
    }
    let other = control(&Method::POST, "/2020-05-31/function", &[], "<a:SomethingElse/>").unwrap_err();
    let message = "SomethingElse is not valid, expected CreateFunctionRequest"; // R1 U20/wrong-root
    assert_eq!((other.code(), other.message()), (Code::MalformedInput, message));
    let long = format!("<{}/>", "n".repeat(100_000));
    let long = control(&Method::POST, "/2020-05-31/function", &[], &long).unwrap_err();
    assert!(long.message().len() < 200, "{}", long.message());
}

/// Each row names its capture of 2026-10 in MiniStack's tests.
#[test]
fn what_a_document_says_beside_its_shape_is_passed_over() {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    for (inner, read) in [
        // H:raw-tags-direct-tag-children.
        ("<Tags><Tag><Key>team</Key></Tag></Tags>", json!({"Tags": {}})),
        // H:raw-items-non-tag-child.
        (
            "<Tags><Items><Tag><Key>a</Key><Value>b</Value></Tag><Foo><Key>x</Key></Foo></Items></Tags>",
            json!({"Tags": {"Items": [tag("a", "b"), {"Key": "x"}]}}),
        ),
        // N:cf-text-directly-in-items.
        (
            "<Tags><Items><Tag><Key>a</Key><Value>b</Value></Tag>stray text</Items></Tags>",
            json!({"Tags": {"Items": [tag("a", "b")]}}),
        ),
        // N:cf-tag-with-two-keys, L:cf-two-values.
        (
            "<Tags><Items><Tag><Key>first</Key><Key>k</Key><Value>1</Value><Value>2</Value></Tag></Items></Tags>",
            json!({"Tags": {"Items": [tag("k", "2")]}}),
        ),
        // L:cf-pretty-printed-tag.
        (
            "<Tags><Items><Tag>\n  <Key>k</Key>\n  <Value>v</Value>\n</Tag></Items></Tags>",
            json!({"Tags": {"Items": [tag("k", "v")]}}),
        ),
        // L:cf-text-before-child, L:cf-text-after-child.
        (
            "<Tags><Items><Tag>junk<Key>k</Key>junk<Value>v</Value></Tag></Items></Tags>",
            json!({"Tags": {"Items": [tag("k", "v")]}}),
        ),
        // L:cf-two-items-elements.
        (
            "<Tags><Items><Tag><Key>first</Key></Tag></Items><Items><Tag><Key>k</Key><Value>v</Value></Tag></Items></Tags>",
            json!({"Tags": {"Items": [tag("k", "v")]}}),
        ),
        // N:cf-items-child-without-key-or-value, N:cf-key-nested-in-wrapper.
        (
            "<Tags><Items><Tag></Tag><Tag><Wrap><Key>k</Key></Wrap><Value>v</Value></Tag></Items></Tags>",
            json!({"Tags": {"Items": [{}, {"Value": "v"}]}}),
        ),
        ("<Tags><Items>\n</Items></Tags>", json!({"Tags": {"Items": []}})),
    ] {
        assert_eq!(function(inner), Ok(read), "{inner}");
    }
}

/// Each row names its capture of 2026-10 in MiniStack's tests.
#[test]
fn numbers_are_read_as_the_service_reads_them() {
    let target = "/2020-05-31/vpc-origin";
    let port = |text: &str| {
        let body = format!(
            "<CreateVpcOriginRequest><VpcOriginEndpointConfig><HTTPPort>{text}</HTTPPort></VpcOriginEndpointConfig>\
             </CreateVpcOriginRequest>"
        );
        control(&Method::POST, target, &[], &body)
            .map(|input| input["VpcOriginEndpointConfig"]["HTTPPort"].clone())
    };
    let unread = Err((Code::MalformedInput, ""));
    for (text, read) in [
        ("80", Ok(80)),
        ("080", Ok(80)),                   // R1 U20/http-leading-zero
        ("+80", Ok(80)),                   // R5 V-edge/http-plus-80
        ("-1", Ok(-1)),                    // V C21/minus-1
        ("2147483647", Ok(2_147_483_647)), // R6 V-edge2/unknown-id-int-2147483647
        ("-2147483648", Ok(-2_147_483_648)),
        ("2147483648", unread),  // R6 V-edge2/unknown-id-int-2147483648
        ("99999999999", unread), // R5 V-edge/http-huge
        ("eighty", unread),      // R1 U20/http-eighty
        ("80.0", unread),        // R1 U20/http-decimal
        (" 80 ", unread),        // R1 U20/http-space
        ("", Err((Code::MalformedInput, "missing value for decimal type"))), // R1 U20/http-empty
    ] {
        let found = port(text);
        match read {
            Ok(read) => assert_eq!(found, Ok(json!(read)), "{text:?}"),
            Err(expected) => {
                let error = found.unwrap_err();
                assert_eq!((error.code(), error.message()), expected, "{text:?}");
            }
        }
    }
}

#[test]
fn members_outside_the_body_are_decoded_once() {
    let target = "/key-value-stores/arn%3Aaws%2Fx/keys/a%252Fb%20%2B%F0%9F%98%80";
    let read = data(&Method::PUT, target, &[("If-Match", "KV1")], "{\"Value\":\"v\",\"New\":1}").unwrap();
    assert_eq!(read, json!({"KvsARN": "arn:aws/x", "Key": "a%2Fb +😀", "IfMatch": "KV1", "Value": "v"}));
    let read =
        data(&Method::GET, "/key-value-stores/a/keys?NextToken=a%2B%2F%3D+%C3%A9&MaxResults=7", &[], "")
            .unwrap();
    assert_eq!(read, json!({"KvsARN": "a", "NextToken": "a+/=+é", "MaxResults": 7}));
}

#[test]
fn documents_of_the_data_plane_are_read_or_refused() {
    let update = |body: &str| data(&Method::POST, "/key-value-stores/a/keys", &[], body);
    assert_eq!(
        update("{\"Puts\": [{\"Key\": \"n/1\", \"Value\": \"\\u00fc\"}], \"Deletes\": null}").unwrap(),
        json!({"KvsARN": "a", "Puts": [{"Key": "n/1", "Value": "ü"}]})
    );
    assert_eq!(update("").unwrap(), json!({"KvsARN": "a"}));
    for body in [
        "{",
        "[]",
        "\"x\"",
        "{\"Puts\": {}}",
        "{\"Puts\": [{\"Key\": 1}]}",
        "{\"Puts\": [3]}",
        "{} x",
        "\u{feff}{}",
    ] {
        assert_eq!(code(update(body)), Code::MalformedXML, "{body}");
    }
    for target in [
        "/key-value-stores/a/keys?MaxResults=x",
        "/key-value-stores/a/keys?NextToken=%FF",
        "/key-value-stores/%zz/keys",
    ] {
        assert_eq!(code(data(&Method::GET, target, &[], "")), Code::ValidationException, "{target}");
    }
}

#[test]
fn a_parse_error_never_repeats_the_document() {
    let error = data(&Method::PUT, "/key-value-stores/a/keys/k", &[], "{\"Value\": s3cret}").unwrap_err();
    assert!(!error.message().contains("s3cret"), "{}", error.message());
}

#[test]
fn members_that_the_model_does_not_know_are_passed_over_whatever_they_hold() {
    let update = |body: &str| data(&Method::POST, "/key-value-stores/a/keys", &[], body);
    let (open, close) = ("[".repeat(100), "]".repeat(100));
    let unknown = format!("{{\"New\": {open}1{close}, \"Deletes\": [{{\"Key\": \"k\", \"x\": {{}}}}]}}");
    assert_eq!(update(&unknown).unwrap(), json!({"KvsARN": "a", "Deletes": [{"Key": "k"}]}));
    let error = update("{\"Puts\": [{\"Key\": 5}]}").unwrap_err();
    assert!(error.message().starts_with("NUMBER_VALUE cannot be converted to String"), "{}", error.message());
}

/// Reads a body of the operation that takes its lists item by item.
fn items(body: &str) -> (Vec<(&'static str, Value)>, Result<(), ServiceError>) {
    let own = Service::extensions().unwrap();
    let operation = own.operations().iter().find(|operation| own.streams(operation)).unwrap();
    let mut taken = Vec::new();
    let outcome = own.each_item(operation, body.as_bytes(), |list, item| taken.push((list, item)));
    (taken, outcome)
}

#[test]
fn a_streamed_body_is_not_part_of_the_input() {
    let own = Service::extensions().unwrap();
    let body = r#"{"Puts":[{"Key":"a","Value":"1"}]}"#;
    let target = "/keyfront/key-value-stores/arn%3Aaws/pairs";
    let input = decoded(&own, &Method::POST, target, &[("if-match", "KV1")], body);
    assert_eq!(input, Ok(json!({"KvsARN": "arn:aws", "IfMatch": "KV1"})));
}

#[test]
fn the_items_of_a_streamed_body_come_one_by_one() {
    let pair = json!({"Key": "a", "Value": "1"});
    for (body, expected) in [
        ("", vec![]),
        ("{}", vec![]),
        (r#"{"Puts":null,"Deletes":[]}"#, vec![]),
        (
            r#"{"Deletes":[{"Key":"b","More":[1]}],"x":{"Puts":[1]},"Puts":[{"Value":"1","Key":"a"}]}"#,
            vec![("Deletes", json!({"Key": "b"})), ("Puts", pair.clone())],
        ),
        (
            r#"{"Puts":[{"Key":"a","Value":"1"}],"Puts":[{"Key":"b","Value":""}]}"#,
            vec![("Puts", pair.clone()), ("Puts", json!({"Key": "b", "Value": ""}))],
        ),
    ] {
        assert_eq!(items(body), (expected, Ok(())), "{body}");
    }
}

/// Decoding and checking in one go say what they say one after the other for the same lists of the data plane.
#[test]
fn the_items_of_a_streamed_body_are_refused_in_the_words_of_a_whole_one() {
    let data = Service::key_value_store().unwrap();
    let update = data.operations().iter().find(|operation| operation.name == "UpdateKeys").unwrap();
    for body in [
        "[]",
        "{",
        "3",
        r#"{"Puts":{}}"#,
        r#"{"Puts":"secret"}"#,
        r#"{"Puts":["secret"]}"#,
        r#"{"Puts":[[]]}"#,
        r#"{"Puts":[{"Key":1}]}"#,
        r#"{"Puts":[null]}"#,
        r#"{"Puts":[{},{"Key":"","Value":"secret"}],"Deletes":[{"Key":null},{}]}"#,
    ] {
        let labels = [("KvsARN", "a")];
        let headers = HeaderMap::from_iter([(http::header::IF_MATCH, http::HeaderValue::from_static("e"))]);
        let request = Incoming { labels: &labels, query: "", headers: &headers, body: body.as_bytes() };
        let whole = data.decode(update, &request).and_then(|input| data.check(update, &input));
        let (taken, streamed) = items(body);
        assert_eq!(streamed, whole, "{body}");
        assert!(streamed.is_err() && taken.is_empty(), "{body}");
    }
}

#[test]
fn base64_in_a_document_is_read_without_its_white_space_and_must_be_base64() {
    let control = Service::cloudfront().unwrap();
    for (text, read) in [
        ("YWJj", Some("YWJj")),
        ("YWI=", Some("YWI=")),
        ("\n  YW\r\n  Jj\n", Some("YWJj")),
        ("", Some("")),
        ("YWI", None),
        ("a-b_", None),
        ("function handler() {}", None),
    ] {
        let body =
            format!("<CreateFunctionRequest><FunctionCode>{text}</FunctionCode></CreateFunctionRequest>");
        let input = decoded(&control, &Method::POST, "/2020-05-31/function", &[], &body);
        let code = input.map(|input| input["FunctionCode"].as_str().map(str::to_owned));
        match read {
            Some(read) => assert_eq!(code, Ok(Some(read.to_owned())), "{text}"),
            None => assert_eq!(code.unwrap_err().code(), Code::MalformedInput, "{text}"),
        }
    }
}
