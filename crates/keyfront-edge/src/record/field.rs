//! The fields of logs, by name.
//!
//! Standard logs write `cs(Host)` where real-time logs write `cs-host`; both are known here, so either list may be used.

use std::time::Duration;

use http::{HeaderMap, Version};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use time::OffsetDateTime;
use time::macros::format_description;

use super::{Record, cmcd};
use crate::origin::AnswerTimes;

/// What stands for a value that is not there.
pub(super) const NOTHING: &str = "-";

/// The bytes that are URL-encoded in values, beside those below 33 and above 126 (AWS: Configure standard logging
/// (legacy), "Standard log file format").
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'<')
    .add(b'>')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'\\')
    .add(b'^')
    .add(b'~')
    .add(b'[')
    .add(b']')
    .add(b'`')
    .add(b'\'');

/// Most bytes of `cs-headers` and `cs-header-names`; what is beyond is cut off (AWS: Use real-time access logs).
const MOST_BYTES_OF_HEADERS: usize = 800;

/// The fields of standard logs in their order (AWS: Standard logging reference).
pub(super) const STANDARD: [&str; 33] = [
    "date",
    "time",
    "x-edge-location",
    "sc-bytes",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "sc-status",
    "cs(Referer)",
    "cs(User-Agent)",
    "cs-uri-query",
    "cs(Cookie)",
    "x-edge-result-type",
    "x-edge-request-id",
    "x-host-header",
    "cs-protocol",
    "cs-bytes",
    "time-taken",
    "x-forwarded-for",
    "ssl-protocol",
    "ssl-cipher",
    "x-edge-response-result-type",
    "cs-protocol-version",
    "fle-status",
    "fle-encrypted-fields",
    "c-port",
    "time-to-first-byte",
    "x-edge-detailed-result-type",
    "sc-content-type",
    "sc-content-len",
    "sc-range-start",
    "sc-range-end",
];

/// The value of a field, URL-encoded; [`NOTHING`] for an empty one and for a field that is not known.
pub(super) fn value(record: &Record, field: &str) -> String {
    let value = when(record, field)
        .or_else(|| of_request(record, field))
        .or_else(|| of_response(record, field))
        .or_else(|| of_connection(record, field))
        .or_else(|| of_configuration(record, field))
        .or_else(|| cmcd::value(&record.request, field))
        .unwrap_or_default();
    if value.is_empty() { NOTHING.to_owned() } else { percent_encode(value.as_bytes(), ENCODED).to_string() }
}

/// Fields about time.
fn when(record: &Record, field: &str) -> Option<String> {
    let at = || {
        let nanoseconds = i128::from(record.ended_ms) * 1_000_000;
        OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    };
    Some(match field {
        "date" => at().format(format_description!("[year]-[month]-[day]")).unwrap_or_default(),
        "time" => at().format(format_description!("[hour]:[minute]:[second]")).unwrap_or_default(),
        "timestamp" => format!("{}.{:03}", record.ended_ms / 1000, record.ended_ms % 1000),
        "timestamp(ms)" => record.ended_ms.to_string(),
        "time-taken" => seconds(record.took),
        "time-to-first-byte" => record.first_byte.map(seconds).unwrap_or_default(),
        "origin-fbl" => origin_time(record, |times| Some(times.first_byte)),
        "origin-lbl" => origin_time(record, |times| times.last_byte.get()),
        _ => return None,
    })
}

/// Fields about what the viewer sent.
fn of_request(record: &Record, field: &str) -> Option<String> {
    let request = &record.request;
    Some(match field {
        "cs-method" => request.method.to_string(),
        "cs-uri-stem" => request.path.clone(),
        "cs-uri-query" => request.query.clone().unwrap_or_default(),
        "cs-bytes" => record.received_bytes.to_string(),
        "x-host-header" => record.request_header("host"),
        "cs(Referer)" | "cs-referer" => record.request_header("referer"),
        "cs(User-Agent)" | "cs-user-agent" => record.request_header("user-agent"),
        "cs(Cookie)" | "cs-cookie" => cookies(&request.headers),
        "cs-accept" => record.request_header("accept"),
        "cs-accept-encoding" => record.request_header("accept-encoding"),
        "x-forwarded-for" => record.request_header("x-forwarded-for"),
        "cs-headers" => cut(headers(&request.headers)),
        "cs-header-names" => cut(header_names(&request.headers)),
        "cs-headers-count" => request.headers.len().to_string(),
        "cs-protocol" => protocol(record).to_owned(),
        "cs-protocol-version" => version(record.viewer.version).to_owned(),
        "fle-status" => record.encryption.map(|encryption| encryption.status.to_owned()).unwrap_or_default(),
        "fle-encrypted-fields" => {
            record.encryption.map(|encryption| encryption.fields.to_string()).unwrap_or_default()
        }
        _ => return None,
    })
}

