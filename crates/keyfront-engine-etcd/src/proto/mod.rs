//! The messages and calls of etcd.
//!
//! They are generated from `proto/*.proto` of this crate, which are etcd's without what is not used here, and checked
//! in, so that a build takes no generator and no `protoc`. `proto/generator` writes them; `cargo xtask test --long`
//! compares.

#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "the generator decides how its code looks, and makes more of a client than is used"
)]

#[rustfmt::skip]
pub(crate) mod etcdserverpb;
#[rustfmt::skip]
pub(crate) mod mvccpb;
