//! UpdateRealtimeLogConfig: replaces everything of a real-time log configuration but its name.

use keyfront_error::{Code, ServiceError};
use keyfront_store::resources::{self, Content};
use keyfront_store::transact;
use serde_json::Value;

use super::document::{self, ABSENT, Output};
use super::subject::NameOrArn;
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

/// The model requires none of these, the service all: it replaces the configuration as a whole.
const REPLACED: [&str; 3] = ["EndPoints", "Fields", "SamplingRate"];

pub(super) struct UpdateRealtimeLogConfig;

impl Operation for UpdateRealtimeLogConfig {
    const NAME: &'static str = "UpdateRealtimeLogConfig";
    type Subject = NameOrArn;
    type Input = Members;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchRealtimeLogConfig]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: NameOrArn,
        input: Members,
    ) -> Result<Output, ServiceError> {
        let (arn, input) = (&named.into_arn()?, &input);
        let updated = transact(&*cx.engine, |tx| async move {
            resources::get(&tx, arn).await?.ok_or(ABSENT)?;
            let mut config = Members::from_iter([("Name".to_owned(), Value::from(arn.id()))]);
            for member in REPLACED {
                let value = input.get(member).ok_or_else(|| ServiceError::required(member))?;
                config.insert(member.to_owned(), value.clone());
            }
            document::checked(&config)?;
            let content = Content { config, ..Content::default() };
            resources::update(&tx, arn, None, &content, cx.now_ms()).await.map_err(document::aborted)
        });
        Ok(Output::new(arn.account, updated.await?))
    }
}
