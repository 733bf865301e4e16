//! Removes CloudFront's own parameters from a request target.

use std::borrow::Cow;

use super::form::Parameter;

/// Takes CloudFront's parameters out of a path with its query. This is the URL that was signed and the one
/// that the origin gets.
///
/// The viewer's own parameters keep their order and their bytes, wherever they stand. What joined the
/// signer's parameters to them goes too: one `&` at the end, or a `?` with nothing behind it. One only,
/// because a signer that is given `…?a=1&` signs that and adds an `&` of its own.
///
/// Source: AWS: Code examples for creating a signature for a signed URL (the Perl verifier); the SDKs'
/// signers for the `&`.
#[must_use]
pub fn strip(target: &str) -> Cow<'_, str> {
    let Some((path, query)) = target.split_once('?') else { return Cow::Borrowed(target) };
    if query.is_empty() {
        return Cow::Borrowed(path);
    }
    if !query.split('&').any(is_own_of_cloudfront) {
        return Cow::Borrowed(target);
    }
    let mut own = String::with_capacity(query.len());
    let mut segments = query.split('&').peekable();
    while let Some(segment) = segments.next() {
        if is_own_of_cloudfront(segment) {
            continue;
        }
        own.push_str(segment);
        if segments.peek().is_some() {
            own.push('&');
        }
    }
    match own.strip_suffix('&') {
        None if own.is_empty() => Cow::Borrowed(path),
        None => Cow::Owned(format!("{path}?{own}")),
        Some(own) => Cow::Owned(format!("{path}?{own}")),
    }
}

fn is_own_of_cloudfront(segment: &str) -> bool {
    Parameter::in_segment(segment).is_some()
}
