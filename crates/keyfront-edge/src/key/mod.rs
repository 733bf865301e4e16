//! Cache keys: what makes two requests ask for the same object.
//!
//! A key holds all its parts, each behind its length, so that no two requests with different parts share a key. The
//! distribution is always the first. A digest of 128 bits stands for it in maps; the whole is compared as well.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, LazyLock};

use http::Method;
use http::header::{self, HeaderName, HeaderValue};
use keyfront_domain::forwarding::{AcceptEncoding, ForwardingRules, Selection};

use crate::forward::{ConnectionOptions, X_FORWARDED_FOR, extended, selected_cookies, selected_query};
use crate::message::{RequestHead, Viewer};

/// The compiled rules of a behavior for its cache keys.
#[derive(Clone, Debug)]
pub struct KeyPlan {
    /// The distribution, and a digest of the rules: a key that was made by other rules is another key.
    prefix: Box<[u8]>,
    /// Sorted by name.
    headers: Box<[HeaderName]>,
    cookies: Selection,
    query_strings: Selection,
    accept_encoding: AcceptEncoding,
}

impl KeyPlan {
    /// Compiles the rules of a behavior of a distribution.
    pub fn new(distribution_id: &str, rules: &ForwardingRules) -> KeyPlan {
        let mut prefix = Vec::new();
        push(&mut prefix, distribution_id.as_bytes());
        prefix.extend(digest(&(&rules.key, rules.accept_encoding)).to_be_bytes());
        let headers =
            rules.key.headers.names().filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok());
        KeyPlan {
            prefix: prefix.into(),
            headers: headers.collect(),
            cookies: rules.key.cookies.clone(),
            query_strings: rules.key.query_strings.clone(),
            accept_encoding: rules.accept_encoding,
        }
    }

    /// The key of a request, as the viewer-request function left it. GET and HEAD have the same; other methods have each
    /// their own, of which OPTIONS alone can be cached.
    pub fn key(&self, head: &RequestHead, viewer: &Viewer) -> CacheKey {
        let query = selected_query(head.query.as_deref(), &self.query_strings);
        let query = query.as_deref();
        let mut bytes = Vec::with_capacity(
            self.prefix.len() + head.path.len() + query.map_or(0, str::len) + 64 * (1 + self.headers.len()),
        );
        bytes.extend_from_slice(&self.prefix);
        match head.method {
            Method::GET | Method::HEAD => bytes.push(0),
            Method::OPTIONS => bytes.push(1),
            ref other => {
                bytes.push(2);
                push(&mut bytes, other.as_str().as_bytes());
            }
        }
        bytes.extend(length(head.path.len()));
        bytes.extend(length(query.map_or(0, |query| query.len() + 1)));
        let target_start = position(bytes.len());
        bytes.extend_from_slice(head.path.as_bytes());
        let path_end = position(bytes.len());
        if let Some(query) = query {
            bytes.push(b'?');
            bytes.extend_from_slice(query.as_bytes());
        }
        let target_end = position(bytes.len());
        self.push_headers(head, viewer, &mut bytes);
        let cookies = selected_cookies(&head.headers, &self.cookies);
        bytes.extend(length(cookies.len()));
        for cookie in cookies {
            push(&mut bytes, cookie);
        }
        if self.accept_encoding.is_normalised() {
            let values = head.headers.get_all(header::ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes);
            push(&mut bytes, self.accept_encoding.normalise(values).unwrap_or_default().as_bytes());
        }
        CacheKey { digest: digest(&bytes), bytes: bytes.into(), target_start, path_end, target_end }
    }

    /// All values of the headers in the key, as far as they reach the origin.
    fn push_headers(&self, head: &RequestHead, viewer: &Viewer, bytes: &mut Vec<u8>) {
        if self.headers.is_empty() {
            return;
        }
        let options = ConnectionOptions::of(&head.headers);
        for name in &self.headers {
            if *name == X_FORWARDED_FOR {
                let address = viewer.address.ip().to_canonical().to_string();
                push(bytes, &extended(&head.headers, name, b",", address.as_bytes()));
                continue;
            }
            let values = head.headers.get_all(name);
            let count = if options.drop(name) { 0 } else { values.iter().count() };
            if *name == header::HOST && count == 0 {
                bytes.extend(length(1));
                push(bytes, head.host.as_bytes());
                continue;
            }
            bytes.extend(length(count));
            for value in values.iter().take(count) {
                push(bytes, value.as_bytes());
            }
        }
    }
}

/// What identifies an object in the cache. A clone shares its bytes.
#[derive(Clone, Debug)]
pub struct CacheKey {
    digest: u128,
    bytes: Arc<[u8]>,
    target_start: u32,
    path_end: u32,
    target_end: u32,
}

impl CacheKey {
    /// A key of a text with a digest that a test chooses.
    #[cfg(test)]
    pub(crate) fn with_digest(digest: u128, text: &str) -> CacheKey {
        let target_end = position(text.len());
        CacheKey { digest, bytes: text.as_bytes().into(), target_start: 0, path_end: target_end, target_end }
    }

    /// 128 bits that stand for the key within this process; another process has others.
    pub fn digest(&self) -> u128 {
        self.digest
    }

    /// The id of the distribution.
    pub fn distribution_id(&self) -> &str {
        let Some((length, rest)) = self.bytes.split_first_chunk() else { return "" };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or_default();
        rest.get(..length).and_then(|id| str::from_utf8(id).ok()).unwrap_or_default()
    }

    /// The path, and the query string behind its `?` as far as it is in the key: what the path of an invalidation is
    /// compared with.
    pub fn target(&self) -> &str {
        self.text(self.target_end)
    }

    /// The path.
    pub fn path(&self) -> &str {
        self.text(self.path_end)
    }

    /// How many bytes of memory the key takes, for all its clones together.
    pub fn weight(&self) -> usize {
        self.bytes.len() + size_of::<CacheKey>()
    }

    fn text(&self, end: u32) -> &str {
        let at = |position: u32| usize::try_from(position).unwrap_or(usize::MAX);
        let text = self.bytes.get(at(self.target_start)..at(end));
        text.and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl PartialEq for CacheKey {
    fn eq(&self, other: &CacheKey) -> bool {
        self.digest == other.digest && self.bytes == other.bytes
    }
}

impl Eq for CacheKey {}

impl Hash for CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

/// Two lanes of the SipHash of the standard library under one random key. Viewers choose what is in a key, so the digest
/// must not let them choose collisions: SipHash is made for that and fast for short texts, where faster hashes are not
/// made for it. The lanes differ in their first byte, which makes their outputs independent.
fn digest(value: &impl Hash) -> u128 {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    let lane = |number: u8| {
        let mut hasher = KEY.build_hasher();
        hasher.write_u8(number);
        value.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    lane(0) << 64 | lane(1)
}

/// A part behind its length.
fn push(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend(length(part.len()));
    bytes.extend_from_slice(part);
}

fn length(length: usize) -> [u8; 4] {
    position(length).to_be_bytes()
}

/// A place in a key, which is never as long as what this can say.
fn position(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
