//! Names of headers whose usual spelling is not title case, for HTTP/1.1: `ETag`, not `Etag`.
//!
//! hyper writes a name as a map among the extensions of a message spells it, and makes such maps only of messages that it
//! reads itself. So it reads one with these names once, and its map goes to every response that has one of them.

use std::io;

use http::{Extensions, HeaderMap, HeaderName, Request, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A response with every name that is spelled in a way of its own.
const RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\nETag: x\r\nWWW-Authenticate: x\r\nX-XSS-Protection: x\r\nContent-MD5: x\r\n\
    Content-Length: 0\r\n\r\n";

/// One with `ETag` alone.
const ETAG_ALONE: &[u8] = b"HTTP/1.1 200 OK\r\nETag: x\r\nContent-Length: 0\r\n\r\n";

/// The names in the first but for `ETag`.
const OTHERS: [HeaderName; 3] =
    [header::WWW_AUTHENTICATE, header::X_XSS_PROTECTION, HeaderName::from_static("content-md5")];

/// Most bytes of the request that the response is for.
const REQUEST: usize = 256;

/// How names are spelled.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    /// `ETag` alone, which most objects have: a map is copied for each response.
    etag: Extensions,
    all: Extensions,
}

impl Spelling {
    /// Lets hyper read the names.
    pub(crate) async fn read() -> io::Result<Spelling> {
        Ok(Spelling { etag: read(ETAG_ALONE).await?, all: read(RESPONSE).await? })
    }

    /// Has the names of a response of HTTP/1.1 written so.
    pub(crate) fn apply(&self, headers: &HeaderMap, extensions: &mut Extensions) {
        if OTHERS.iter().any(|name| headers.contains_key(name)) {
            extensions.extend(self.all.clone());
        } else if headers.contains_key(header::ETAG) {
            extensions.extend(self.etag.clone());
        }
    }
}

/// What hyper notes of the names of a response, which it gets over a connection in memory.
async fn read(response: &[u8]) -> io::Result<Extensions> {
    let (near, mut far) = tokio::io::duplex(response.len().max(REQUEST));
    let mut builder = http1::Builder::new();
    builder.preserve_header_case(true);
    let handshake = builder.handshake::<_, String>(TokioIo::new(near));
    let (mut sender, connection) = handshake.await.map_err(io::Error::other)?;
    let request = Request::new(String::new());
    let exchange = async {
        let answering = async {
            // A response that comes before its request is an error to hyper.
            if far.read(&mut [0; REQUEST]).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            far.write_all(response).await
        };
        let (answer, answered) = tokio::join!(sender.send_request(request), answering);
        answered?;
        Ok::<_, io::Error>(answer.map_err(io::Error::other)?.into_parts().0.extensions)
    };
    tokio::select! {
        spelling = exchange => spelling,
        ended = connection => Err(ended.err().map_or_else(|| io::ErrorKind::UnexpectedEof.into(), io::Error::other)),
    }
}
