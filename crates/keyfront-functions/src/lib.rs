//! The sandbox that runs CloudFront Functions: their language, their library, their limits.
//!
//! It knows nothing of HTTP, of the store or of the network. A function gets an event and, where one is associated
//! with it, an unchanging image of a key value store; it gives a request, a response or a failure, each of them a
//! value. What an edge does with it is the edge's part.

pub mod case;
mod clock;
pub mod event;
mod failure;
mod function;
mod invocation;
mod isolate;
mod library;
mod limits;
mod turn;
mod workers;

pub use failure::Failure;
pub use function::Function;
pub use invocation::{Invocation, Outcome, Used};
pub use isolate::Isolate;
pub use limits::{EVENT_STEPS, Limits};
pub use workers::{Overloaded, Workers};
