//! Errors as S3 answers them (AWS: "Error responses" of the S3 API).

use http::StatusCode;

/// An error of S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum S3Error {
    AccessDenied,
    /// The key.
    NoSuchKey(String),
    NoCors,
    MethodNotAllowed,
    PreconditionFailed,
    InvalidRange,
}

impl S3Error {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            S3Error::AccessDenied | S3Error::NoCors => StatusCode::FORBIDDEN,
            S3Error::NoSuchKey(_) => StatusCode::NOT_FOUND,
            S3Error::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            S3Error::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            S3Error::InvalidRange => StatusCode::RANGE_NOT_SATISFIABLE,
        }
    }

    fn code_and_message(&self) -> (&'static str, &'static str) {
        match self {
            S3Error::AccessDenied => ("AccessDenied", "Access Denied"),
            S3Error::NoSuchKey(_) => ("NoSuchKey", "The specified key does not exist."),
            S3Error::NoCors => ("AccessForbidden", "CORSResponse: CORS is not enabled for this bucket."),
            S3Error::MethodNotAllowed => {
                ("MethodNotAllowed", "The specified method is not allowed against this resource.")
            }
            S3Error::PreconditionFailed => {
                ("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
            }
            S3Error::InvalidRange => ("InvalidRange", "The requested range is not satisfiable"),
        }
    }

    fn key(&self) -> Option<&str> {
        if let S3Error::NoSuchKey(key) = self { Some(key) } else { None }
    }

    /// Content type and body of the REST endpoint.
    pub(super) fn xml(&self) -> (&'static str, String) {
        let (code, message) = self.code_and_message();
        let key = self.key().map(|key| format!("<Key>{}</Key>", escaped(key))).unwrap_or_default();
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Error><Code>{code}</Code><Message>{message}</Message>{key}</Error>"
        );
        ("application/xml", text)
    }

    /// Content type and body of the website endpoint.
    pub(super) fn html(&self) -> (&'static str, String) {
        let (code, message) = self.code_and_message();
        let status = self.status();
        let key = self.key().map(|key| format!("<li>Key: {}</li>\n", escaped(key))).unwrap_or_default();
        let text = format!(
            "<html>\n<head><title>{status}</title></head>\n<body>\n<h1>{status}</h1>\n<ul>\n<li>Code: {code}</li>\n\
             <li>Message: {message}</li>\n{key}</ul>\n<hr/>\n</body>\n</html>\n"
        );
        ("text/html; charset=utf-8", text)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
