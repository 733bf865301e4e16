//! The network side of an edge in a process of its own: connects to a server or a relay, and hands what comes to the
//! replica. What is sent and what a replica makes of it is `keyfront-follow`'s.
//!
//! One task follows one account. It tries the servers in their order, stays with the first one that can be followed,
//! and begins again at the first when that ends; after the last it pauses, longer with each round.

mod connection;
mod signature;
mod status;
mod task;

pub(crate) use connection::Servers;
pub(crate) use status::{Followed, FollowedNow};
pub(crate) use task::FollowTask;
