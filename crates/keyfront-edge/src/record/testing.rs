//! A record for tests: the example of AWS's standard logging reference, with more headers.

use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method, Version};

use super::{Counted, Record, RecordedDistribution};
use crate::answer::ResultType;
use crate::message::{RequestHead, Viewer, ViewerTls};

pub(super) fn record() -> Record {
    let cipher = "ECDHE-RSA-AES128-GCM-SHA256";
    let headers = [
        ("host", "www.example.com"),
        ("user-agent", "Mozilla/5.0 (Windows NT 10.0)"),
        ("accept", "text/html"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
    ];
    Record {
        ended_ms: 1_575_493_351_123,
        took: Duration::from_millis(1),
        first_byte: Some(Duration::from_millis(1)),
        viewer: Viewer {
            address: "192.0.2.100:11040".parse().unwrap(),
            secure: true,
            version: Version::HTTP_2,
            country: "DE".to_owned(),
            tls: Some(ViewerTls { version: "TLSv1.2", cipher }),
            mtls: None,
        },
        request: RequestHead {
            method: Method::GET,
            host: "www.example.com".to_owned(),
            path: "/index.html".to_owned(),
            query: Some("a=1&b=%20".to_owned()),
            headers: headers
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .into_iter()
                .fold(HeaderMap::new(), |mut headers, (name, value)| {
                    headers.append(name, value);
                    headers
                }),
        },
        received_bytes: 23,
        request_id: "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==".to_owned(),
        location: "LAX1".into(),
        distribution: Some(Arc::new(RecordedDistribution {
            id: "E1XRY7J5866V6G".to_owned(),
            domain_name: "d111111abcdef8.cloudfront.net".to_owned(),
        })),
        primary: None,
        behavior: Some("*.html".into()),
        status: 200,
        response_headers: [("content-type", "text/html"), ("content-length", "78")]
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .into_iter()
            .collect(),
        sent_bytes: 392,
        result: ResultType::Hit,
        response_result: ResultType::Hit,
        detail: None,
        encryption: None,
        origin: None,
        function: None,
        why: None,
    }
}

/// What is counted of it.
pub(super) fn counted() -> Counted {
    let Record { result, status, received_bytes, sent_bytes, .. } = record();
    Counted { result, status, received_bytes, sent_bytes }
}

/// The record of a request with one header more.
pub(super) fn with_header(mut record: Record, name: &'static str, value: &str) -> Record {
    record.request.headers.append(name, value.parse().unwrap());
    record
}
