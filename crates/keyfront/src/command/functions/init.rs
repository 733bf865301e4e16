//! `keyfront fn init`: a function to begin with, and a case that tests it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::atomic_file;
use crate::failure::Failure;
use crate::terminal::Output;

/// Write a function to begin with, and a case that tests it
#[derive(Args)]
pub(super) struct Init {
    /// The folder for it, which is made if it is not there
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// When the function runs
    #[arg(long = "type", value_enum, default_value_t = Kind::ViewerRequest)]
    kind: Kind,
}

/// When a function runs.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    ViewerRequest,
    ViewerResponse,
}

const REWRITE: &str = "\
/** Gives a folder its index page. */
function handler(event) {
    const request = event.request;
    if (request.uri.endsWith('/')) {
        request.uri += 'index.html';
    }
    return request;
}
";

const ADD_HEADER: &str = "\
/** Tells browsers to come by HTTPS alone. */
function handler(event) {
    const response = event.response;
    response.headers['strict-transport-security'] = { value: 'max-age=63072000' };
    return response;
}
";

impl Init {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let (code, case, event, expected) = match self.kind {
            Kind::ViewerRequest => (REWRITE, "index-page", request_event(), rewritten()),
            Kind::ViewerResponse => (ADD_HEADER, "security-header", response_event(), with_header()),
        };
        let case = self.folder.join(case);
        let files = [
            (self.folder.join("function.js"), code.to_owned()),
            (case.join("event.json"), format!("{event:#}\n")),
            (case.join("expected.json"), format!("{expected:#}\n")),
        ];
        if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
            return Err(Failure::new(format!(
                "{} is there already; name another folder, or remove it",
                there.display()
            )));
        }
        let failed = |path: &Path, error: &std::io::Error| {
            Failure::because(format!("{} cannot be written", path.display()), error)
        };
        std::fs::create_dir_all(&case).map_err(|error| failed(&case, &error))?;
        for (path, text) in &files {
            let written =
                atomic_file::replace(path, atomic_file::ORDINARY, |file| file.write_all(text.as_bytes()));
            written.map_err(|error| failed(path, &error))?;
        }
        let names: Vec<String> = files.iter().map(|(path, _)| path.display().to_string()).collect();
        output.print(
            || {
                let written = names.iter().map(|name| format!("wrote {name}")).collect::<Vec<_>>().join("\n");
                format!("{written}\nnow try: keyfront fn test {}", self.folder.display())
            },
            || json!({ "Files": names }),
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn request() -> Value {
    json!({
        "method": "GET",
        "uri": "/docs/",
        "querystring": {},
        "headers": { "host": { "value": "www.example.com" } },
        "cookies": {},
    })
}

fn request_event() -> Value {
    json!({
        "version": "1.0",
        "context": { "eventType": "viewer-request" },
        "viewer": { "ip": "198.51.100.11" },
        "request": request(),
    })
}

fn rewritten() -> Value {
    let mut request = request();
    if let Some(members) = request.as_object_mut() {
        members.insert("uri".to_owned(), json!("/docs/index.html"));
    }
    json!({ "output": { "request": request } })
}

fn response(headers: &Value) -> Value {
    json!({ "statusCode": 200, "statusDescription": "OK", "headers": headers, "cookies": {} })
}

fn response_event() -> Value {
    json!({
        "version": "1.0",
        "context": { "eventType": "viewer-response" },
        "viewer": { "ip": "198.51.100.11" },
        "request": request(),
        "response": response(&json!({ "content-type": { "value": "text/html" } })),
    })
}

fn with_header() -> Value {
    let headers = json!({
        "content-type": { "value": "text/html" },
        "strict-transport-security": { "value": "max-age=63072000" },
    });
    json!({ "output": { "response": response(&headers) } })
}
