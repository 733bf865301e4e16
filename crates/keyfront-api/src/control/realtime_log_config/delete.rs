//! DeleteRealtimeLogConfig: deletes a real-time log configuration that no distribution uses.

use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};

use super::document;
use super::subject::NameOrArn;
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

pub(super) struct DeleteRealtimeLogConfig;

impl Operation for DeleteRealtimeLogConfig {
    const NAME: &'static str = "DeleteRealtimeLogConfig";
    type Subject = NameOrArn;
    type Input = Members;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchRealtimeLogConfig, Code::RealtimeLogConfigInUse]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: NameOrArn,
        _input: Members,
    ) -> Result<(), ServiceError> {
        let arn = &named.into_arn()?;
        let deleted =
            transact(&*cx.engine, |tx| async move { resources::delete(&tx, arn, None, cx.now_ms()).await });
        deleted.await.map(drop).map_err(document::aborted)
    }
}
