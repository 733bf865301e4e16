//! The rows of the API: what is asked, of which servers, and how.

use std::pin::Pin;

use super::fixture::{Fixture, PAIRS, key};
use super::software::Peer;
use crate::drive::{Following, Player, Script};
use crate::etcd;
use crate::failure::Failure;
use crate::http2;
use crate::requests::{self, Signed};
use crate::scenarios::in_parallel;

/// One operation, and the servers that are asked for it in turns. The first is what the others are compared with.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// Numbers of connections, where they are not the ones that were asked for.
    pub(super) counts: &'static [usize],
    pub(super) contenders: &'static [Contender],
}

pub(super) type Players<'a> = Pin<Box<dyn Future<Output = Result<Vec<Player>, Failure>> + 'a>>;

pub(super) struct Contender {
    pub(super) name: &'static str,
    pub(super) peer: Peer,
    /// Makes this many connections, with all that they will send.
    pub(super) players: for<'a> fn(&'a Fixture<'a>, usize) -> Players<'a>,
}

/// Requests that a reader sends in turn, each with a signature of its own.
const READS: usize = 32;
/// Writes that all connections have together: more than any window takes.
const WRITES: usize = 24_000;
/// Pairs of one UpdateKeys.
const UPDATED: usize = 10;

macro_rules! contender {
    ($name:literal, $peer:ident, $players:expr) => {
        Contender {
            name: $name,
            peer: Peer::$peer,
            players: |fixture, count| -> Players<'_> { Box::pin($players(fixture, count)) },
        }
    };
}
pub(super) use contender;

/// In the order of the table.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "GetKey",
        counts: &[],
        contenders: &[
            contender!("Keyfront", Keyfront, |f, n| reads(f, Peer::Keyfront, n, Protocol::Http1, get_key)),
            contender!("Keyfront, HTTP/2", Keyfront, |f, n| reads(
                f,
                Peer::Keyfront,
                n,
                Protocol::Http2,
                get_key
            )),
            contender!("MiniStack", MiniStack, |f, n| reads(f, Peer::MiniStack, n, Protocol::Http1, get_key)),
        ],
    },
    Row {
        name: "ListKeyValueStores, 10 stores",
        counts: &[],
        contenders: &[
            contender!("Keyfront", Keyfront, |f, n| reads(
                f,
                Peer::Keyfront,
                n,
                Protocol::Http1,
                list_stores
            )),
            contender!("MiniStack", MiniStack, |f, n| reads(
                f,
                Peer::MiniStack,
                n,
                Protocol::Http1,
                list_stores
            )),
        ],
    },
    Row {
        name: "DescribeKeyValueStore",
        counts: &[],
        contenders: &[
            contender!("Keyfront", Keyfront, |f, n| reads(f, Peer::Keyfront, n, Protocol::Http1, describe)),
            contender!("Keyfront, HTTP/2", Keyfront, |f, n| reads(
                f,
                Peer::Keyfront,
                n,
                Protocol::Http2,
                describe
            )),
            contender!("MiniStack", MiniStack, |f, n| reads(
                f,
                Peer::MiniStack,
                n,
                Protocol::Http1,
                describe
            )),
        ],
    },
    Row {
        name: "ListKeys, 50 pairs",
        counts: &[],
        contenders: &[
            contender!("Keyfront", Keyfront, |f, n| reads(f, Peer::Keyfront, n, Protocol::Http1, list_keys)),
            contender!("Keyfront, HTTP/2", Keyfront, |f, n| reads(
                f,
                Peer::Keyfront,
                n,
                Protocol::Http2,
                list_keys
            )),
            contender!("MiniStack", MiniStack, |f, n| reads(
                f,
                Peer::MiniStack,
                n,
                Protocol::Http1,
                list_keys
            )),
        ],
    },
    Row {
        name: "PutKey",
        counts: &[],
        contenders: &[
            contender!("Keyfront", Keyfront, |f, n| writes(f, Peer::Keyfront, n, Protocol::Http1, put_key)),
            contender!("Keyfront, HTTP/2", Keyfront, |f, n| writes(
                f,
                Peer::Keyfront,
                n,
                Protocol::Http2,
                put_key
            )),
            contender!("MiniStack", MiniStack, |f, n| writes(
                f,
                Peer::MiniStack,
                n,
                Protocol::Http1,
                put_key
            )),
            contender!("etcd, Put", Etcd, etcd_puts),
            contender!("Redis, SET", Redis, redis_sets),
        ],
    },
    Row {
        name: "UpdateKeys, 10 pairs",
        counts: &[],
        contenders: &[
            contender!("Keyfront", Keyfront, |f, n| writes(
                f,
                Peer::Keyfront,
                n,
                Protocol::Http1,
                update_keys
            )),
            contender!("Keyfront, HTTP/2", Keyfront, |f, n| writes(
                f,
                Peer::Keyfront,
                n,
                Protocol::Http2,
                update_keys
            )),
            contender!("MiniStack", MiniStack, |f, n| writes(
                f,
                Peer::MiniStack,
                n,
                Protocol::Http1,
                update_keys
            )),
        ],
    },
    Row {
        name: "CreatePublicKey",
        counts: &[],
        contenders: &[
            contender!("Keyfront", Keyfront, |f, n| public_keys(f, Peer::Keyfront, n)),
            contender!("MiniStack", MiniStack, |f, n| public_keys(f, Peer::MiniStack, n)),
            contender!("moto", Moto, |f, n| public_keys(f, Peer::Moto, n)),
        ],
    },
];

#[derive(Clone, Copy)]
enum Protocol {
    Http1,
    Http2,
}

fn get_key(arn: &str, number: usize) -> Signed {
    requests::get_key(arn, &key(number % PAIRS))
}

