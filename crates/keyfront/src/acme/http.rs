//! How an authority is asked: one request for each connection, over HTTPS alone, with bounds for time and size.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

/// Time for one request, with its connection.
const LIMIT: Duration = Duration::from_secs(30);

/// Most bytes of an answer. Chains of certificates are the largest, with some kilobytes.
const MAX_BODY: usize = 1024 * 1024;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The way to an authority.
pub(super) struct Http(pub(super) Arc<ClientConfig>);

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let tls = TlsConnector::from(Arc::clone(&self.0));
        Box::pin(async move {
            let host = request.uri().host().unwrap_or_default().to_owned();
            let answered = tokio::time::timeout(LIMIT, send(tls, request)).await;
            let answered = answered.unwrap_or_else(|_elapsed| {
                Err(format!("it did not answer within {} s", LIMIT.as_secs()).into())
            });
            answered.map(BytesResponse::from).map_err(|cause| Error::Other(format!("{host}: {cause}").into()))
        })
    }
}

async fn send(
    tls: TlsConnector,
    mut request: Request<BodyWrapper<Bytes>>,
) -> Result<Response<Full<Bytes>>, Cause> {
    let uri = request.uri().clone();
    let authority = uri.authority().filter(|_| uri.scheme_str() == Some("https"));
    let authority = authority.ok_or("it is not asked without TLS")?;
    let bare = authority.host().trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((bare, authority.port_u16().unwrap_or(443))).await?;
    stream.set_nodelay(true)?;
    let stream = tls.connect(ServerName::try_from(bare.to_owned())?, stream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends the connection with its request, also where that is given up.
    let mut connections = JoinSet::new();
    connections.spawn(connection);
    request.headers_mut().insert(header::HOST, HeaderValue::from_str(authority.as_str())?);
    let target = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    *request.uri_mut() = target.parse::<Uri>()?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await?.to_bytes();
    Ok(Response::from_parts(head, Full::new(body)))
}
