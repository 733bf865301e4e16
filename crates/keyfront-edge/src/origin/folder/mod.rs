//! A local folder in the place of a bucket: its files are the objects, by the REST endpoint of S3 or as a website.
//!
//! What S3 keeps beside an object is made up: the content type from the name, the ETag from the content. There are no
//! versions, no listings and no writes.

mod conditions;
mod errors;
mod file_body;
mod key;
mod object;

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt, Empty, Full};

use self::conditions::{Condition, Part};
use self::errors::S3Error;
use self::file_body::FileBody;
use self::object::{Content, Object};
use super::exchange::{AnswerBody, AnswerTimes, OriginAnswer, OriginFailure};
use super::settings::BucketFolder;
use crate::message::ResponseHead;

pub(super) use self::object::Digests;

/// A folder, as one request comes to it.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) bucket: Arc<BucketFolder>,
    /// Answer as the website endpoint does.
    pub(super) website: bool,
    /// The request may read objects: it is signed, or everyone may.
    pub(super) admitted: bool,
    /// What is put before the path of the request.
    pub(super) prefix: String,
}

/// What a folder looks at of a request. The body is not among it: it can be in one thread alone.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) headers: &'a HeaderMap,
}

/// What is answered, before it becomes a message.
enum Answer {
    Object(StatusCode, Object),
    Redirect(String),
    Error(S3Error),
}

impl Folder {
    /// Answers a request. `origin_id` is whose answer it is.
    ///
    /// # Errors
    /// `Broken`: a file cannot be read.
    pub(super) async fn answer(
        &self,
        origin_id: &Arc<str>,
        asked: Asked<'_>,
        digests: &Digests,
        now: SystemTime,
    ) -> Result<OriginAnswer, OriginFailure> {
        let (folder, path) = (self.clone(), format!("{}{}", self.prefix, asked.path));
        let (method, digests) = (asked.method.clone(), digests.clone());
        let found = tokio::task::spawn_blocking(move || folder.find(&method, &path, &digests)).await;
        let found = found.map_err(|error| OriginFailure::Broken(origin_id.to_string(), error.to_string()))?;
        let (mut head, body) = match found {
            Answer::Object(status, object) => object_answer(status, object, asked.headers),
            Answer::Redirect(location) => redirect(&location),
            Answer::Error(error) => error_answer(&error, self.website),
        };
        let fixed = [(header::DATE, httpdate::fmt_http_date(now)), (header::SERVER, "AmazonS3".to_owned())];
        for (name, value) in fixed {
            insert(&mut head.headers, name, &value);
        }
        let body = if *asked.method == Method::HEAD { empty() } else { body };
        let origin_id = Arc::clone(origin_id);
        Ok(OriginAnswer { head, body, origin_id, times: AnswerTimes::default() })
    }

    /// What there is under a path. It reads files.
    fn find(&self, method: &Method, path: &str, digests: &Digests) -> Answer {
        if self.website {
            self.find_page(method, path, digests)
        } else {
            self.find_object(method, path, digests)
        }
    }

    fn find_object(&self, method: &Method, path: &str, digests: &Digests) -> Answer {
        let key = key::of_path(path);
        match *method {
            Method::GET | Method::HEAD => {}
            Method::PUT | Method::DELETE => return Answer::Error(S3Error::AccessDenied),
            Method::OPTIONS => return Answer::Error(S3Error::NoCors),
            _ => return Answer::Error(S3Error::MethodNotAllowed),
        }
        if !self.admitted {
            return Answer::Error(S3Error::AccessDenied);
        }
        match key.as_deref().and_then(|key| Object::open(&self.bucket.path, key, digests)) {
            Some(object) => Answer::Object(StatusCode::OK, object),
            None if self.bucket.list => Answer::Error(S3Error::NoSuchKey(key.unwrap_or_default())),
            None => Answer::Error(S3Error::AccessDenied),
        }
    }

