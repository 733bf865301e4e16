//! Builds the canonical request and the string to sign ("Create a signed AWS API request", steps 1 to 3).

use std::borrow::Cow;

use aws_lc_rs::digest::{SHA256, digest};

use super::claim::{Claim, Form, RequestView, SIGNATURE};
use super::verify::PathStyle;
use crate::percent;

/// The string whose signature is checked, over the canonical request with the given path.
pub(super) fn string_to_sign(claim: &Claim<'_>, path: &str, payload_hash: &str) -> Vec<u8> {
    let canonical = canonical_request(claim, path, payload_hash);
    let lines =
        [claim.algorithm.name(), claim.timestamp.text(), claim.credential.scope(), &sha256_hex(&canonical)];
    lines.join("\n").into_bytes()
}

/// The SHA-256 of something, in lower-case hexadecimal.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    let mut text = [0; 64];
    // `hex::encode` says the same, and takes several times as long to say it letter by letter.
    let encoded = hex::encode_to_slice(digest, &mut text).ok();
    let text = encoded.and_then(|()| str::from_utf8(&text).ok());
    text.map_or_else(|| hex::encode(digest), str::to_owned)
}

/// The paths that an honest signer may have signed for this request line, the likelier first.
pub(super) fn signed_paths(style: PathStyle, path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let path = if path.is_empty() { "/" } else { path };
    let (first, second) = match style {
        PathStyle::AsSent => (Cow::Borrowed(path), None),
        PathStyle::Normalized => (normalized(path).map_or(Cow::Borrowed(path), Cow::Owned), None),
        PathStyle::Either => (Cow::Borrowed(path), normalized(path)),
    };
    // A path that ends with a dot segment ends with a slash when it is normalized (RFC 3986, 5.2.4), but botocore and
    // the Common Runtime keep only a slash that was there.
    let ends_with_dots = matches!(path.rsplit('/').next(), Some("." | ".."));
    let third = second.as_deref().filter(|_| ends_with_dots).and_then(|path| path.strip_suffix('/'));
    let third = third.filter(|path| !path.is_empty()).map(|path| Cow::Owned(path.to_owned()));
    std::iter::once(first).chain(second.map(Cow::Owned)).chain(third)
}

/// The path without dot segments and empty segments (RFC 3986, 5.2.4); nothing if it has none of them.
fn normalized(path: &str) -> Option<String> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let special = |segment: &str| matches!(segment, "" | "." | "..");
    // An empty last segment is a trailing slash, which is kept.
    let mut segments = inner.split('/').rev();
    let last = segments.next().unwrap_or_default();
    if !matches!(last, "." | "..") && !segments.any(special) {
        return None;
    }
    let mut kept = Vec::new();
    for segment in inner.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let slash = if special(last) && !kept.is_empty() { "/" } else { "" };
    Some(format!("/{}{slash}", kept.join("/")))
}

fn canonical_request(claim: &Claim<'_>, path: &str, payload_hash: &str) -> Vec<u8> {
    let RequestView { method, query, headers, authority, .. } = claim.request;
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(method.as_str().as_bytes());
    out.push(b'\n');
    // The path is encoded once more as it came: `%2F` becomes `%252F`. Only Amazon S3 does it otherwise.
    percent::push_encoded_path(&mut out, path);
    out.push(b'\n');
    push_query(&mut out, query, claim.form);
    out.push(b'\n');
    for name in claim.signed_headers() {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        let mut values = headers.get_all(name).iter().peekable();
        if values.peek().is_none() && name == "host" {
            out.extend_from_slice(authority.unwrap_or_default().as_bytes());
        }
        while let Some(value) = values.next() {
            push_header_value(&mut out, value.as_bytes());
            if values.peek().is_some() {
                out.push(b',');
            }
        }
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(claim.signed_headers.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(payload_hash.as_bytes());
    out
}

/// Parameters sorted by name, then value, both encoded anew, so that it does not matter how they were encoded.
///
/// A plus sign is a plus sign: the SDKs write a space as `%20`.
fn push_query(out: &mut Vec<u8>, query: &str, form: Form) {
    let mut parameters: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encoded_anew(name), encoded_anew(value)))
        .filter(|(name, _)| form == Form::Header || name != SIGNATURE.as_bytes())
        .collect();
    parameters.sort_unstable();
    for (index, (name, value)) in parameters.iter().enumerate() {
        if index > 0 {
            out.push(b'&');
        }
        out.extend_from_slice(name);
        out.push(b'=');
        out.extend_from_slice(value);
    }
}

/// A value without the spaces at its ends, and with one space where it has several.
fn push_header_value(out: &mut Vec<u8>, value: &[u8]) {
    let start = out.len();
    for &byte in value {
        // At the start, and after a space, another space adds nothing.
        if byte == b' ' && (out.len() == start || out.last() == Some(&b' ')) {
            continue;
        }
        out.push(byte);
    }
    if out.len() > start && out.last() == Some(&b' ') {
        out.pop();
    }
}

fn encoded_anew(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    percent::push_encoded(&mut out, &percent::decode(text));
    out
}

#[cfg(test)]
mod tests;
