//! Compression of an origin's answer while it comes (AWS: Serve compressed files).
//!
//! An object is compressed once, on its way into the cache; what comes from the cache is never compressed again. The
//! encoders run on tokio's blocking threads, as many at a time as a [`Compressor`] allows, for Brotli works through
//! 64 KiB at once and would hold up a runtime thread for milliseconds.

mod body;
mod encoder;

use std::num::NonZeroUsize;
use std::sync::Arc;

use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue,
};
use http_body_util::BodyExt;
use keyfront_domain::caching::compressible::{Encoding, Response, compressed_etag};
use tokio::sync::Semaphore;

use self::body::CompressedBody;
use self::encoder::Encoder;
use super::vary::add_to_vary;
use crate::message::ResponseHead;
use crate::origin::OriginAnswer;

/// How an answer is compressed, if it is. `accept_encoding` is the normalized value by which the behavior asks and caches;
/// `None` where it does not compress, or the viewer speaks HTTP/1.0.
///
/// The answer to HEAD has no body to compress; [`compress_head`] gives it the head of the answer to GET.
pub fn compression(accept_encoding: Option<&str>, head: &ResponseHead) -> Option<Encoding> {
    let encoding = Encoding::preferred(accept_encoding?)?;
    let response = Response {
        status: head.status.as_u16(),
        content_type: head.text(CONTENT_TYPE),
        encoded: head.headers.contains_key(CONTENT_ENCODING),
        content_length: content_length(head),
        cache_control: head.text(CACHE_CONTROL),
    };
    response.is_compressible().then_some(encoding)
}

/// Compresses answers, a limited number at a time.
#[derive(Clone, Debug)]
pub struct Compressor {
    permits: Arc<Semaphore>,
}

impl Compressor {
    /// A compressor that uses at most so many threads.
    pub fn new(threads: NonZeroUsize) -> Compressor {
        Compressor { permits: Arc::new(Semaphore::new(threads.get())) }
    }

    /// The answer as it is sent and kept. It has to be read within a tokio runtime.
    pub fn compress(&self, answer: OriginAnswer, encoding: Encoding) -> OriginAnswer {
        let OriginAnswer { mut head, body, origin_id, times } = answer;
        let encoder = Encoder::new(encoding, content_length(&head).unwrap_or_default());
        compress_head(&mut head, encoding);
        let body = CompressedBody::new(body, encoder, Arc::clone(&self.permits), Arc::clone(&origin_id));
        OriginAnswer { head, body: body.boxed_unsync(), origin_id, times }
    }
}

/// The head of a compressed answer. Its length is not known, and ranges of the origin's bytes are not ranges of it, so
/// `Accept-Ranges` goes too.
pub fn compress_head(head: &mut ResponseHead, encoding: Encoding) {
    let etag = head.text(ETAG).and_then(compressed_etag).and_then(|etag| HeaderValue::from_str(&etag).ok());
    let headers = &mut head.headers;
    headers.remove(CONTENT_LENGTH);
    headers.remove(ACCEPT_RANGES);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.token()));
    match etag {
        Some(etag) => headers.insert(ETAG, etag),
        None => headers.remove(ETAG),
    };
    add_to_vary(headers, "Accept-Encoding");
}

fn content_length(head: &ResponseHead) -> Option<u64> {
    head.text(CONTENT_LENGTH)?.parse().ok()
}

#[cfg(test)]
mod tests;
