//! What viewers send: the rows of the edge.

use super::fixture::Fixture;
use super::nginx;
use super::site::{ANSWERED, FRESH, HOST, PASSED, SIGNED, SIGNED_WITH_FUNCTION};
use super::software::{FILES, Peer};
use super::work::{Contender, Players, Row, contender};
use crate::drive::{Player, Script};
use crate::failure::Failure;
use crate::requests;

/// Objects that are asked for once, of all connections together: more than any window takes.
const FRESH_OBJECTS: usize = 24_000;

/// In the order of the table.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "a hit of 4 KiB",
        counts: &[1, 32],
        contenders: &[
            contender!("Keyfront's edge", Keyfront, hits),
            contender!("nginx, proxy_cache", Nginx, nginx_kept),
            contender!("nginx, a file", Nginx, nginx_file),
        ],
    },
    Row {
        name: "a hit, with a remembered signature, a function and a store read",
        counts: &[32],
        contenders: &[
            contender!("Keyfront's edge", Keyfront, |f, n| remembered(f, Peer::Keyfront, n)),
            contender!("nginx, a file", Nginx, nginx_file),
        ],
    },
    Row {
        name: "the same, functions on threads",
        counts: &[32],
        contenders: &[
            contender!("Keyfront's edge", KeyfrontOnThreads, |f, n| remembered(
                f,
                Peer::KeyfrontOnThreads,
                n
            )),
            contender!("nginx, a file", Nginx, nginx_file),
        ],
    },
    Row {
        name: "a hit, with a signature never seen",
        counts: &[32],
        contenders: &[
            contender!("Keyfront's edge", Keyfront, |f, n| unseen(f, Peer::Keyfront, SIGNED, n)),
            contender!("nginx, a file", Nginx, nginx_file),
        ],
    },
    Row {
        name: "a hit, with a signature never seen, a function and a store read",
        counts: &[32],
        contenders: &[
            contender!("Keyfront's edge", Keyfront, |f, n| unseen(
                f,
                Peer::Keyfront,
                SIGNED_WITH_FUNCTION,
                n
            )),
            contender!("nginx, a file", Nginx, nginx_file),
        ],
    },
    Row {
        name: "a request that is passed to the origin",
        counts: &[32],
        contenders: &[
            contender!("Keyfront's edge", Keyfront, passed),
            contender!("nginx, proxying", Nginx, nginx_passed),
        ],
    },
    Row {
        name: "a miss that is kept",
        counts: &[32],
        contenders: &[
            contender!("Keyfront's edge", Keyfront, |f, n| misses(f, Peer::Keyfront, FRESH, n)),
            contender!("nginx, proxy_cache", Nginx, |f, n| misses(f, Peer::Nginx, nginx::KEPT, n)),
        ],
    },
    Row {
        name: "a function that answers with a pair of a store",
        counts: &[1, 32],
        contenders: &[
            contender!("Keyfront's edge", Keyfront, |f, n| answers(f, Peer::Keyfront, ANSWERED, n)),
            contender!("Keyfront's edge, on threads", KeyfrontOnThreads, |f, n| answers(
                f,
                Peer::KeyfrontOnThreads,
                ANSWERED,
                n
            )),
            contender!("miniflare, a worker with KV", Miniflare, |f, n| answers(f, Peer::Miniflare, "/", n)),
            contender!("nginx with njs, the pairs in its code", Nginx, |f, n| answers(
                f,
                Peer::Nginx,
                nginx::ANSWERED,
                n
            )),
        ],
    },
];

/// Hits of a thousand objects.
pub(super) async fn hits(fixture: &Fixture<'_>, connections: usize) -> Result<Vec<Player>, Failure> {
    files(fixture, Peer::Keyfront, nginx::FILES, connections).await
}

pub(super) async fn nginx_file(fixture: &Fixture<'_>, connections: usize) -> Result<Vec<Player>, Failure> {
    files(fixture, Peer::Nginx, nginx::FILES, connections).await
}