/// Fields about what the viewer got.
fn of_response(record: &Record, field: &str) -> Option<String> {
    Some(match field {
        "sc-status" => format!("{:03}", record.status),
        "sc-bytes" => record.sent_bytes.to_string(),
        "sc-content-type" => record.response_header("content-type"),
        "sc-content-len" => record.response_header("content-length"),
        "sc-range-start" => range(record, |(start, _)| start),
        "sc-range-end" => range(record, |(_, end)| end),
        "x-edge-result-type" => record.result.name().to_owned(),
        "x-edge-response-result-type" => record.response_result.name().to_owned(),
        "x-edge-detailed-result-type" => record.detailed_result().to_owned(),
        "x-edge-request-id" => record.request_id.clone(),
        _ => return None,
    })
}

/// Fields about the viewer's connection.
fn of_connection(record: &Record, field: &str) -> Option<String> {
    let viewer = &record.viewer;
    let tls = viewer.tls.as_ref();
    Some(match field {
        "x-edge-location" => record.location.to_string(),
        "c-ip" => viewer.address.ip().to_string(),
        "c-port" => viewer.address.port().to_string(),
        "c-ip-version" => if viewer.address.is_ipv4() { "IPv4" } else { "IPv6" }.to_owned(),
        "c-country" => viewer.country.clone(),
        "ssl-protocol" => tls.map(|tls| tls.version.to_owned()).unwrap_or_default(),
        "ssl-cipher" => tls.map(|tls| tls.cipher.to_owned()).unwrap_or_default(),
        _ => return None,
    })
}

/// Fields about the distribution.
fn of_configuration(record: &Record, field: &str) -> Option<String> {
    let distribution = record.distribution.as_deref();
    let primary = record.primary.as_deref();
    Some(match field {
        "cs(Host)" | "cs-host" => distribution.map(|known| known.domain_name.clone()).unwrap_or_default(),
        "DistributionId" => distribution.map(|known| known.id.clone()).unwrap_or_default(),
        "cache-behavior-path-pattern" => record.behavior.as_deref().unwrap_or_default().to_owned(),
        "primary-distribution-id" => primary.map(|known| known.id.clone()).unwrap_or_default(),
        "primary-distribution-dns-name" => primary.map(|known| known.domain_name.clone()).unwrap_or_default(),
        _ => return None,
    })
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

fn origin_time(record: &Record, of: impl Fn(&AnswerTimes) -> Option<Duration>) -> String {
    let times = record.origin.as_ref().and_then(|origin| origin.times.as_ref());
    times.and_then(of).map(seconds).unwrap_or_default()
}

fn protocol(record: &Record) -> &'static str {
    let grpc = || record.request_header("content-type").starts_with("application/grpc");
    match (record.status, record.viewer.secure) {
        (101, false) => "ws",
        (101, true) => "wss",
        (_, true) if record.viewer.version == Version::HTTP_2 && grpc() => "grpcs",
        (_, false) => "http",
        (_, true) => "https",
    }
}

fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2.0",
        Version::HTTP_3 => "HTTP/3.0",
        _ => "HTTP/1.1",
    }
}

/// First and last byte of a `Content-Range` (RFC 9110, section 14.4).
fn range(record: &Record, part: impl Fn((String, String)) -> String) -> String {
    let header = record.response_header("content-range");
    let bounds = header.strip_prefix("bytes ").and_then(|range| range.split('/').next()?.split_once('-'));
    bounds.map(|(start, end)| part((start.to_owned(), end.to_owned()))).unwrap_or_default()
}

/// All cookies, in one value: HTTP/2 may send each in a header of its own (RFC 9113, section 8.2.3).
fn cookies(headers: &HeaderMap) -> String {
    let values = headers.get_all("cookie").iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect::<Vec<_>>().join("; ")
}

fn headers(headers: &HeaderMap) -> String {
    headers.iter().fold(String::new(), |text, (name, value)| {
        text + name.as_str() + ":" + &String::from_utf8_lossy(value.as_bytes()) + "\n"
    })
}

fn header_names(headers: &HeaderMap) -> String {
    headers.keys().fold(String::new(), |text, name| text + name.as_str() + "\n")
}

