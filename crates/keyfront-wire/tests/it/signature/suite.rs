//! Reads AWS's signing test suite: requests as text, some of which no HTTP library would let through.

use std::path::{Path, PathBuf};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use keyfront_wire::signature::{Algorithm, Expectation, PathStyle, RequestView};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A request with a raw target.
#[derive(Clone)]
pub(super) struct RawRequest {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl RawRequest {
    pub(super) fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
            authority: None,
        }
    }

    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        // An obsolete line folding is a space (RFC 9112, 5.2).
        let unfolded = head.replace("\n ", " ");
        let mut lines = unfolded.lines();
        let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
        let target = target.strip_suffix(" HTTP/1.1").unwrap_or(target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(':').unwrap();
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        Self {
            method: method.parse().unwrap(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.trim_start_matches('\n').into(),
        }
    }
}

/// One case in one form.
pub(super) struct Case {
    /// Suite, name and form, for messages.
    pub(super) title: String,
    pub(super) request: RawRequest,
    pub(super) algorithm: Algorithm,
    pub(super) access_key_id: String,
    pub(super) secret: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) normalize: bool,
    pub(super) time: OffsetDateTime,
    /// `04`, X, Y in hexadecimal.
    pub(super) public_key: Option<String>,
}

impl Case {
    pub(super) fn expectation(&self) -> Expectation<'_> {
        Expectation {
            region: Some(&self.region),
            path: if self.normalize { PathStyle::Normalized } else { PathStyle::AsSent },
            ..Expectation::new(&self.service)
        }
    }
}

/// All cases of both suites in both forms.
pub(super) fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/aws-signing-test-suite");
    let mut cases = Vec::new();
    for (suite, algorithm) in [("v4", Algorithm::V4), ("v4a", Algorithm::V4a)] {
        for folder in std::fs::read_dir(root.join(suite)).unwrap() {
            let folder = folder.unwrap().path();
            for form in ["header", "query"] {
                let file = folder.join(format!("{form}-signed-request.txt"));
                if file.exists() {
                    cases.push(case(&folder, &file, suite, algorithm, form));
                }
            }
        }
    }
    cases.sort_by(|a, b| a.title.cmp(&b.title));
    cases
}

fn case(folder: &Path, file: &PathBuf, suite: &str, algorithm: Algorithm, form: &str) -> Case {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let context = context(folder, name);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let public_key = std::fs::read(folder.join("public-key.json")).ok().map(|json| {
        let key: Value = serde_json::from_slice(&json).unwrap();
        format!("04{}{}", text(&key["X"]), text(&key["Y"]))
    });
    Case {
        title: format!("{suite}/{name}/{form}"),
        request: RawRequest::parse(&std::fs::read_to_string(file).unwrap()),
        algorithm,
        access_key_id: text(&context["credentials"]["access_key_id"]),
        secret: text(&context["credentials"]["secret_access_key"]),
        region: text(&context["region"]),
        service: text(&context["service"]),
        normalize: context["normalize"].as_bool().unwrap(),
        time: OffsetDateTime::parse(&text(&context["timestamp"]), &Rfc3339).unwrap(),
        public_key,
    }
}

/// The credentials, time and scope of a case. The two cases from the older suite keep theirs in the tests of the
/// crate they come from.
fn context(folder: &Path, name: &str) -> Value {
    let older = |id: &str, secret: &str, region: &str, service: &str, timestamp: &str| {
        serde_json::json!({
            "credentials": { "access_key_id": id, "secret_access_key": secret },
            "region": region, "service": service, "normalize": true, "timestamp": timestamp,
        })
    };
    match name {
        "double-encode-path" => older(
            "ANOTREAL",
            "notrealrnrELgWzOk3IfjzDKtFBhDby",
            "us-east-1",
            "service",
            "2015-08-30T12:36:00Z",
        ),
        "double-url-encode" => {
            older("AKIDEXAMPLE", super::SECRET, "us-east-2", "lambda", "2021-05-11T15:40:45Z")
        }
        _ => serde_json::from_slice(&std::fs::read(folder.join("context.json")).unwrap()).unwrap(),
    }
}
