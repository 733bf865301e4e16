//! Tests of compression on the way from an origin.

use std::collections::VecDeque;
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{HeaderName, VARY};
use http::{HeaderMap, StatusCode};
use http_body::{Body, Frame};

use super::*;
use crate::origin::{AnswerTimes, OriginFailure};

/// Frames of an origin, of which any may be a failure.
struct Frames(VecDeque<Result<Bytes, OriginFailure>>);

impl Body for Frames {
    type Data = Bytes;
    type Error = OriginFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        Poll::Ready(self.0.pop_front().map(|frame| frame.map(Frame::data)))
    }
}

fn head(lines: &[(&'static str, &'static str)]) -> ResponseHead {
    let line = |(name, value): &(&'static str, &'static str)| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    ResponseHead { status: StatusCode::OK, reason: None, headers: lines.iter().map(line).collect() }
}

fn answer(frames: impl IntoIterator<Item = Result<Bytes, OriginFailure>>) -> OriginAnswer {
    OriginAnswer {
        head: head(&[("content-type", "text/css"), ("content-length", "300000")]),
        body: Frames(frames.into_iter().collect()).boxed_unsync(),
        origin_id: "o".into(),
        times: AnswerTimes::default(),
    }
}

fn compressor() -> Compressor {
    Compressor::new(NonZeroUsize::MIN)
}

/// Lines that repeat, with numbers that do not.
fn text() -> Vec<u8> {
    (0_u32..12_000)
        .flat_map(|number| format!(".a{number} {{ color: #{:06x} }}\n", number * 7919).into_bytes())
        .collect()
}

fn decoded(encoding: Encoding, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match encoding {
        Encoding::Gzip => flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap(),
        Encoding::Brotli => brotli::Decompressor::new(body, 4096).read_to_end(&mut plain).unwrap(),
    };
    plain
}

#[tokio::test]
async fn a_body_comes_back_from_each_encoding_however_it_is_cut() {
    let text = text();
    for encoding in [Encoding::Gzip, Encoding::Brotli] {
        for frame_bytes in [997, 64 * 1024, text.len()] {
            let frames = text.chunks(frame_bytes).map(|frame| Ok(Bytes::copy_from_slice(frame)));
            let compressed = compressor().compress(answer(frames), encoding);
            let body = compressed.body.collect().await.unwrap().to_bytes();
            assert!(body.len() < text.len() / 2, "{encoding:?}: {} of {}", body.len(), text.len());
            assert!(decoded(encoding, &body) == text, "{encoding:?} {frame_bytes}");
        }
    }
}

#[tokio::test]
async fn an_empty_body_is_a_valid_stream() {
    for encoding in [Encoding::Gzip, Encoding::Brotli] {
        let compressed = compressor().compress(answer([]), encoding);
        let body = compressed.body.collect().await.unwrap().to_bytes();
        assert_eq!(decoded(encoding, &body), b"");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_breaks_off_compressed() {
    let failure = OriginFailure::Broken("o.example".to_owned(), "reset".to_owned());
    let frames = [Ok(Bytes::from(text())), Err(failure.clone())];
    let mut compressed = compressor().compress(answer(frames), Encoding::Gzip);
    let mut last = None;
    while let Some(frame) = compressed.body.frame().await {
        last = Some(frame.map(|_data| ()));
    }
    assert_eq!(last, Some(Err(failure)));
}

#[tokio::test]
async fn many_answers_share_one_thread() {
    let compressor = compressor();
    let text = text();
    let bodies =
        (0..8).map(|_| compressor.compress(answer([Ok(Bytes::from(text.clone()))]), Encoding::Brotli).body);
    let tasks: Vec<_> = bodies.map(|body| tokio::spawn(body.collect())).collect();
    for task in tasks {
        let body = task.await.unwrap().unwrap().to_bytes();
        assert!(decoded(Encoding::Brotli, &body) == text);
    }
}

#[test]
fn the_head_says_how_the_body_is() {
    for (etag, expected) in [
        (Some("\"a\""), Some("W/\"a\"")),
        (Some("W/\"a\""), Some("W/\"a\"")),
        (Some("a"), None),
        (None, None),
    ] {
        let mut head = head(&[
            ("content-type", "text/css"),
            ("content-length", "5000"),
            ("accept-ranges", "bytes"),
            ("vary", "Origin"),
        ]);
        head.headers.extend(etag.map(|etag| (ETAG, HeaderValue::from_static(etag))));
        compress_head(&mut head, Encoding::Brotli);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/css"));
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        headers.append(VARY, HeaderValue::from_static("Origin"));
        headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.extend(expected.map(|etag| (ETAG, HeaderValue::from_static(etag))));
        assert_eq!(head.headers, headers, "{etag:?}");
    }
}

#[test]
fn the_normalized_value_and_the_head_decide() {
    let page = [("content-type", "text/html"), ("content-length", "5000")];
    for (accept_encoding, lines, expected) in [
        (Some("br,gzip"), &page[..], Some(Encoding::Brotli)),
        (Some("gzip"), &page, Some(Encoding::Gzip)),
        (Some("identity"), &page, None),
        (None, &page, None),
        (Some("gzip"), &[("content-type", "text/html"), ("content-length", "many")], None),
        (Some("gzip"), &[("content-type", "text/html"), ("content-length", "999")], None),
        (
            Some("gzip"),
            &[("content-type", "text/html"), ("content-length", "5000"), ("content-encoding", "identity")],
            None,
        ),
    ] {
        assert_eq!(compression(accept_encoding, &head(lines)), expected, "{accept_encoding:?} {lines:?}");
    }
}
