//! Client of the admin address: sends one command to a running server.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use crate::data_folder::Control;
use crate::failure::Failure;

/// Largest answer that is read, in bytes: tens of thousands of credentials.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Sends one command and reads its answer, which must come within `limit`; `None` when no server, or another
/// server, is at the address now.
pub(crate) async fn ask<T: DeserializeOwned>(
    control: &Control,
    method: Method,
    path: &str,
    body: &impl Serialize,
    limit: Duration,
) -> Result<Option<T>, Failure> {
    let Ok(stream) = TcpStream::connect(control.address).await else { return Ok(None) };
    let answer = tokio::time::timeout(limit, exchange(stream, control, method, path, body)).await;
    answer.unwrap_or_else(|_elapsed| {
        let seconds = limit.as_secs();
        Err(Failure::new(format!(
            "the server at {} did not answer within {seconds} seconds",
            control.address
        )))
    })
}

async fn exchange<T: DeserializeOwned>(
    stream: TcpStream,
    control: &Control,
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Result<Option<T>, Failure> {
    let failed =
        |error: &dyn std::error::Error| Failure::because("the server's admin address did not answer", error);
    let body = serde_json::to_vec(body).map_err(|error| failed(&error))?;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, control.address.to_string())
        .header(header::AUTHORIZATION, format!("Bearer {}", control.token))
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    let driver = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
    let (parts, body) = response.into_parts();
    let answer = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
    let answer =
        answer.map_err(|error| Failure::new(format!("the server's answer could not be read: {error}")))?;
    drop(sender);
    driver.await.ok();
    let answer = answer.to_bytes();
    match parts.status {
        status if status.is_success() => {
            serde_json::from_slice(&answer).map(Some).map_err(|error| failed(&error))
        }
        // The file is older than the server that now has the address.
        StatusCode::UNAUTHORIZED => Ok(None),
        _ => Err(Failure::new(String::from_utf8_lossy(&answer).trim().to_owned())),
    }
}
