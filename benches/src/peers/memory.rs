//! Memory with much in it: full stores, and objects in the cache of the edge.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::fixture::key;
use super::site::{self, FRESH, HOST, between, send};
use super::software::{self, Installed, Peer};
use crate::Fresh;
use crate::connection::Connection;
use crate::drive::count;
use crate::failure::Failure;
use crate::requests;
use crate::server::Server;

/// Connections that fill.
const CONNECTIONS: usize = 16;
/// Pairs of one UpdateKeys, and how many of these fill a store of 5 MiB.
const PAIRS: usize = 50;
const UPDATES: usize = 103;
/// Bytes of a value.
const VALUE: usize = 1000;
/// Objects in the cache before those that are counted, and these.
const FIRST_OBJECTS: usize = 2_000;
const OBJECTS: usize = 30_000;
/// How long a server may take to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Memory with full stores.
pub(super) struct Full {
    pub(super) stores: usize,
    /// Bytes of keys and values.
    pub(super) data: f64,
    /// By what was done until then.
    pub(super) lines: Vec<(String, f64)>,
    /// From the start of a process to when it listens, with all of them there.
    pub(super) start: Duration,
}

/// Fills so many stores at Keyfront and at MiniStack, and looks at their memory.
pub(super) async fn full_stores(
    installed: &Installed,
    stores: usize,
    fresh: &Fresh,
) -> Result<Full, Failure> {
    let bytes = |server: &Server| server.resident_bytes().map(of_bytes);
    let mut lines = Vec::new();
    if installed.has(Peer::MiniStack) {
        let server = software::serve(installed, Peer::MiniStack, &fresh.folder()?, None).await?;
        fill(&server, Peer::MiniStack, stores).await?;
        lines.push(("MiniStack, filled".to_owned(), bytes(&server)?));
    }
    let folder = fresh.folder()?;
    let server = software::serve(installed, Peer::Keyfront, &folder, None).await?;
    let arns = fill(&server, Peer::Keyfront, stores).await?;
    lines.push(("Keyfront, filled".to_owned(), bytes(&server)?));
    server.stop(PATIENCE).await?;
    let began = Instant::now();
    let server = software::serve(installed, Peer::Keyfront, &folder, None).await?;
    let start = began.elapsed();
    lines.push(("Keyfront, started again".to_owned(), bytes(&server)?));
    let mut connection = server.connect().await?;
    for (number, arn) in arns.iter().enumerate() {
        site::use_store(&mut connection, &format!("reads-{number}"), arn).await?;
    }
    lines.push(("Keyfront, all of them read by functions".to_owned(), bytes(&server)?));
    let pair = count(key(0).len() + VALUE);
    Ok(Full { stores, data: pair * count(PAIRS * UPDATES * stores), lines, start })
}

/// A number of bytes to calculate with.
fn of_bytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) * 1024.0
}

/// Creates full stores; their ARNs.
async fn fill(server: &Server, peer: Peer, stores: usize) -> Result<Vec<String>, Failure> {
    let mut filling = JoinSet::new();
    for number in 0..CONNECTIONS {
        let mut connection = server.connect().await?;
        let mine = (number..stores).step_by(CONNECTIONS);
        filling.spawn(async move {
            let mut arns = Vec::new();
            for store in mine {
                arns.push(fill_one(&mut connection, peer, &format!("full-{store}")).await?);
            }
            Ok::<_, Failure>(arns)
        });
    }
    let mut arns = Vec::new();
    while let Some(filled) = filling.join_next().await {
        arns.extend(filled.map_err(|_panic| Failure("a connection ended early".into()))??);
    }
    Ok(arns)
}

async fn fill_one(connection: &mut Connection, peer: Peer, name: &str) -> Result<String, Failure> {
    let created = send(connection, &requests::create_store(name)).await?;
    let arn = between(&created, "<ARN>", "</ARN>")?;
    connection.succeed(&requests::written(&requests::describe_store(&arn))).await?;
    let no_etag = || Failure("a store without an ETag".into());
    let mut etag = connection.header("etag").ok_or_else(no_etag)?;
    for update in 0..UPDATES {
        let pair = |number| (key(update * PAIRS + number), "v".repeat(VALUE));
        let pairs: Vec<_> = (0..PAIRS).map(pair).collect();
        let request = requests::update_keys_with(&arn, &pairs, &etag);
        connection.succeed(&requests::written(&request)).await.map_err(|Failure(why)| {
            Failure(format!("{} at update {update} of a store: {why}", peer.name()))
        })?;
        etag = connection.header("etag").ok_or_else(no_etag)?;
    }
    Ok(arn)
}

/// Memory of one object of 4 KiB in the cache beyond its bytes.
pub(super) async fn cached_object(
    installed: &Installed,
    public_key: &str,
    fresh: &Fresh,
) -> Result<f64, Failure> {
    let origin = software::serve(installed, Peer::Origin, &fresh.folder()?, None).await?;
    let server = software::serve(installed, Peer::Keyfront, &fresh.folder()?, Some(origin.address)).await?;
    let mut api = server.connect().await?;
    let store = between(&send(&mut api, &requests::create_store("read")).await?, "<ARN>", "</ARN>")?;
    site::create(&mut api, &store, public_key).await?;
    let mut viewer = Connection::open(server.edge.unwrap_or(server.address)).await?;
    let length = viewer.succeed(&requests::written(&requests::get(HOST, "/object.bin"))).await?.len();
    let mut before = 0;
    for number in 0..FIRST_OBJECTS + OBJECTS {
        if number == FIRST_OBJECTS {
            before = server.resident_bytes()?;
        }
        let path = format!("{FRESH}object-{number}");
        viewer.succeed(&requests::written(&requests::get(HOST, &path))).await?;
    }
    let grown = server.resident_bytes()?.saturating_sub(before);
    Ok(of_bytes(grown) / count(OBJECTS) - count(length))
}
