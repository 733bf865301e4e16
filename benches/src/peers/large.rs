//! An object of a gigabyte, from the cache of the edge and from nginx's file.

use std::time::{Duration, Instant};

use super::fixture::Fixture;
use super::nginx;
use super::site::HOST;
use super::software::Peer;
use crate::failure::Failure;
use crate::process::Used;
use crate::requests;

/// What one download showed.
pub(super) struct Download {
    pub(super) name: &'static str,
    pub(super) took: Duration,
    pub(super) cpu: Duration,
}

/// Downloads once from each, when it has been downloaded before.
pub(super) async fn measure(fixture: &Fixture<'_>) -> Result<Vec<Download>, Failure> {
    let mut downloads = Vec::new();
    let servers =
        [("Keyfront's edge, from its cache", Peer::KeyfrontOnThreads), ("nginx, a file", Peer::Nginx)];
    for (name, peer) in servers {
        let Ok(server) = fixture.server(peer) else { continue };
        let mut connection = fixture.viewer(peer).await?;
        let request = requests::written(&requests::get(HOST, nginx::LARGE));
        connection.succeed(&request).await?;
        let (before, began) = (Used::by(&[server.pid()])?, Instant::now());
        connection.succeed(&request).await?;
        let took = began.elapsed();
        let cpu = Used::by(&[server.pid()])?.since(&before);
        if let Some(result) = connection.header("x-cache").filter(|result| !result.starts_with("Hit")) {
            return Err(Failure(format!("the edge has not kept the large object: {result}")));
        }
        downloads.push(Download { name, took, cpu });
    }
    Ok(downloads)
}
