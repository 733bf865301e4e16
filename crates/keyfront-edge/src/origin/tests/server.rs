//! A server that follows a script, one for each connection, and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// What a server does on a connection, one step after the other. After the last it closes the connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::origin) enum Step {
    /// Reads a request, then sends this.
    Answer(&'static str),
    /// Reads a request.
    Read,
    /// Sends this.
    Send(&'static str),
    /// Sends this over and over, until the client goes.
    Endless(&'static str),
    /// Does nothing, and keeps the connection.
    Hang,
}

/// The server.
pub(in crate::origin) struct Server {
    pub(in crate::origin) address: SocketAddr,
    requests: Arc<Mutex<Vec<(usize, String)>>>,
}

impl Server {
    /// Connections beyond the scripts get the last one.
    pub(in crate::origin) async fn start(scripts: Vec<Vec<Step>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<_>>>::default();
        let server = Server { address, requests: Arc::clone(&requests) };
        tokio::spawn(async move {
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let script = scripts.get(number).or(scripts.last()).cloned().unwrap_or_default();
                tokio::spawn(follow(script, stream, number, Arc::clone(&requests)));
                number += 1;
            }
        });
        server
    }

    /// A server that answers every request alike.
    pub(in crate::origin) async fn answering(answer: &'static str) -> Server {
        Server::start(vec![vec![Step::Answer(answer); 100]]).await
    }

    pub(in crate::origin) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests: the number of the connection, and the text.
    pub(in crate::origin) fn requests(&self) -> Vec<(usize, String)> {
        self.requests.lock().unwrap().clone()
    }

    /// The connections that requests came on, in their order.
    pub(in crate::origin) fn connections(&self) -> Vec<usize> {
        self.requests().into_iter().map(|(number, _)| number).collect()
    }

    /// The text of the only request.
    pub(in crate::origin) fn request(&self) -> String {
        let [(_, text)] = self.requests().try_into().unwrap();
        text
    }
}

pub(in crate::origin) async fn follow<S: AsyncRead + AsyncWrite + Unpin>(
    script: Vec<Step>,
    mut stream: S,
    number: usize,
    requests: Arc<Mutex<Vec<(usize, String)>>>,
) {
    for step in script {
        if matches!(step, Step::Answer(_) | Step::Read) {
            let Some(request) = read_request(&mut stream).await else { return };
            requests.lock().unwrap().push((number, request));
        }
        match step {
            Step::Read => {}
            Step::Answer(text) | Step::Send(text) => {
                if stream.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Step::Endless(text) => while stream.write_all(text.as_bytes()).await.is_ok() {},
            Step::Hang => std::future::pending().await,
        }
    }
}

/// A request with a body of a length or in chunks; nothing at the end of the connection.
async fn read_request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            let is_whole = match length.map(|length| length.parse::<usize>().unwrap()) {
                Some(length) => body.len() >= length,
                None if head.contains("Transfer-Encoding: chunked") => body.ends_with("0\r\n\r\n"),
                None => true,
            };
            if is_whole {
                return Some(text);
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}
