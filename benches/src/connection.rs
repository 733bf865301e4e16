//! One keep-alive connection that sends prepared bytes and reads one answer for each.
//!
//! It reads HTTP/1.1 answers that have a `Content-Length`, which are all that Keyfront sends, and such as come in chunks, up to
//! the last. A server that closes after an
//! answer, as moto does, is connected to again for the next request, which counts as part of it.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::Failure;

pub(crate) struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    /// What was read of the current answer; of a body that is longer than [`KEPT`], the beginning.
    buffer: Vec<u8>,
    /// Whether the server said that this answer was the last of the connection.
    over: bool,
}

/// What ends a body in chunks (RFC 9112, 7.1), and in a body of text nothing else.
const LAST_CHUNK: &[u8] = b"\r\n0\r\n\r\n";

/// Bytes of an answer that are kept, so that large ones cost the driver little.
const KEPT: usize = 1 << 20;

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Connection, Failure> {
        let stream = connect(address).await.map_err(|error| Failure::of_connection(&error))?;
        Ok(Connection { address, stream, buffer: Vec::with_capacity(16 * 1024), over: false })
    }

    /// Sends a request and waits for its answer, which must be a success; its body.
    pub(crate) async fn succeed(&mut self, request: &[u8]) -> Result<&[u8], Failure> {
        let (status, body_start) =
            self.exchange(request).await.map_err(|error| Failure::of_connection(&error))?;
        let body = self.buffer.get(body_start..).unwrap_or_default();
        if (200..300).contains(&status) {
            return Ok(body);
        }
        Err(Failure(format!("the server answered {status}: {}", String::from_utf8_lossy(body))))
    }

    /// Sends a command of Redis and waits for its answer, which must be a status or a short string.
    pub(crate) async fn command(&mut self, command: &[u8]) -> Result<(), Failure> {
        let failed = |error| Failure::of_connection(&error);
        self.stream.write_all(command).await.map_err(failed)?;
        self.buffer.clear();
        loop {
            self.read_more().await.map_err(failed)?;
            let lines = self.buffer.windows(2).filter(|window| window == b"\r\n").count();
            match self.buffer.first() {
                Some(b'+') if lines > 0 => return Ok(()),
                Some(b'$') if lines > 1 => return Ok(()),
                Some(b'+' | b'$') => {}
                Some(_) | None => {
                    return Err(Failure(format!("Redis: {}", String::from_utf8_lossy(&self.buffer).trim())));
                }
            }
        }
    }

    /// A header of the last answer.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.buffer.get(..end_of_head(&self.buffer)?)?;
        let mut headers = std::str::from_utf8(head).ok()?.lines().filter_map(|line| line.split_once(':'));
        let found = headers.find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    }

    /// The status of the answer, and where in the buffer its body begins.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, usize)> {
        if self.over {
            self.stream = connect(self.address).await?;
        }
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            self.read_more().await?;
            if let Some(end) = end_of_head(&self.buffer) {
                let head = self.buffer.get(..end).unwrap_or_default();
                let read = read_head(head);
                let Head { status, length, chunked, last } =
                    read.ok_or_else(|| io::Error::other("the head of an answer could not be read"))?;
                self.over = last;
                let mut missing = (end + length).saturating_sub(self.buffer.len());
                while missing > 0 {
                    let kept = self.buffer.len();
                    self.read_more().await?;
                    missing = missing.saturating_sub(self.buffer.len() - kept);
                    if kept > KEPT {
                        self.buffer.truncate(kept);
                    }
                }
                while chunked && !self.buffer.ends_with(LAST_CHUNK) {
                    self.read_more().await?;
                }
                return Ok((status, end));
            }
        }
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Where the body begins.
fn end_of_head(buffer: &[u8]) -> Option<usize> {
    buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|position| position + 4)
}

/// What the driver reads of the head of an answer.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Of the body, in bytes.
    length: usize,
    /// Whether the body comes in chunks.
    chunked: bool,
    /// Whether the server closes the connection after this answer.
    last: bool,
}

fn read_head(head: &[u8]) -> Option<Head> {
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut read = Head { status, length: 0, chunked: false, last: false };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            read.length = value.trim().parse().ok()?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            read.chunked = value.trim().eq_ignore_ascii_case("chunked");
        } else if name.eq_ignore_ascii_case("connection") {
            read.last = value.trim().eq_ignore_ascii_case("close");
        }
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::{Head, end_of_head, read_head};

    #[test]
    fn an_answer_is_read_up_to_the_end_of_its_body() {
        let answer = b"HTTP/1.1 200 OK\r\nx: 1\r\nContent-Length: 12\r\n\r\n{\"Key\":\"k\"}\n";
        let end = end_of_head(answer).unwrap();
        assert_eq!(
            read_head(&answer[..end]),
            Some(Head { status: 200, length: 12, chunked: false, last: false })
        );
        assert_eq!(answer.len() - end, 12);
    }

    #[test]
    fn an_answer_without_a_length_has_no_body() {
        let none = Some(Head { status: 204, length: 0, chunked: false, last: false });
        assert_eq!(read_head(b"HTTP/1.1 204 No Content\r\n\r\n"), none);
        assert_eq!(read_head(b"nonsense"), None);
        assert_eq!(end_of_head(b"HTTP/1.1 200 OK\r\n"), None);
    }

    #[test]
    fn a_server_may_say_that_it_closes() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
        assert_eq!(read_head(answer), Some(Head { status: 201, length: 3, chunked: false, last: true }));
    }
}
