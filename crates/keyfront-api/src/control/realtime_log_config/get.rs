//! GetRealtimeLogConfig: shows a real-time log configuration.

use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;

use super::document::{ABSENT, Output};
use super::subject::NameOrArn;
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

pub(super) struct GetRealtimeLogConfig;

impl Operation for GetRealtimeLogConfig {
    const NAME: &'static str = "GetRealtimeLogConfig";
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
        _input: Members,
    ) -> Result<Output, ServiceError> {
        let arn = named.into_arn()?;
        let record = resources::find(&*cx.engine, &arn).await?.ok_or(ABSENT)?;
        Ok(Output::new(arn.account, record))
    }
}
