//! The servers of one round, with what the rows ask for: a store to read, an object behind the edge.

use std::cell::Cell;

use crate::Fresh;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::peers::software::{self, Installed, ORIGIN, Peer};
use crate::requests::{self, Signed};
use crate::server::Server;

/// Pairs in the store that is read.
pub(super) const PAIRS: usize = 1000;

pub(crate) struct Fixture {
    servers: Vec<(Peer, Server)>,
    /// The store that is read, of each server that has one.
    stores: Vec<(Peer, String)>,
    /// The host of the distribution.
    site: String,
    /// What was named until now.
    names: Cell<usize>,
}

impl Fixture {
    /// Starts everything and fills what is read.
    pub(super) async fn new(
        installed: &Installed,
        peers: &[Peer],
        fresh: &Fresh,
    ) -> Result<Fixture, Failure> {
        let mut servers = Vec::new();
        for peer in peers {
            servers.push((*peer, software::serve(installed, *peer, &fresh.folder()?).await?));
        }
        let mut fixture = Fixture { servers, stores: Vec::new(), site: String::new(), names: Cell::new(0) };
        for peer in [Peer::Keyfront, Peer::MiniStack] {
            if fixture.server(peer).is_ok() {
                let arn = fixture.store(peer).await?;
                fixture.fill(peer, &arn).await?;
                fixture.stores.push((peer, arn));
            }
        }
        // It loads what it needs for CloudFront when it is first asked.
        if fixture.server(Peer::Moto).is_ok() {
            fixture.answer(Peer::Moto, &requests::create_public_key("first")).await?;
        }
        let name = fixture.name("site");
        let distribution = requests::create_distribution(&name, ORIGIN);
        let answer = fixture.answer(Peer::Keyfront, &distribution).await?;
        fixture.site = between(&answer, "<DomainName>", "</DomainName>")?;
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

    /// The host of the object behind the edge.
    pub(super) fn site(&self) -> &str {
        &self.site
    }

    /// A name that nothing has yet.
    pub(super) fn name(&self, prefix: &str) -> String {
        let number = self.names.get();
        self.names.set(number + 1);
        format!("{prefix}-{number}")
    }

    /// Creates an empty store; its ARN.
    pub(super) async fn store(&self, peer: Peer) -> Result<String, Failure> {
        let answer = self.answer(peer, &requests::create_store(&self.name("store"))).await?;
        between(&answer, "<ARN>", "</ARN>")
    }

    /// Sends one request; its answer.
    async fn answer(&self, peer: Peer, request: &Signed) -> Result<String, Failure> {
        let mut connection = self.server(peer)?.connect().await?;
        let answer = connection.succeed(&requests::written(request)).await?;
        Ok(String::from_utf8_lossy(answer).into_owned())
    }

    /// The ETag of a store's pairs.
    pub(super) async fn etag(connection: &mut Connection, arn: &str) -> Result<String, Failure> {
        connection.succeed(&requests::written(&requests::describe_store(arn))).await?;
        connection.header("etag").ok_or_else(|| Failure("a store without an ETag".into()))
    }

    async fn fill(&self, peer: Peer, arn: &str) -> Result<(), Failure> {
        let mut connection = self.server(peer)?.connect().await?;
        let pairs: Vec<_> = (0..PAIRS).map(|number| (key(number), "v".repeat(100))).collect();
        for pairs in pairs.chunks(50) {
            let etag = Self::etag(&mut connection, arn).await?;
            let update = requests::update_keys_with(arn, pairs, &etag);
            connection.succeed(&requests::written(&update)).await?;
        }
        Ok(())
    }
}

/// The key of a pair.
pub(super) fn key(number: usize) -> String {
    format!("some/key-{number}")
}

fn between(text: &str, before: &str, after: &str) -> Result<String, Failure> {
    let found = text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    found.map(|(found, _)| found.to_owned()).ok_or_else(|| Failure(format!("no {before} in {text}")))
}
