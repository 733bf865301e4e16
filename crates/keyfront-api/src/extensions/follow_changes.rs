//! FollowChanges: what an edge shows of an account, and every change of it from then on.

use std::sync::Arc;

use keyfront_error::{Code, ServiceError};
use keyfront_follow::{Position, Source, Subscription};
use keyfront_store::Version;
use serde::Deserialize;
use uuid::Uuid;

use crate::context::{Caller, Context};
use crate::operation::{Answer, Members, Operation, Output, WholeAccount};

pub(super) struct FollowChanges;

/// Where the follower is. Without both it gets an image first.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    after: Option<i64>,
    timeline: Option<String>,
}

/// The stream, which is the body of the answer.
pub(super) struct Stream(Subscription);

impl Output for Stream {
    fn answer(self) -> Result<Answer, ServiceError> {
        Ok(Answer { members: Members::new(), parts: Vec::new(), body: None, stream: Some(self.0) })
    }
}

impl Input {
    /// A position that cannot be one is that of a follower that has nothing.
    fn position(&self) -> Option<Position> {
        let version = Version(u64::try_from(self.after?).ok()?);
        Some(Position { timeline: self.timeline.as_ref()?.parse().ok()?, version })
    }
}

impl Operation for FollowChanges {
    const NAME: &'static str = "FollowChanges";
    type Subject = WholeAccount;
    type Input = Input;
    type Output = Stream;

    fn errors() -> Vec<Code> {
        Vec::new()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _subject: WholeAccount,
        input: Input,
    ) -> Result<Stream, ServiceError> {
        let first_timeline: Uuid = cx.ids.uuid();
        let source = Source::Store { engine: Arc::clone(&cx.engine), first_timeline };
        let (feeds, account) = (Arc::clone(&cx.feeds), caller.account());
        Ok(Stream(Subscription { feeds, source, account, from: input.position() }))
    }
}