    /// As website endpoints do (AWS: "Website endpoints", "Configuring index document support").
    fn find_page(&self, method: &Method, path: &str, digests: &Digests) -> Answer {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Answer::Error(S3Error::MethodNotAllowed);
        }
        let root = &self.bucket.path;
        let index = &self.bucket.index_document;
        let key = key::of_path(path).unwrap_or_default();
        let asked = if key.is_empty() || key.ends_with('/') { format!("{key}{index}") } else { key.clone() };
        if let Some(object) = Object::open(root, &asked, digests) {
            return Answer::Object(StatusCode::OK, object);
        }
        let is_folder = !key.is_empty() && !key.ends_with('/');
        if is_folder && Object::open(root, &format!("{key}/{index}"), digests).is_some() {
            return Answer::Redirect(format!("/{key}/"));
        }
        match Object::open(root, &self.bucket.error_document, digests) {
            Some(object) => Answer::Object(StatusCode::NOT_FOUND, object),
            None => Answer::Error(S3Error::NoSuchKey(asked)),
        }
    }
}

fn object_answer(status: StatusCode, object: Object, headers: &HeaderMap) -> (ResponseHead, AnswerBody) {
    let mut head = ResponseHead::of(status);
    let mut part = Part { start: 0, length: object.length };
    if status == StatusCode::OK {
        match conditions::judge(headers, &object) {
            Condition::Whole => {}
            Condition::NotModified => {
                head.status = StatusCode::NOT_MODIFIED;
                insert(&mut head.headers, header::ETAG, &object.etag);
                insert(&mut head.headers, header::LAST_MODIFIED, &httpdate::fmt_http_date(object.modified));
                return (head, empty());
            }
            Condition::Failed => return error_answer(&S3Error::PreconditionFailed, false),
            Condition::Part(asked) => {
                part = asked;
                head.status = StatusCode::PARTIAL_CONTENT;
                let Part { start, length } = part;
                let range = format!("bytes {start}-{}/{}", (start + length).saturating_sub(1), object.length);
                insert(&mut head.headers, header::CONTENT_RANGE, &range);
            }
            Condition::Unsatisfiable => {
                let (mut head, body) = error_answer(&S3Error::InvalidRange, false);
                let range = format!("bytes */{}", object.length);
                insert(&mut head.headers, header::CONTENT_RANGE, &range);
                return (head, body);
            }
        }
    }
    for (name, value) in [
        (header::LAST_MODIFIED, httpdate::fmt_http_date(object.modified).as_str()),
        (header::ETAG, object.etag.as_str()),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CONTENT_TYPE, object.content_type),
        (header::CONTENT_LENGTH, part.length.to_string().as_str()),
    ] {
        insert(&mut head.headers, name, value);
    }
    let body = match object.content {
        Content::Small(bytes) => {
            let start = usize::try_from(part.start).unwrap_or(usize::MAX);
            let end = start.saturating_add(usize::try_from(part.length).unwrap_or(usize::MAX));
            full(bytes.get(start..end).map(Bytes::copy_from_slice).unwrap_or_default())
        }
        Content::File(file) => FileBody::new(file, part).boxed_unsync(),
    };
    (head, body)
}

fn redirect(location: &str) -> (ResponseHead, AnswerBody) {
    let mut head = ResponseHead::of(StatusCode::FOUND);
    let encoded = percent_encoding::utf8_percent_encode(location, key::NOT_IN_LOCATIONS).to_string();
    insert(&mut head.headers, header::LOCATION, &encoded);
    insert(&mut head.headers, header::CONTENT_LENGTH, "0");
    (head, empty())
}

fn error_answer(error: &S3Error, website: bool) -> (ResponseHead, AnswerBody) {
    let mut head = ResponseHead::of(error.status());
    let (content_type, text) = if website { error.html() } else { error.xml() };
    insert(&mut head.headers, header::CONTENT_TYPE, content_type);
    insert(&mut head.headers, header::CONTENT_LENGTH, &text.len().to_string());
    (head, full(Bytes::from(text)))
}

/// What is inserted is made here, of characters that headers may have.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn empty() -> AnswerBody {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

fn full(bytes: Bytes) -> AnswerBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

#[cfg(test)]
mod tests;