fn cut(mut text: String) -> String {
    if text.len() > MOST_BYTES_OF_HEADERS {
        let end =
            (0..=MOST_BYTES_OF_HEADERS).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::{record, with_header};
    use super::super::{Encryption, OriginExchange};
    use super::*;
    use crate::answer::ResultType;
    use crate::message::ViewerTls;

    /// Each field of both kinds of log (AWS: Standard logging reference; Use real-time access logs).
    #[test]
    fn every_field_has_the_value_of_its_request() {
        let mut record = record();
        record.encryption = Some(Encryption { status: "Processed", fields: 2 });
        let times = AnswerTimes { first_byte: Duration::from_millis(40), ..AnswerTimes::default() };
        times.last_byte.came(Duration::from_millis(55));
        record.origin = Some(OriginExchange { id: "o".to_owned(), times: Some(times) });
        for (field, expected) in [
            ("date", "2019-12-04"),
            ("time", "21:02:31"),
            ("timestamp", "1575493351.123"),
            ("timestamp(ms)", "1575493351123"),
            ("x-edge-location", "LAX1"),
            ("sc-bytes", "392"),
            ("c-ip", "192.0.2.100"),
            ("cs-method", "GET"),
            ("cs(Host)", "d111111abcdef8.cloudfront.net"),
            ("cs-host", "d111111abcdef8.cloudfront.net"),
            ("cs-uri-stem", "/index.html"),
            ("sc-status", "200"),
            ("cs(Referer)", "-"),
            ("cs(User-Agent)", "Mozilla/5.0%20(Windows%20NT%2010.0)"),
            ("cs-user-agent", "Mozilla/5.0%20(Windows%20NT%2010.0)"),
            ("cs-uri-query", "a=1&b=%2520"),
            ("cs(Cookie)", "a=1;%20b=2"),
            ("x-edge-result-type", "Hit"),
            ("x-edge-response-result-type", "Hit"),
            ("x-edge-detailed-result-type", "Hit"),
            ("x-edge-request-id", "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ=="),
            ("x-host-header", "www.example.com"),
            ("cs-protocol", "https"),
            ("cs-bytes", "23"),
            ("time-taken", "0.001"),
            ("x-forwarded-for", "-"),
            ("ssl-protocol", "TLSv1.2"),
            ("ssl-cipher", "ECDHE-RSA-AES128-GCM-SHA256"),
            ("cs-protocol-version", "HTTP/2.0"),
            ("fle-status", "Processed"),
            ("fle-encrypted-fields", "2"),
            ("c-port", "11040"),
            ("time-to-first-byte", "0.001"),
            ("sc-content-type", "text/html"),
            ("sc-content-len", "78"),
            ("sc-range-start", "-"),
            ("sc-range-end", "-"),
            ("c-ip-version", "IPv4"),
            ("c-country", "DE"),
            ("cs-accept", "text/html"),
            ("cs-accept-encoding", "-"),
            ("cs-headers-count", "5"),
            ("cache-behavior-path-pattern", "*.html"),
            ("DistributionId", "E1XRY7J5866V6G"),
            ("primary-distribution-id", "-"),
            ("origin-fbl", "0.040"),
            ("origin-lbl", "0.055"),
            ("asn", "-"),
            ("no-such-field", "-"),
        ] {
            assert_eq!(value(&record, field), expected, "{field}");
        }
    }

    /// AWS: "URL-encoded equivalents are used for the following characters".
    #[test]
    fn values_are_escaped_so_that_a_line_stays_a_line() {
        for (path, expected) in [
            ("/a b", "/a%20b"),
            ("/%20", "/%2520"),
            ("/<>\"#{}|\\^~[]`'", "/%3C%3E%22%23%7B%7D%7C%5C%5E%7E%5B%5D%60%27"),
            ("/a\tb\nc\r\u{0}\u{7f}", "/a%09b%0Ac%0D%00%7F"),
            ("/\u{fc}", "/%C3%BC"),
            ("/!$&()*+,-./:;=?@_", "/!$&()*+,-./:;=?@_"),
        ] {
            let mut record = record();
            record.request.path = path.to_owned();
            assert_eq!(value(&record, "cs-uri-stem"), expected, "{path:?}");
        }
    }

    #[test]
    fn values_that_depend_on_others() {
        let mut upgraded = record();
        upgraded.status = 101;
        assert_eq!(value(&upgraded, "cs-protocol"), "wss");
        upgraded.viewer.secure = false;
        assert_eq!(value(&upgraded, "cs-protocol"), "ws");
        let mut left = record();
        left.status = 0;
        assert_eq!(value(&left, "sc-status"), "000");
        let grpc = with_header(record(), "content-type", "application/grpc+proto");
        assert_eq!(value(&grpc, "cs-protocol"), "grpcs");
        let mut part = record();
        part.response_headers.insert("content-range", "bytes 100-199/1000".parse().unwrap());
        assert_eq!(
            (value(&part, "sc-range-start"), value(&part, "sc-range-end")),
            ("100".into(), "199".into())
        );
        let mut failed = record();
        failed.result = ResultType::Error;
        failed.detail = Some("OriginConnectError");
        assert_eq!(value(&failed, "x-edge-result-type"), "Error");
        assert_eq!(value(&failed, "x-edge-detailed-result-type"), "OriginConnectError");
        let mut plain = record();
        plain.viewer.tls = None::<ViewerTls>;
        assert_eq!(value(&plain, "ssl-cipher"), "-");
    }

    #[test]
    fn headers_are_cut_off_where_they_are_too_long() {
        let long = with_header(record(), "x-long", &"x".repeat(2000));
        let headers = value(&long, "cs-headers");
        assert!(headers.contains("host:www.example.com%0A"), "{headers}");
        assert_eq!(headers.replace("%0A", "\n").replace("%20", " ").len(), MOST_BYTES_OF_HEADERS);
        assert!(value(&long, "cs-header-names").contains("x-long"));
    }
}
