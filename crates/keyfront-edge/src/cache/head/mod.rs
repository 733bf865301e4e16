//! Heads as they are kept: one block of memory each, out of which a response's head is made anew for each hit.
//!
//! A table of headers takes a hundred bytes for each beside its text. The values of a head that a connection has read are
//! besides parts of what it read at once, eight KiB and more, all of which a single value would keep.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::message::ResponseHead;

mod known_names;

use known_names::KNOWN_NAMES;

/// Headers that each response gets beside an object's own, for which its table need not grow.
const ADDED_HEADERS: usize = 6;

/// In the place of a name's number: its text follows.
const SPELLED_OUT: u8 = 0x7f;

/// Added to a name's number: the value is a secret to people who read logs.
const SENSITIVE: u8 = 0x80;

/// A head that is kept. Clones share its memory.
#[derive(Clone)]
pub(super) struct KeptHead {
    status: StatusCode,
    reason: Option<Box<str>>,
    count: u16,
    /// For each header the number of its name, the name behind its length if it has no number, and the value behind its
    /// length.
    block: Bytes,
}

impl KeptHead {
    /// Keeps a head.
    pub(super) fn new(head: &ResponseHead) -> KeptHead {
        let bytes = |(name, value): (&HeaderName, &HeaderValue)| {
            1 + if number(name).is_some() { 0 } else { 4 + name.as_str().len() } + 4 + value.len()
        };
        let mut block = BytesMut::with_capacity(head.headers.iter().map(bytes).sum());
        for (name, value) in &head.headers {
            let sensitive = if value.is_sensitive() { SENSITIVE } else { 0 };
            let number = number(name);
            block.extend_from_slice(&[number.unwrap_or(SPELLED_OUT) | sensitive]);
            if number.is_none() {
                push(&mut block, name.as_str().as_bytes());
            }
            push(&mut block, value.as_bytes());
        }
        let reason = head.reason.as_deref().map(Box::from);
        let count = u16::try_from(head.headers.len()).unwrap_or(u16::MAX);
        KeptHead { status: head.status, reason, count, block: block.freeze() }
    }

    /// The head, with room for what a response gets beside.
    pub(super) fn get(&self) -> ResponseHead {
        let mut headers = HeaderMap::with_capacity(usize::from(self.count) + ADDED_HEADERS);
        let mut at = 0;
        while let Some((name, value)) = self.read(&mut at) {
            headers.append(name, value);
        }
        ResponseHead { status: self.status, reason: self.reason.as_deref().map(str::to_owned), headers }
    }

    /// The value of a header; the first one where there are several.
    pub(super) fn header(&self, wanted: &HeaderName) -> Option<HeaderValue> {
        let mut at = 0;
        std::iter::from_fn(|| self.read(&mut at)).find(|(name, _)| name == wanted).map(|(_, value)| value)
    }

    /// Bytes of memory.
    pub(super) fn weight(&self) -> usize {
        self.block.len() + self.reason.as_ref().map_or(0, |reason| reason.len())
    }

    /// The header that begins at a place, which moves on behind it; `None` at the end.
    fn read(&self, at: &mut usize) -> Option<(HeaderName, HeaderValue)> {
        let code = *self.block.get(*at)?;
        *at += 1;
        let name = match KNOWN_NAMES.get(usize::from(code & !SENSITIVE)) {
            Some(name) => name.clone(),
            None => HeaderName::from_bytes(&self.text(at)?).ok()?,
        };
        let mut value = HeaderValue::from_maybe_shared(self.text(at)?).ok()?;
        value.set_sensitive(code & SENSITIVE != 0);
        Some((name, value))
    }

    /// The text behind its length.
    fn text(&self, at: &mut usize) -> Option<Bytes> {
        let length = self.block.get(*at..)?.first_chunk()?;
        let start = *at + size_of::<u32>();
        let end = start.checked_add(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        *at = end;
        (end <= self.block.len()).then(|| self.block.slice(start..end))
    }
}

/// The number of a name that needs no text.
fn number(name: &HeaderName) -> Option<u8> {
    u8::try_from(KNOWN_NAMES.iter().position(|known| known == name)?)
        .ok()
        .filter(|number| *number < SPELLED_OUT)
}

/// A text behind its length. Connections limit heads to a small part of what the length can say.
fn push(block: &mut BytesMut, text: &[u8]) {
    block.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    block.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(headers: &[(&'static str, &'static str)]) -> ResponseHead {
        let mut head = ResponseHead::of(StatusCode::NOT_FOUND);
        for (name, value) in headers {
            head.headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        head
    }

    #[test]
    fn a_head_is_as_it_was() {
        let many = [
            ("content-type", "text/html"),
            ("set-cookie", "a=1"),
            ("x-of-the-origin", "x"),
            ("set-cookie", "b=2"),
            ("x-empty", ""),
            ("x-amz-id-2", "y"),
        ];
        let mut sensitive = head(&many);
        sensitive.headers.get_mut("x-of-the-origin").unwrap().set_sensitive(true);
        sensitive.headers.get_mut("content-type").unwrap().set_sensitive(true);
        let mut reasoned = head(&many);
        reasoned.reason = Some("Gone Fishing".to_owned());
        for head in [head(&[]), head(&many), sensitive, reasoned] {
            let got = KeptHead::new(&head).get();
            assert_eq!(got, head);
            let secret = |head: &ResponseHead| -> Vec<bool> {
                head.headers.values().map(HeaderValue::is_sensitive).collect()
            };
            assert_eq!(secret(&got), secret(&head));
        }
    }

    #[test]
    fn one_header_can_be_asked_for() {
        let kept = KeptHead::new(&head(&[("etag", "\"1\""), ("x-a", "1"), ("x-a", "2")]));
        assert_eq!(kept.header(&http::header::ETAG), Some(HeaderValue::from_static("\"1\"")));
        assert_eq!(kept.header(&HeaderName::from_static("x-a")), Some(HeaderValue::from_static("1")));
        assert_eq!(kept.header(&http::header::DATE), None);
    }

    #[test]
    fn what_is_kept_shares_no_memory_with_what_was_read() {
        let read = Bytes::from(b"max-age=60".to_vec());
        let mut head = ResponseHead::of(StatusCode::OK);
        head.headers.append("cache-control", HeaderValue::from_maybe_shared(read.clone()).unwrap());
        let kept = KeptHead::new(&head);
        drop(head);
        assert!(read.is_unique());
        assert_eq!(kept.get().text("cache-control"), Some("max-age=60"));
    }

    #[test]
    fn each_known_name_has_a_number_of_its_own() {
        for (number, name) in KNOWN_NAMES.iter().enumerate() {
            assert_eq!(super::number(name).map(usize::from), Some(number), "{name}");
        }
    }
}