async fn nginx_kept(fixture: &Fixture<'_>, connections: usize) -> Result<Vec<Player>, Failure> {
    files(fixture, Peer::Nginx, &format!("{}files/", nginx::KEPT), connections).await
}

/// All connections ask for all files of a folder, each beginning with another. All were asked for ahead.
async fn files(
    fixture: &Fixture<'_>,
    peer: Peer,
    folder: &str,
    connections: usize,
) -> Result<Vec<Player>, Failure> {
    let targets: Vec<_> = (0..FILES).map(|number| format!("{folder}{number}.bin")).collect();
    let mut ahead = fixture.viewer(peer).await?;
    for target in &targets {
        ahead.succeed(&requests::written(&requests::get(HOST, target))).await?;
    }
    let script = |viewer: usize| {
        let mut targets = targets.clone();
        targets.rotate_left(viewer * FILES / connections);
        targets
    };
    viewers(fixture, peer, (0..connections).map(script), true).await
}

async fn passed(fixture: &Fixture<'_>, connections: usize) -> Result<Vec<Player>, Failure> {
    repeated(fixture, Peer::Keyfront, PASSED, connections).await
}

async fn nginx_passed(fixture: &Fixture<'_>, connections: usize) -> Result<Vec<Player>, Failure> {
    repeated(fixture, Peer::Nginx, nginx::PASSED, connections).await
}

async fn answers(
    fixture: &Fixture<'_>,
    peer: Peer,
    path: &str,
    connections: usize,
) -> Result<Vec<Player>, Failure> {
    repeated(fixture, peer, path, connections).await
}

/// Each connection has a signature of its own, which the edge has seen before the window.
async fn remembered(fixture: &Fixture<'_>, peer: Peer, connections: usize) -> Result<Vec<Player>, Failure> {
    let signed = fixture.signatures.targets(SIGNED_WITH_FUNCTION, &fixture.site(peer)?.key_id);
    let scripts = signed.into_iter().rev().take(connections).map(|target| vec![target]);
    viewers(fixture, peer, scripts, true).await
}

/// Every request has a signature of its own.
async fn unseen(
    fixture: &Fixture<'_>,
    peer: Peer,
    path: &str,
    connections: usize,
) -> Result<Vec<Player>, Failure> {
    let signed = fixture.signatures.targets(path, &fixture.site(peer)?.key_id);
    let scripts = signed.chunks(signed.len() / connections).map(<[String]>::to_vec).take(connections);
    viewers(fixture, peer, scripts, false).await
}

/// Every request is for another object.
async fn misses(
    fixture: &Fixture<'_>,
    peer: Peer,
    folder: &str,
    connections: usize,
) -> Result<Vec<Player>, Failure> {
    let prefix = fixture.name("object");
    let each = FRESH_OBJECTS / connections;
    let script =
        |viewer: usize| (0..each).map(|number| format!("{folder}{prefix}-{viewer}-{number}")).collect();
    viewers(fixture, peer, (0..connections).map(script), false).await
}

async fn repeated(
    fixture: &Fixture<'_>,
    peer: Peer,
    target: &str,
    connections: usize,
) -> Result<Vec<Player>, Failure> {
    viewers(fixture, peer, (0..connections).map(|_| vec![target.to_owned()]), true).await
}

/// Connections that each ask for some targets. The first of each is asked for ahead; it is left out if it counts once only.
async fn viewers(
    fixture: &Fixture<'_>,
    peer: Peer,
    scripts: impl Iterator<Item = Vec<String>>,
    endless: bool,
) -> Result<Vec<Player>, Failure> {
    let mut players = Vec::new();
    for targets in scripts {
        let written = |target: &String| requests::written(&requests::get(HOST, target));
        let mut requests: Vec<_> = targets.iter().map(written).collect();
        let mut connection = fixture.viewer(peer).await?;
        if let Some(first) = requests.first() {
            connection.succeed(first).await?;
        }
        if !endless {
            requests = requests.split_off(1.min(requests.len()));
        }
        players.push(Player::Http1(connection, Script { requests, endless }));
    }
    Ok(players)
}
