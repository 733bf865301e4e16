//! What the server is asked to do.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::connection::Connection;
use crate::drive::{Observed, Script, drive};
use crate::failure::Failure;
use crate::requests;
use crate::server::Server;

/// Pairs in the store that is read.
const PAIRS: usize = 1000;
/// Pairs that one UpdateKeys may carry (AWS: Quotas on key value stores).
const PAIRS_PER_UPDATE: usize = 50;
/// Requests that a reader sends in turn, each with a signature of its own.
const READS: usize = 64;
/// Keys that a writer writes in turn.
const KEYS: u64 = 100;
/// Length of a value, in bytes.
const VALUE_BYTES: usize = 100;
/// Connections that list stores.
const LISTERS: usize = 8;

/// Reads pairs of one store of a thousand.
///
/// The server verifies every signature anew, also one that it has seen before.
pub(crate) async fn get_key(
    binary: &Path,
    data: &Path,
    connections: usize,
    window: Duration,
) -> Result<Observed, Failure> {
    let server = Server::keyfront(binary, data)?;
    let arn = create(&mut server.connect().await?, "read").await?;
    fill(&mut server.connect().await?, &arn).await?;
    let script = |reader: usize| {
        let request =
            |read| requests::written(&requests::get_key(&arn, &key((reader * READS + read) % PAIRS)));
        Script { requests: (0..READS).map(request).collect(), endless: true }
    };
    let scripts = in_parallel(connections, script)?;
    drive("GetKey", &server, scripts, window).await
}

/// Writes pairs, each writer to its own store, durable before each answer.
pub(crate) async fn put_key(
    binary: &Path,
    data: &Path,
    writers: usize,
    puts: u64,
    window: Duration,
) -> Result<Observed, Failure> {
    let server = Server::keyfront(binary, data)?;
    let mut connection = server.connect().await?;
    let mut arns = Vec::new();
    for writer in 0..writers {
        arns.push(create(&mut connection, &format!("write-{writer}")).await?);
    }
    let script = |writer: usize| {
        let arn = arns.get(writer).map_or("", String::as_str);
        let request = |version: u64| {
            let value = format!("{version:0>VALUE_BYTES$}");
            requests::written(&requests::put_key(arn, &format!("key-{}", version % KEYS), &value, version))
        };
        Script { requests: (1..=puts).map(request).collect(), endless: false }
    };
    let scripts = in_parallel(writers, script)?;
    drive("PutKey", &server, scripts, window).await
}

/// Lists the stores of an account that has ten: the control plane, REST-XML and SigV4.
pub(crate) async fn list_stores(binary: &Path, data: &Path, window: Duration) -> Result<Observed, Failure> {
    let server = Server::keyfront(binary, data)?;
    let mut connection = server.connect().await?;
    for number in 0..10 {
        create(&mut connection, &format!("list-{number}")).await?;
    }
    let script = |_| Script { requests: vec![requests::written(&requests::list_stores())], endless: true };
    let scripts = in_parallel(LISTERS, script)?;
    drive("ListKeyValueStores", &server, scripts, window).await
}

/// The version of a store that was created and then filled.
pub(crate) const VERSION_AFTER_FILLING: u64 = 21;

/// Creates a store; its ARN.
pub(crate) async fn create(connection: &mut Connection, name: &str) -> Result<String, Failure> {
    let answer = connection.succeed(&requests::written(&requests::create_store(name))).await?;
    let answer = String::from_utf8_lossy(answer);
    let arn = answer.split_once("<ARN>").and_then(|(_, rest)| rest.split_once("</ARN>"));
    arn.map(|(arn, _)| arn.to_owned()).ok_or_else(|| Failure(format!("no ARN in the answer {answer}")))
}

/// Puts a thousand pairs into a new store.
pub(crate) async fn fill(connection: &mut Connection, arn: &str) -> Result<(), Failure> {
    let pairs: Vec<_> = (0..PAIRS).map(|number| (key(number), "v".repeat(VALUE_BYTES))).collect();
    for (version, pairs) in (1..).zip(pairs.chunks(PAIRS_PER_UPDATE)) {
        let update = requests::update_keys(arn, pairs, version);
        connection.succeed(&requests::written(&update)).await?;
    }
    Ok(())
}

pub(crate) fn key(number: usize) -> String {
    format!("some/key-{number}")
}

/// Makes the scripts of `connections` connections on all processors: a signature costs more than its
/// verification.
pub(crate) fn in_parallel<S: Send>(
    connections: usize,
    script: impl Fn(usize) -> S + Sync,
) -> Result<Vec<S>, Failure> {
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let numbers: Vec<usize> = (0..connections).collect();
    let part = connections.div_ceil(processors).max(1);
    thread::scope(|scope| {
        let script = &script;
        let work = |numbers: &[usize]| numbers.iter().map(|number| script(*number)).collect::<Vec<_>>();
        let threads: Vec<_> =
            numbers.chunks(part).map(|numbers| scope.spawn(move || work(numbers))).collect();
        let parts = threads.into_iter().map(thread::ScopedJoinHandle::join);
        let parts = parts.collect::<Result<Vec<_>, _>>();
        let parts = parts.map_err(|_panic| Failure("the requests could not be signed".into()))?;
        Ok(parts.into_iter().flatten().collect())
    })
}
