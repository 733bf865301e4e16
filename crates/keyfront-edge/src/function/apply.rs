//! Changes messages as a function decided. The decisions were judged before, so a name or a value that HTTP does not
//! have is a fault of ours and ends the request.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use keyfront_functions::Failure;
use keyfront_functions::event::{Forward, Generated, HeaderChange, ResponseChange};

use crate::message::{RequestHead, ResponseHead};

/// Changes a request.
pub(crate) fn change_request(head: &mut RequestHead, forward: &Forward) -> Result<(), Failure> {
    if let Some(uri) = &forward.uri {
        head.path.clone_from(uri);
    }
    if let Some(query) = &forward.querystring {
        head.query = (!query.is_empty()).then(|| query.clone());
    }
    change_headers(&mut head.headers, &forward.headers)?;
    if let Some(cookies) = &forward.cookies {
        head.headers.remove(COOKIE);
        if !cookies.is_empty() {
            head.headers.insert(COOKIE, value(cookies)?);
        }
    }
    Ok(())
}

/// Changes a response. Its body is for the caller to change.
pub(crate) fn change_response(head: &mut ResponseHead, change: &ResponseChange) -> Result<(), Failure> {
    head.status = status(change.status_code)?;
    head.reason.clone_from(&change.status_description);
    change_headers(&mut head.headers, &change.headers)?;
    if let Some(cookies) = &change.set_cookies {
        head.headers.remove(SET_COOKIE);
        for cookie in cookies {
            head.headers.append(SET_COOKIE, value(cookie)?);
        }
    }
    Ok(())
}

/// The head of a response that a function generated.
pub(crate) fn generated_head(generated: &Generated) -> Result<ResponseHead, Failure> {
    let mut head = ResponseHead::of(status(generated.status_code)?);
    head.reason.clone_from(&generated.status_description);
    for (header, text) in &generated.headers {
        head.headers.append(name(header)?, value(text)?);
    }
    Ok(head)
}

fn change_headers(headers: &mut HeaderMap, changes: &[HeaderChange]) -> Result<(), Failure> {
    for change in changes {
        let name = name(&change.name)?;
        headers.remove(&name);
        for text in &change.values {
            headers.append(&name, value(text)?);
        }
    }
    Ok(())
}

fn status(code: u16) -> Result<StatusCode, Failure> {
    StatusCode::from_u16(code).map_err(|_not_one| invalid("statusCode"))
}

fn name(text: &str) -> Result<HeaderName, Failure> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_not_one| invalid("headers"))
}

fn value(text: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_not_one| invalid("headers"))
}

fn invalid(member: &str) -> Failure {
    Failure::Validation(format!(
        "The CloudFront function returned an invalid value: {member} cannot be sent in a message of HTTP."
    ))
}
