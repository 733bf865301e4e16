//! The relay of an edge: sends further edges what its replica shows.
//!
//! | request                 | answer                                                              |
//! |-------------------------|---------------------------------------------------------------------|
//! | `GET /keyfront/changes` | the change stream of the account whose credential signed the request |
//!
//! A relay has no credentials of a server, because those do not travel. It knows the ones that its configuration names for
//! its followers, and verifies signatures with them, so no secret is sent.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use keyfront_api::Clock;
use keyfront_domain::AccountId;
use keyfront_follow::replica::Resumable;
use keyfront_follow::{Feeds, PATH, Position, Source, Subscription};
use keyfront_http::{Abort, Peer, RequestBody, Service};
use keyfront_store::{Engine, Version};
use keyfront_wire::query;
use keyfront_wire::signature::{Claim, Expectation, Secret, SignatureError, Verifier};

use super::admin::json;
use super::changes::{self, ResponseBody};
use crate::clock::SystemClock;
use crate::config::FollowCredential;

/// The service that requests are signed for, as on a server.
const SERVICE: &str = "cloudfront-keyvaluestore";

/// What a relay answers from.
pub(crate) struct Relay {
    engine: Arc<dyn Engine>,
    feeds: Arc<Feeds>,
    /// Where the followers of each account can go on.
    accounts: HashMap<AccountId, Arc<Resumable>>,
    /// By access key id.
    followers: HashMap<String, (AccountId, Secret)>,
    verifier: Verifier,
}

/// The relay as a service.
#[derive(Clone)]
pub(crate) struct RelayService(pub(crate) Arc<Relay>);

/// Why a follower gets nothing.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("a relay has the path {PATH} and no other; the server's operations are at the server")]
    UnknownPath,
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error(
        "The security token included in the request is invalid. This relay does not have the access key: name it in a \
         [[relay.followers]] of its configuration"
    )]
    UnknownKey,
}

impl Relay {
    /// A relay of a replica, for followers with these credentials.
    pub(crate) fn new(
        engine: Arc<dyn Engine>,
        feeds: Arc<Feeds>,
        accounts: HashMap<AccountId, Arc<Resumable>>,
        followers: &[FollowCredential],
    ) -> Relay {
        let follower = |credential: &FollowCredential| {
            (credential.access_key_id.clone(), (credential.account, credential.secret()))
        };
        let followers = followers.iter().map(follower).collect();
        Relay { engine, feeds, accounts, followers, verifier: Verifier::default() }
    }

    /// What a request may follow.
    fn subscription(&self, parts: &Parts) -> Result<Subscription, Refusal> {
        if parts.method != Method::GET || parts.uri.path() != PATH {
            return Err(Refusal::UnknownPath);
        }
        let claim = Claim::parse(parts)?;
        let (now, expected) = (SystemClock.now(), Expectation::new(SERVICE));
        let checked = claim.check(now, &expected)?;
        let (account, secret) = self.followers.get(claim.access_key_id()).ok_or(Refusal::UnknownKey)?;
        self.verifier.prove(&checked, &[], secret)?;
        let resumable = Arc::clone(self.accounts.get(account).ok_or(Refusal::UnknownKey)?);
        let source = Source::Replica { engine: Arc::clone(&self.engine), resumable };
        let from = position(parts.uri.query().unwrap_or_default());
        Ok(Subscription { feeds: Arc::clone(&self.feeds), source, account: *account, from })
    }
}

/// A position that cannot be one is that of a follower that has nothing.
fn position(query: &str) -> Option<Position> {
    let parameter = |name: &str| query::parameter(query, name);
    let version = Version(parameter("after")?.parse().ok()?);
    Some(Position { timeline: parameter("timeline")?.parse().ok()?, version })
}

impl Service for RelayService {
    type Body = ResponseBody;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<ResponseBody>, Abort> {
        let (parts, _body) = request.into_parts();
        let from = peer.address.ip();
        match self.0.subscription(&parts) {
            Ok(subscription) => {
                let (account, after) = (subscription.account, subscription.from);
                tracing::info!(%account, after = after.map(|after| after.version.0), %from, "a follower came");
                Ok(changes::answer(subscription))
            }
            Err(refusal) => {
                tracing::warn!(%refusal, %from, "a follower was refused");
                Ok(refused(&refusal).map(|body| Either::Left(Full::new(body))))
            }
        }
    }
}

fn refused(refusal: &Refusal) -> Response<Bytes> {
    let status = match refusal {
        Refusal::UnknownPath => StatusCode::NOT_FOUND,
        Refusal::Signature(_) | Refusal::UnknownKey => StatusCode::FORBIDDEN,
    };
    json(status, &serde_json::json!({ "Message": refusal.to_string() }))
}
