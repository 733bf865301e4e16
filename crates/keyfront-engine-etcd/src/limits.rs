//! The limits of a batch, from those of etcd, and whether etcd has these.
//!
//! Etcd does not tell how it was started. So the settings say it, and the start asks every member for as much.

use keyfront_engine::{Limits, Unusable};

use crate::cluster::Cluster;
use crate::failure::Kind;
use crate::head::STEP_BYTES;
use crate::keys::KeySpace;
use crate::member::Member;
use crate::proto::etcdserverpb::TxnRequest;
use crate::request;
use crate::settings::Settings;

/// What an operation or a compare takes in a request beside its keys and its value, at most: tags and lengths of
/// its messages.
const FRAME_BYTES: usize = 48;

/// What a transaction takes beside those.
const REQUEST_BYTES: usize = 512;

/// The bytes above `--max-request-bytes` that a member takes from the network: `grpcOverheadBytes` in etcd's
/// `server/etcdserver/api/v3rpc/grpc.go`.
const GRPC_OVERHEAD: usize = 512 << 10;

/// The fewest bytes that a batch may carry.
const LEAST_BYTES: usize = 256 << 10;

/// What a batch may carry so that its transaction is within etcd's limits, whatever its steps are.
///
/// `n` steps come to at most `2n` operations, beside those for slot and head. A key is sent at most three times: put
/// in the middle of a deleted range, it ends one piece of the range and begins the next.
pub(crate) fn of(settings: &Settings, keys: &KeySpace) -> Result<Limits, Unusable> {
    let writes = settings.max_txn_ops.saturating_sub(2) / 2;
    let operations = 2 * writes + 2;
    // Those of slot and head.
    let compares = writes + 2;
    let keys_bytes = 2 * (keys.overhead() + 1);
    let fixed = (operations + compares) * (FRAME_BYTES + keys_bytes) + writes * STEP_BYTES + REQUEST_BYTES;
    let bytes = settings.max_request_bytes.saturating_sub(fixed) / 3;
    if bytes < LEAST_BYTES {
        return Err(Unusable::new(format!(
            "[store.etcd] max_request_bytes is {}, which is too little for {} operations; raise it, and \
             --max-request-bytes of etcd, or lower max_txn_ops",
            settings.max_request_bytes, settings.max_txn_ops
        )));
    }
    Ok(Limits { writes, bytes })
}

/// Refuses members that take less than the settings say. One that does not answer is not asked.
pub(crate) async fn check(cluster: &Cluster, settings: &Settings, keys: &KeySpace) -> Result<(), Unusable> {
    for member in cluster.members() {
        let present = request::is_present(keys.format());
        let many = request::when(vec![present; settings.max_txn_ops], Vec::new());
        let refusal = |flag: &str, value: usize| {
            let url = &member.url;
            Unusable::new(format!(
                "etcd at {url} takes less in one transaction than [store.etcd] says; start it with {flag}={value}, or \
                 set {} to what it has",
                flag.trim_start_matches("--").replace('-', "_")
            ))
        };
        if !takes(cluster, member, many).await? {
            return Err(refusal("--max-txn-ops", settings.max_txn_ops));
        }
        // A transaction that only compares is not proposed to the members, so its size costs nothing but its way. It
        // is held against the limit of the network alone, which follows from the one that is asked for.
        let size = settings.max_request_bytes + GRPC_OVERHEAD - REQUEST_BYTES;
        let large = request::has_value(keys.format(), vec![0; size].into());
        if !takes(cluster, member, request::when(vec![large], Vec::new())).await? {
            return Err(refusal("--max-request-bytes", settings.max_request_bytes));
        }
    }
    Ok(())
}

async fn takes(cluster: &Cluster, member: &Member, txn: TxnRequest) -> Result<bool, Unusable> {
    let outcome = cluster.ask(member, |client| client.transact(txn.clone())).await;
    match outcome {
        Ok(_answer) => Ok(true),
        Err(failure) if failure.kind == Kind::Refused && failure.is_about_size() => Ok(false),
        Err(failure) if failure.kind == Kind::Refused => {
            Err(failure.unusable(&format!("etcd at {} cannot be used", member.url)))
        }
        Err(failure) => {
            tracing::warn!(
                endpoint = member.url,
                problem = failure.message,
                "this member of etcd does not answer"
            );
            Ok(true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_follow_from_those_of_etcd() {
        let keys = KeySpace::new("keyfront/");
        let of = |max_txn_ops, max_request_bytes| {
            super::of(&Settings { max_txn_ops, max_request_bytes, ..Settings::default() }, &keys).ok()
        };
        assert_eq!(of(1024, 10 << 20).map(|limits| limits.writes), Some(511));
        // An update of a store of 3 MB is one commit.
        assert!(of(1024, 10 << 20).is_some_and(|limits| limits.bytes > 3 << 20));
        assert_eq!(of(512, 1 << 20).map(|limits| limits.writes), Some(255));
        assert_eq!(of(100_000, 1 << 20), None);
    }
}
