//! Requests that ask for another protocol, such as WebSocket: a connection of their own, and after a 101 its bytes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::StatusCode;
use http::header::UPGRADE;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;

use super::Origins;
use super::exchange::{OriginAnswer, OriginFailure, OriginRequest};
use super::hop_by_hop;
use super::plan::Plan;
use super::route::{self, Route};
use super::send::{Arrived, Sending, reason};
use crate::message::ResponseHead;

/// What an origin answers to a request for another protocol.
pub enum UpgradeAnswer {
    /// It changes: the head of its 101 with `Upgrade` and without other hop-by-hop headers, and what is spoken from
    /// then on.
    Switched {
        /// The head.
        head: ResponseHead,
        /// The bytes both ways.
        tunnel: OriginTunnel,
    },
    /// It does not.
    Answered(OriginAnswer),
}

/// The bytes between the edge and an origin after the protocol was changed. They take the room of a request until it is
/// dropped.
pub struct OriginTunnel {
    io: TokioIo<Upgraded>,
    _room: OwnedSemaphorePermit,
}

impl Origins {
    /// Sends a request that has an `Upgrade` header, to the first origin of a plan alone: AWS does not say that other
    /// protocols fail over.
    ///
    /// # Errors
    /// No answer came, or a 101 to something else than what was asked for.
    pub async fn send_upgrade(
        &self,
        plan: &Plan,
        mut request: OriginRequest,
    ) -> Result<UpgradeAnswer, OriginFailure> {
        let origin = &plan.first;
        let sent = self.upgrade(origin, &mut request).await;
        self.counted(sent)
    }

    async fn upgrade(
        &self,
        origin: &super::OriginDescription,
        request: &mut OriginRequest,
    ) -> Result<UpgradeAnswer, OriginFailure> {
        let shared = &*self.shared();
        let asked = request.headers.get(UPGRADE).cloned();
        let Route::Server(route) = route::find(&shared.settings, origin, request)? else {
            return self.ask(origin, request).await.map(UpgradeAnswer::Answered);
        };
        let host = &route.peer.host;
        let sending = Sending { shared, origin, route: &route, upgrade: asked.as_ref() };
        let mut arrived = sending.send(request).await?;
        if arrived.response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return arrived.into_answer(origin, host).map(UpgradeAnswer::Answered);
        }
        let failure = |text: &str| OriginFailure::Broken(host.clone(), text.to_owned());
        let granted = arrived.response.headers().get(UPGRADE).cloned();
        let is_asked = match (&asked, &granted) {
            (Some(asked), Some(granted)) => asked.as_bytes().eq_ignore_ascii_case(granted.as_bytes()),
            _ => false,
        };
        let Some(granted) = granted.filter(|_| is_asked) else {
            return Err(failure("it changed to a protocol that was not asked for"));
        };
        let upgrade = hyper::upgrade::on(&mut arrived.response);
        let Arrived { response, connection, room, .. } = arrived;
        let upgraded = upgrade.await.map_err(|error| failure(&error.to_string()))?;
        drop(connection);
        let (parts, _no_body) = response.into_parts();
        let reason = reason(&parts);
        let mut headers = hop_by_hop::without(parts.headers);
        headers.insert(UPGRADE, granted);
        let head = ResponseHead { status: parts.status, reason, headers };
        Ok(UpgradeAnswer::Switched { head, tunnel: OriginTunnel { io: TokioIo::new(upgraded), _room: room } })
    }
}

impl AsyncRead for OriginTunnel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl AsyncWrite for OriginTunnel {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