fn describe(arn: &str, _number: usize) -> Signed {
    requests::describe_store(arn)
}

fn list_stores(_arn: &str, _number: usize) -> Signed {
    requests::list_stores()
}

fn list_keys(arn: &str, _number: usize) -> Signed {
    requests::list_keys(arn)
}

fn put_key(arn: &str, number: usize, etag: &str) -> Signed {
    requests::put_key_with(arn, &key(number % 100), &format!("{number:0>100}"), etag)
}

fn update_keys(arn: &str, number: usize, etag: &str) -> Signed {
    let pair = |part| (key((number * UPDATED + part) % 100), format!("{number:0>100}"));
    requests::update_keys_with(arn, &(0..UPDATED).map(pair).collect::<Vec<_>>(), etag)
}

/// All connections read the same store.
async fn reads(
    fixture: &Fixture<'_>,
    peer: Peer,
    connections: usize,
    protocol: Protocol,
    request: fn(&str, usize) -> Signed,
) -> Result<Vec<Player>, Failure> {
    let arn = fixture.read_store(peer)?;
    let scripts = in_parallel(connections, |reader| {
        (0..READS).map(|read| request(arn, reader * READS + read)).collect::<Vec<_>>()
    })?;
    players(fixture, peer, scripts, protocol, true).await
}

/// Each connection writes to a store of its own. Keyfront's ETags follow from the version, which a chain of writes is
/// signed for; those of MiniStack come with the answer, and are put into requests whose signature it does not read.
async fn writes(
    fixture: &Fixture<'_>,
    peer: Peer,
    connections: usize,
    protocol: Protocol,
    request: fn(&str, usize, &str) -> Signed,
) -> Result<Vec<Player>, Failure> {
    let mut arns = Vec::new();
    for _ in 0..connections {
        arns.push(fixture.store(peer).await?);
    }
    let arn = |writer: usize| arns.get(writer).map_or("", String::as_str);
    let each = WRITES / connections;
    if peer == Peer::Keyfront {
        let scripts = in_parallel(connections, |writer| {
            let signed =
                |(version, number)| request(arn(writer), number, &keyfront_domain::etag::data_plane(version));
            (1..).zip(0..each.min(8_000)).map(signed).collect::<Vec<_>>()
        })?;
        return players(fixture, peer, scripts, protocol, false).await;
    }
    let placeholder = "placeholder".to_owned();
    let scripts = in_parallel(connections, |writer| {
        let written = |number| requests::written(&request(arn(writer), number, &placeholder));
        (0..each.min(4_000)).map(written).collect::<Vec<_>>()
    })?;
    let mut players = Vec::new();
    for (requests, arn) in scripts.into_iter().zip(&arns) {
        let mut connection = fixture.server(peer)?.connect().await?;
        let etag = Fixture::etag(&mut connection, arn).await?;
        let placeholder = placeholder.clone();
        players.push(Player::Following(Following { connection, requests, placeholder, etag }));
    }
    Ok(players)
}

async fn public_keys(fixture: &Fixture<'_>, peer: Peer, connections: usize) -> Result<Vec<Player>, Failure> {
    let prefix = fixture.name("key");
    let scripts = in_parallel(connections, |creator| {
        let name = |number| requests::create_public_key(&format!("{prefix}-{creator}-{number}"));
        (0..WRITES / 2 / connections).map(name).collect::<Vec<_>>()
    })?;
    players(fixture, peer, scripts, Protocol::Http1, false).await
}

async fn redis_sets(fixture: &Fixture<'_>, connections: usize) -> Result<Vec<Player>, Failure> {
    let mut players = Vec::new();
    for writer in 0..connections {
        let set = |number: usize| {
            let (key, value) = (format!("{writer}/{}", key(number)), format!("{number:0>100}"));
            let (key_length, length) = (key.len(), value.len());
            format!("*3\r\n$3\r\nSET\r\n${key_length}\r\n{key}\r\n${length}\r\n{value}\r\n").into_bytes()
        };
        let script = Script { requests: (0..100).map(set).collect(), endless: true };
        players.push(Player::Redis(fixture.server(Peer::Redis)?.connect().await?, script));
    }
    Ok(players)
}

/// Over gRPC, as etcd's own clients do: a message of protobuf with key and value behind a frame of five bytes.
async fn etcd_puts(fixture: &Fixture<'_>, connections: usize) -> Result<Vec<Player>, Failure> {
    let address = fixture.server(Peer::Etcd)?.address;
    let sender = http2::connect(address).await?;
    let put = |writer: usize, number: usize| {
        etcd::put(address, &format!("{writer}/{}", key(number)), &format!("{number:0>100}"))
    };
    let player = |writer| {
        let requests = (0..100).map(|number| put(writer, number)).collect::<Result<Vec<_>, _>>()?;
        Ok(Player::Http2(http2::Stream::new(sender.clone(), requests, true)))
    };
    (0..connections).map(player).collect()
}

async fn players(
    fixture: &Fixture<'_>,
    peer: Peer,
    scripts: Vec<Vec<Signed>>,
    protocol: Protocol,
    endless: bool,
) -> Result<Vec<Player>, Failure> {
    let server = fixture.server(peer)?;
    match protocol {
        Protocol::Http1 => {
            let mut players = Vec::new();
            for script in scripts {
                let script = Script { requests: script.iter().map(requests::written).collect(), endless };
                players.push(Player::Http1(server.connect().await?, script));
            }
            Ok(players)
        }
        Protocol::Http2 => {
            let sender = http2::connect(server.address).await?;
            let stream = |script| Player::Http2(http2::Stream::new(sender.clone(), script, endless));
            Ok(scripts.into_iter().map(stream).collect())
        }
    }
}
