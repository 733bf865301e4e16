//! Members of etcd on loopback, and puts of etcd's own.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use http::Request;

use crate::failure::Failure;
use crate::server::{Server, free_address};

/// Members that form a cluster, and where each takes clients.
pub(crate) struct Members {
    pub(crate) members: Vec<Server>,
}

impl Members {
    /// Starts members with the flags of docs/cluster.md, in folders of their own.
    pub(crate) async fn start(etcd: &Path, folder: &Path, count: usize) -> Result<Members, Failure> {
        let mut addresses = Vec::new();
        for number in 0..count {
            addresses.push((format!("m{number}"), free_address()?, free_address()?));
        }
        let peers: Vec<String> =
            addresses.iter().map(|(name, _, peer)| format!("{name}=http://{peer}")).collect();
        let mut starting = Vec::new();
        for (name, client, peer) in &addresses {
            let (clients, peer) = (format!("http://{client}"), format!("http://{peer}"));
            let mut command = Command::new(etcd);
            command.arg("--name").arg(name).arg("--data-dir").arg(folder.join(name));
            command.args(["--log-level", "error", "--initial-cluster", &peers.join(",")]);
            command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
            command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
            command.args(["--max-txn-ops", "1024", "--max-request-bytes", "10485760"]);
            starting.push(Server::listening(command, *client));
        }
        // A member takes clients when it knows its leader, so all must be started before one is waited for.
        let mut members = Vec::new();
        for member in tokio::task::JoinSet::from_iter(starting).join_all().await {
            members.push(member?);
        }
        Ok(Members { members })
    }

    pub(crate) fn pids(&self) -> Vec<u32> {
        self.members.iter().map(Server::pid).collect()
    }
}

/// Put, as a call of gRPC.
pub(crate) fn put(address: SocketAddr, key: &str, value: &str) -> Result<Request<Bytes>, Failure> {
    let field = |tag: u8, text: &str| {
        let length = u8::try_from(text.len()).unwrap_or_default();
        [&[tag, length], text.as_bytes()].concat()
    };
    let message = [field(0x0a, key), field(0x12, value)].concat();
    let length = u32::try_from(message.len()).unwrap_or_default().to_be_bytes();
    let body = Bytes::from([&[0], length.as_slice(), &message].concat());
    let request = Request::post(format!("http://{address}/etcdserverpb.KV/Put"));
    let request = request.header("content-type", "application/grpc").header("te", "trailers").body(body);
    request.map_err(|error| Failure(format!("a request to etcd: {error}")))
}
