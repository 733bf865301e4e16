//! The servers of one round, with what the rows ask for: a store to read, a site behind the edge.

use std::cell::Cell;
use std::time::Duration;

use super::signatures::Signatures;
use super::site::{self, Site, between, send};
use super::software::{self, Installed, Peer};
use crate::Fresh;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::requests;
use crate::server::Server;

/// Pairs in the store that is read.
pub(super) const PAIRS: usize = 1000;
/// How often a server is asked until it answers, and the pauses between.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(50);
/// Stores of an account whose stores are listed.
const LISTED: usize = 10;

pub(crate) struct Fixture<'a> {
    /// In the order in which they stop: the origin is the last.
    servers: Vec<(Peer, Server)>,
    /// The store that is read, of each server that has one.
    stores: Vec<(Peer, String)>,
    /// What viewers ask for, of each Keyfront.
    sites: Vec<(Peer, Site)>,
    pub(super) signatures: &'a Signatures,
    /// What was named until now.
    names: Cell<usize>,
}

impl<'a> Fixture<'a> {
    /// Starts everything and fills what is read.
    pub(super) async fn new(
        installed: &Installed,
        signatures: &'a Signatures,
        fresh: &Fresh,
    ) -> Result<Fixture<'a>, Failure> {
        let mut servers: Vec<(Peer, Server)> = Vec::new();
        for peer in Peer::ALL.into_iter().filter(|peer| installed.has(*peer)) {
            let origin = servers.iter().find(|(peer, _)| *peer == Peer::Origin);
            let origin = origin.map(|(_, server)| server.address);
            servers.push((peer, software::serve(installed, peer, &fresh.folder()?, origin).await?));
        }
        servers.reverse();
        let mut fixture =
            Fixture { servers, stores: Vec::new(), sites: Vec::new(), signatures, names: Cell::new(0) };
        for peer in [Peer::Keyfront, Peer::KeyfrontOnThreads, Peer::MiniStack] {
            if fixture.server(peer).is_ok() {
                fixture.fill(peer).await?;
            }
        }
        for peer in [Peer::Keyfront, Peer::KeyfrontOnThreads] {
            let mut connection = fixture.server(peer)?.connect().await?;
            let store = fixture.read_store(peer)?;
            let site = site::create(&mut connection, store, &signatures.pem).await?;
            fixture.sites.push((peer, site));
        }
        // It loads what it needs for CloudFront when it is first asked.
        if let Ok(server) = fixture.server(Peer::Moto) {
            send(&mut server.connect().await?, &requests::create_public_key("first")).await?;
        }
        // It has its pairs a moment after it listens.
        if fixture.server(Peer::Miniflare).is_ok() {
            let request = requests::written(&requests::get("localhost", "/"));
            for _ in 0..TRIES {
                if fixture.viewer(Peer::Miniflare).await?.succeed(&request).await.is_ok() {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(fixture)
    }

    pub(super) fn server(&self, peer: Peer) -> Result<&Server, Failure> {
        let found = self.servers.iter().find(|(name, _)| *name == peer);
        found.map(|(_, server)| server).ok_or_else(|| Failure(format!("{} does not run", peer.name())))
    }

    /// The ARN of the store that is read.
    pub(super) fn read_store(&self, peer: Peer) -> Result<&str, Failure> {
        let found = self.stores.iter().find(|(name, _)| *name == peer);
        found.map(|(_, arn)| arn.as_str()).ok_or_else(|| Failure(format!("{} has no store", peer.name())))
    }

    /// What viewers ask a Keyfront for.
    pub(super) fn site(&self, peer: Peer) -> Result<&Site, Failure> {
        let found = self.sites.iter().find(|(name, _)| *name == peer);
        found.map(|(_, site)| site).ok_or_else(|| Failure(format!("{} serves no viewers", peer.name())))
    }

    /// A connection as viewers have it: to the edge of a Keyfront, to all others as any.
    pub(super) async fn viewer(&self, peer: Peer) -> Result<Connection, Failure> {
        let server = self.server(peer)?;
        Connection::open(server.edge.unwrap_or(server.address)).await
    }

    /// A name that nothing has yet.
    pub(super) fn name(&self, prefix: &str) -> String {
        let number = self.names.get();
        self.names.set(number + 1);
        format!("{prefix}-{number}")
    }

    /// Creates an empty store; its ARN.
    pub(super) async fn store(&self, peer: Peer) -> Result<String, Failure> {
        let mut connection = self.server(peer)?.connect().await?;
        let answer = send(&mut connection, &requests::create_store(&self.name("store"))).await?;
        between(&answer, "<ARN>", "</ARN>")
    }

    /// The ETag of a store's pairs.
    pub(super) async fn etag(connection: &mut Connection, arn: &str) -> Result<String, Failure> {
        connection.succeed(&requests::written(&requests::describe_store(arn))).await?;
        connection.header("etag").ok_or_else(|| Failure("a store without an ETag".into()))
    }

    /// Creates the stores, and fills the first of them.
    async fn fill(&mut self, peer: Peer) -> Result<(), Failure> {
        let arn = self.store(peer).await?;
        for _ in 1..LISTED {
            self.store(peer).await?;
        }
        let mut connection = self.server(peer)?.connect().await?;
        let pairs: Vec<_> = (0..PAIRS).map(|number| (key(number), "v".repeat(100))).collect();
        for pairs in pairs.chunks(50) {
            let etag = Self::etag(&mut connection, &arn).await?;
            let update = requests::update_keys_with(&arn, pairs, &etag);
            connection.succeed(&requests::written(&update)).await?;
        }
        self.stores.push((peer, arn));
        Ok(())
    }
}

/// The key of a pair.
pub(super) fn key(number: usize) -> String {
    format!("some/key-{number}")
}
