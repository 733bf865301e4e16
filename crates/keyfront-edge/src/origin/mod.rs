//! Origins: what they are asked, what they answer, and how they are reached.

mod exchange;

pub use exchange::{AnswerBody, OriginAnswer, OriginFailure, OriginRequest, RequestBody};
