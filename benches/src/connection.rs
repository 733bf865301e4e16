//! One keep-alive connection that sends prepared bytes and reads one answer for each.
//!
//! It reads HTTP/1.1 answers that have a `Content-Length`, which are all that Keyfront sends.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::Failure;

pub(crate) struct Connection {
    stream: TcpStream,
    /// What was read of the current answer.
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Connection, Failure> {
        let stream = TcpStream::connect(address).await;
        let stream = stream.and_then(|stream| stream.set_nodelay(true).map(|()| stream));
        let stream = stream.map_err(|error| Failure::of_connection(&error))?;
        Ok(Connection { stream, buffer: Vec::with_capacity(4096) })
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
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            self.read_more().await?;
            if let Some(end) = end_of_head(&self.buffer) {
                let head = self.buffer.get(..end).unwrap_or_default();
                let read = read_head(head);
                let (status, length) =
                    read.ok_or_else(|| io::Error::other("the head of an answer could not be read"))?;
                while self.buffer.len() < end + length {
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

/// Where the body begins.
fn end_of_head(buffer: &[u8]) -> Option<usize> {
    buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|position| position + 4)
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> Option<(u16, usize)> {
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value.trim())
    });
    Some((status, length.map_or(Some(0), |length| length.parse().ok())?))
}

#[cfg(test)]
mod tests {
    use super::{end_of_head, read_head};

    #[test]
    fn an_answer_is_read_up_to_the_end_of_its_body() {
        let answer = b"HTTP/1.1 200 OK\r\nx: 1\r\nContent-Length: 12\r\n\r\n{\"Key\":\"k\"}\n";
        let end = end_of_head(answer).unwrap();
        assert_eq!(read_head(&answer[..end]), Some((200, 12)));
        assert_eq!(answer.len() - end, 12);
    }

    #[test]
    fn an_answer_without_a_length_has_no_body() {
        assert_eq!(read_head(b"HTTP/1.1 204 No Content\r\n\r\n"), Some((204, 0)));
        assert_eq!(read_head(b"nonsense"), None);
        assert_eq!(end_of_head(b"HTTP/1.1 200 OK\r\n"), None);
    }
}
