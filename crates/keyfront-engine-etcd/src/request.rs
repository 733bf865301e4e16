//! The messages of etcd that are sent here, from their parts, and the parts of those that come back.

use bytes::Bytes;

use crate::proto::etcdserverpb as rpc;
use crate::proto::mvccpb::KeyValue;
use rpc::compare::{CompareResult, CompareTarget, TargetUnion};
use rpc::request_op::Request;
use rpc::response_op::Response;
use rpc::{
    Compare, DeleteRangeRequest, PutRequest, RangeRequest, RangeResponse, RequestOp, TxnRequest, TxnResponse,
};

/// One key.
pub(crate) fn key(key: Bytes) -> RangeRequest {
    RangeRequest { key, ..RangeRequest::default() }
}

/// The keys from one up to and without another one.
pub(crate) fn range((start, end): (Bytes, Bytes)) -> RangeRequest {
    RangeRequest { key: start, range_end: end, ..RangeRequest::default() }
}

/// The same without values.
pub(crate) fn keys_only(range: RangeRequest) -> RangeRequest {
    RangeRequest { keys_only: true, ..range }
}

/// The compares, and what is done when all of them hold.
pub(crate) fn when(compare: Vec<Compare>, success: Vec<RequestOp>) -> TxnRequest {
    TxnRequest { compare, success, failure: Vec::new() }
}

/// The same, and what is done when one does not hold.
pub(crate) fn otherwise(txn: TxnRequest, failure: Vec<RequestOp>) -> TxnRequest {
    TxnRequest { failure, ..txn }
}

/// That a key was last written at this revision; 0 is that of an absent key.
pub(crate) fn is_of(key: Bytes, revision: i64) -> Compare {
    compare(key, CompareResult::Equal, CompareTarget::Mod, TargetUnion::ModRevision(revision))
}

pub(crate) fn is_absent(key: Bytes) -> Compare {
    compare(key, CompareResult::Equal, CompareTarget::Create, TargetUnion::CreateRevision(0))
}

pub(crate) fn is_present(key: Bytes) -> Compare {
    compare(key, CompareResult::NotEqual, CompareTarget::Create, TargetUnion::CreateRevision(0))
}

pub(crate) fn has_value(key: Bytes, value: Bytes) -> Compare {
    compare(key, CompareResult::Equal, CompareTarget::Value, TargetUnion::Value(value))
}

fn compare(key: Bytes, result: CompareResult, target: CompareTarget, value: TargetUnion) -> Compare {
    Compare { result: result.into(), target: target.into(), key, target_union: Some(value) }
}

pub(crate) fn read(range: RangeRequest) -> RequestOp {
    RequestOp { request: Some(Request::RequestRange(range)) }
}

pub(crate) fn put(key: Bytes, value: Bytes) -> RequestOp {
    RequestOp { request: Some(Request::RequestPut(PutRequest { key, value, lease: 0 })) }
}

/// Puts a key without a value that is gone when the lease ends.
pub(crate) fn put_leased(key: Bytes, lease: i64) -> RequestOp {
    RequestOp { request: Some(Request::RequestPut(PutRequest { key, value: Bytes::new(), lease })) }
}

/// Deletes one key.
pub(crate) fn delete(key: Bytes) -> RequestOp {
    delete_range((key, Bytes::new()))
}

/// Deletes the keys from one up to and without another one.
pub(crate) fn delete_range((key, range_end): (Bytes, Bytes)) -> RequestOp {
    RequestOp { request: Some(Request::RequestDeleteRange(DeleteRangeRequest { key, range_end })) }
}

/// The revision at which etcd answered.
pub(crate) fn revision_of(answer: &TxnResponse) -> i64 {
    answer.header.as_ref().map_or(0, |header| header.revision)
}

/// The same for a read.
pub(crate) fn revision_of_read(answer: &RangeResponse) -> i64 {
    answer.header.as_ref().map_or(0, |header| header.revision)
}

/// The answers to the reads of a transaction, in their order.
pub(crate) fn reads_of(answer: TxnResponse) -> impl Iterator<Item = RangeResponse> {
    answer.responses.into_iter().filter_map(|answer| match answer.response {
        Some(Response::ResponseRange(found)) => Some(found),
        Some(Response::ResponsePut(_) | Response::ResponseDeleteRange(_)) | None => None,
    })
}

/// The only entry that a read of one key can find.
pub(crate) fn one(found: RangeResponse) -> Option<KeyValue> {
    found.kvs.into_iter().next()
}

/// The revision at which the only key of a read was last written; 0 where it is absent.
pub(crate) fn written_at(found: &RangeResponse) -> i64 {
    found.kvs.first().map_or(0, |stored| stored.mod_revision)
}
