//! A time limit for the first bytes of a connection.
//!
//! Until it has seen which version of HTTP a client speaks, hyper-util waits without a limit, so a client that
//! says nothing would hold its place for ever. What comes after is limited by hyper itself.

use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How HTTP/2 begins (RFC 9113, section 3.4). The first byte that differs means HTTP/1.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose client must show its version of HTTP in time.
pub(crate) struct FirstBytes<S> {
    stream: S,
    /// Counts while the version is not known.
    limit: Option<Pin<Box<Sleep>>>,
    /// Bytes of the preface that came so far.
    matched: usize,
}

impl<S> FirstBytes<S> {
    pub(crate) fn new(stream: S, limit: Duration) -> FirstBytes<S> {
        FirstBytes { stream, limit: Some(Box::pin(tokio::time::sleep(limit))), matched: 0 }
    }

    /// Looks at bytes that were read.
    fn see(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if PREFACE.get(self.matched) != Some(byte) {
                self.limit = None;
                return;
            }
            self.matched += 1;
        }
        if self.matched == PREFACE.len() {
            self.limit = None;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FirstBytes<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        match (&read, self.limit.as_mut()) {
            (_, None) => {}
            (Poll::Ready(_), Some(_)) => self.see(buf.filled().get(before..).unwrap_or_default()),
            (Poll::Pending, Some(limit)) => {
                if limit.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Err(Error::new(
                        ErrorKind::TimedOut,
                        "the client said nothing in time",
                    )));
                }
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FirstBytes<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
