//! The change stream: how an edge in a process of its own follows a store that it cannot reach.
//!
//! A *feed* reads an engine and writes frames; a *replica* takes frames and writes an engine of its own, which
//! `keyfront-view` follows as it follows any other. Both know bytes and versions and no record but those that say how
//! far they are. There is no HTTP here, no signature and no socket: the binary carries the frames.
//!
//! | module | what it has |
//! |---|---|
//! | [`frame`] | what is sent, how it is written and read |
//! | [`position`] | versions and the timelines that they belong to; who may go on from where |
//! | `scope` | what of a commit travels |
//! | [`feed`] | the sending side: an image, then every commit, and a heartbeat |
//! | [`replica`] | the receiving side, and how old what it has is |
//!
//! # What holds
//!
//! - **A follower never sees half a commit.** A feed sends whole commits with a mark behind each; a replica keeps what
//!   has no mark yet in memory. It may take several commits over at once, never a part of one.
//! - **An image is one step.** It replaces what the replica has of the account with one commit, which writes what differs.
//! - **Only what is allowed travels.** Both sides apply the same list of tables and the account; the replica refuses a
//!   feed that sends something else.
//! - **Nothing waits without a bound.** A feed has a queue of a few chunks; a follower that does not take them falls out
//!   of the engine's window and gets an image.
//! - **A replica does not go back** within a timeline, whichever server it follows next.
//!
//! A replica can be followed by further edges: a relay's feed reads the replica and gives the versions of the store, so
//! that an edge may change between servers and relays.

pub mod feed;
pub mod frame;
pub mod position;
pub mod replica;
mod scope;

pub use feed::{Chunks, FeedFigures, FeedSettings, Feeds, Source, Subscription};
pub use frame::{Broken, Decoder, Frame};
pub use position::Position;
pub use replica::{Follower, ReceiveError, Replica};

/// The kind of content that a stream of frames is.
pub const CONTENT_TYPE: &str = "application/vnd.keyfront.changes";

/// The path of the stream, of a server's API and of a relay.
pub const PATH: &str = "/keyfront/changes";
